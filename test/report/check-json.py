"""Holds a JSON report against docs/output.md: every key there, with its type, and no other key."""
import json
import re
import sys

STRING, NUMBER, FLAG = str, int, bool
PLACE = {"file": STRING, "line": NUMBER, "column": NUMBER}
STEP_KINDS = {
    "enters", "registered", "contract", "calls", "calls-slot", "calls-virtual", "destroys", "drops-last", "reaches",
}
STEP = {"kind": STRING, **PLACE, "function": STRING, "text": STRING}
OPTIONAL = {"also", "alsoSuppressed"}
SUPPRESSION = {"kind": STRING, "justification": STRING, **PLACE}
ALSO = {**PLACE, "function": STRING, "text": STRING, "steps": [STEP]}
FINDING = {
    "rule": STRING, "level": STRING, **PLACE, "function": STRING, "message": STRING, "sink": STRING,
    "confidence": STRING, "fingerprint": STRING,
    "steps": [STEP],
    "also": [ALSO],
    "alsoSuppressed": [{**ALSO, "suppression": SUPPRESSION}],
}
SCHEMA = {
    "version": NUMBER,
    "tool": {"name": STRING, "version": STRING},
    "root": STRING,
    "units": {"requested": NUMBER, "analysed": NUMBER},
    "rules": [{"id": STRING, "level": STRING, "default": FLAG, "summary": STRING}],
    "findings": [FINDING],
    "lessSure": NUMBER,
    "suppressed": [{**FINDING, "suppression": SUPPRESSION}],
    "remarks": [FINDING],
    "problems": [{"file": STRING, "line": NUMBER, "message": STRING, "context": [STRING]}],
}


def check(value, schema, path):
    if isinstance(schema, dict):
        assert isinstance(value, dict), f"{path}: not an object"
        expected = [key for key in schema if key in value or key not in OPTIONAL]
        assert list(value) == expected, f"{path}: keys are {list(value)}, expected {expected}"
        for key in expected:
            check(value[key], schema[key], f"{path}.{key}")
    elif isinstance(schema, list):
        assert isinstance(value, list), f"{path}: not an array"
        for index, item in enumerate(value):
            check(item, schema[0], f"{path}[{index}]")
    else:
        assert type(value) is schema, f"{path}: {value!r} is no {schema.__name__}"


report = json.load(open(sys.argv[1], encoding="utf-8"))
try:
    check(report, SCHEMA, "report")
    assert report["version"] == 1, "unknown version"
    for finding in report["suppressed"]:
        assert finding["suppression"]["kind"] == "in-source", "unknown kind of suppression"
    for finding in report["findings"] + report["suppressed"] + report["remarks"]:
        assert re.fullmatch("[0-9a-f]{16}", finding["fingerprint"]), "bad fingerprint"
        assert finding["confidence"] in {"low", "medium", "high"}, "bad confidence"
        assert finding["level"] in {"note", "warning", "error"}, "bad level"
        for step in finding["steps"]:
            assert step["kind"] in STEP_KINDS, f"unknown step kind {step['kind']}"
except AssertionError as error:
    sys.exit(f"{sys.argv[1]}: {error}")
