"""Checks that a file is SARIF 2.1.0 as far as we use it: required properties, types, enumerations, and the cross references that a
schema cannot express (ruleIndex, uriBaseId, executionOrder). Written from the text of the standard; section numbers are its own."""
import json
import re
import sys
from urllib.parse import urlsplit

LEVELS = {"none", "note", "warning", "error"}
IMPORTANCE = {"important", "essential", "unimportant"}


class Wrong(Exception):
    pass


def need(condition, text):
    if not condition:
        raise Wrong(text)


def get(thing, key, kind, where):
    need(key in thing, f"{where} lacks {key}")
    need(type(thing[key]) is kind, f"{where}.{key} is {type(thing[key]).__name__}, not {kind.__name__}")
    return thing[key]


def only(thing, allowed, where):
    need(isinstance(thing, dict), f"{where} is no object")
    extra = set(thing) - set(allowed)
    need(not extra, f"{where} has properties the standard does not know: {sorted(extra)}")


def message(thing, where):  # 3.11
    only(thing, {"text", "markdown", "id", "arguments", "properties"}, where)
    need(get(thing, "text", str, where), f"{where} is empty")


def absolute_uri(text, where):
    need(urlsplit(text).scheme, f"{where}: {text} is no absolute URI")


def reference(text, where):  # RFC 3986: a URI reference in normal form
    need(re.fullmatch(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*", text), f"{where}: {text!r} has characters to be escaped")
    need(not re.search(r"%(?![0-9A-Fa-f]{2})", text), f"{where}: bad escape in {text!r}")


def location(thing, bases, where):  # 3.28
    only(thing, {"id", "physicalLocation", "logicalLocations", "message", "annotations", "relationships", "properties"}, where)
    if "physicalLocation" in thing:  # 3.29
        physical = thing["physicalLocation"]
        only(physical, {"artifactLocation", "region", "contextRegion", "address", "properties"}, where)
        artifact = get(physical, "artifactLocation", dict, where)
        only(artifact, {"uri", "uriBaseId", "index", "description", "properties"}, where)
        uri = get(artifact, "uri", str, where)
        reference(uri, where)
        if "uriBaseId" in artifact:  # 3.4.4
            need(artifact["uriBaseId"] in bases, f"{where}: unknown uriBaseId {artifact['uriBaseId']}")
            need(not urlsplit(uri).scheme and not uri.startswith("/"), f"{where}: {uri} is absolute, yet has a uriBaseId")
        else:
            absolute_uri(uri, where)
        if "region" in physical:  # 3.30
            region = physical["region"]
            only(region, {"startLine", "startColumn", "endLine", "endColumn", "snippet", "message", "properties"}, where)
            need(get(region, "startLine", int, where) >= 1, f"{where}: startLine below 1")
            if "startColumn" in region:
                need(get(region, "startColumn", int, where) >= 1, f"{where}: startColumn below 1")
    for logical in thing.get("logicalLocations", []):  # 3.33
        only(logical, {"name", "fullyQualifiedName", "kind", "index", "decoratedName", "parentIndex"}, where)
        need(get(logical, "fullyQualifiedName", str, where), f"{where}: empty logical location")
    if "message" in thing:
        message(thing["message"], f"{where}.message")


def driver(thing):  # 3.19
    only(thing, {"name", "version", "semanticVersion", "informationUri", "rules", "notifications", "properties"}, "driver")
    need(get(thing, "name", str, "driver"), "driver.name is empty")
    if "semanticVersion" in thing:
        need(re.fullmatch(r"\d+\.\d+\.\d+([-+].*)?", thing["semanticVersion"]), "semanticVersion is no semantic version")
    seen = set()
    for rule in get(thing, "rules", list, "driver"):  # 3.49
        identifier = get(rule, "id", str, "rule")
        where = f"rule {identifier}"
        only(rule, {"id", "name", "shortDescription", "fullDescription", "helpUri", "help", "defaultConfiguration", "properties"}, where)
        need(identifier not in seen, f"{where} is there twice")
        seen.add(identifier)
        for key in ("shortDescription", "fullDescription", "help"):
            message(get(rule, key, dict, where), f"{where}.{key}")
        need(rule["fullDescription"]["text"].endswith("."), f"{where}: a full description is a sentence")
        if "helpUri" in rule:
            absolute_uri(rule["helpUri"], where)
        configuration = get(rule, "defaultConfiguration", dict, where)  # 3.50
        only(configuration, {"enabled", "level", "rank", "parameters", "properties"}, where)
        need(configuration["level"] in LEVELS, f"{where}: bad level")
        get(configuration, "enabled", bool, where)
    return [rule["id"] for rule in thing["rules"]]


def thread_flow(flow, bases, where):  # 3.37, 3.38
    only(flow, {"id", "message", "locations", "properties"}, where)
    steps = get(flow, "locations", list, where)
    need(steps, f"{where} has no location")
    for number, step in enumerate(steps, 1):
        here = f"{where}, step {number}"
        only(step, {"location", "kinds", "nestingLevel", "executionOrder", "importance", "module", "state", "properties"}, here)
        location(get(step, "location", dict, here), bases, here)
        need("message" in step["location"], f"{here} says nothing")
        kinds = get(step, "kinds", list, here)
        need(kinds and len(set(kinds)) == len(kinds), f"{here}: kinds must be unique")
        need(get(step, "executionOrder", int, here) == number, f"{here}: out of order")
        need(get(step, "nestingLevel", int, here) >= 0, f"{here}: negative nestingLevel")
        need(step["importance"] in IMPORTANCE, f"{here}: bad importance")


def result(thing, rules, bases, number):  # 3.27
    identifier = get(thing, "ruleId", str, f"result {number}")
    where = f"result {number} ({identifier})"
    only(thing, {"ruleId", "ruleIndex", "level", "message", "locations", "codeFlows", "partialFingerprints", "fingerprints", "rank",
                 "properties", "kind", "relatedLocations", "suppressions", "baselineState"}, where)
    if "ruleIndex" in thing:
        index = get(thing, "ruleIndex", int, where)
        need(0 <= index < len(rules) and rules[index] == identifier, f"{where}: ruleIndex {index} is not the row of {identifier}")
    else:
        need(identifier not in rules, f"{where}: no ruleIndex, though the rule has a row")
    need(thing["level"] in LEVELS, f"{where}: bad level")
    message(get(thing, "message", dict, where), where)
    for place in get(thing, "locations", list, where):
        location(place, bases, where)
    for flow in thing.get("codeFlows", []):  # 3.36
        only(flow, {"message", "threadFlows", "properties"}, where)
        need(get(flow, "threadFlows", list, where), f"{where}: empty code flow")
        for thread in flow["threadFlows"]:
            thread_flow(thread, bases, where)
    for suppression in get(thing, "suppressions", list, where):  # 3.27.23: all results of a run have it, or none; 3.35
        only(suppression, {"guid", "kind", "status", "location", "justification", "properties"}, f"{where}: suppression")
        need(get(suppression, "kind", str, f"{where}: suppression") in {"inSource", "external"}, f"{where}: bad kind of suppression")
        need(suppression.get("justification", "why"), f"{where}: empty justification")
        if "location" in suppression:
            location(suppression["location"], bases, f"{where}: suppression")
    prints = get(thing, "partialFingerprints", dict, where)
    need(re.fullmatch("[0-9a-f]{16}", prints.get("fencelint/v1", "")), f"{where}: bad fingerprint")
    need(0 <= thing["rank"] <= 100, f"{where}: rank outside 0..100")
    need(thing["properties"]["confidence"] in {"low", "medium", "high"}, f"{where}: bad confidence")


def document(thing):  # 3.13
    only(thing, {"$schema", "version", "runs", "properties"}, "document")
    need(thing.get("version") == "2.1.0", "version is not 2.1.0")
    absolute_uri(get(thing, "$schema", str, "document"), "$schema")
    for run in get(thing, "runs", list, "document"):  # 3.14
        only(run, {"tool", "invocations", "results", "originalUriBaseIds", "columnKind", "artifacts", "properties"}, "run")
        only(get(run, "tool", dict, "run"), {"driver", "extensions", "properties"}, "tool")
        rules = driver(get(run["tool"], "driver", dict, "tool"))
        bases = run.get("originalUriBaseIds", {})
        for name, base in bases.items():  # 3.14.14
            absolute_uri(base["uri"], name)
            need(base["uri"].endswith("/"), f"{name} does not end with a slash")
        need(run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}, "bad columnKind")
        for invocation in get(run, "invocations", list, "run"):  # 3.20
            notes = get(invocation, "toolExecutionNotifications", list, "invocation")
            good = get(invocation, "executionSuccessful", bool, "invocation")
            need(good == (not any(note.get("level") == "error" for note in notes)), "executionSuccessful contradicts the notifications")
            for note in notes:  # 3.58
                only(note, {"level", "message", "locations", "descriptor", "properties"}, "notification")
                message(get(note, "message", dict, "notification"), "notification")
                need(note["level"] in LEVELS, "notification: bad level")
                for place in note.get("locations", []):
                    location(place, bases, "notification")
        for number, finding in enumerate(get(run, "results", list, "run")):
            result(finding, rules, bases, number)


try:
    document(json.load(open(sys.argv[1], encoding="utf-8")))
except (Wrong, KeyError, UnicodeDecodeError) as error:
    sys.exit(f"{sys.argv[1]}: {error}")
