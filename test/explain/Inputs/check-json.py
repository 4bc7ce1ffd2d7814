"""Holds the JSON of `fencelint explain` against docs/output.md: every key there, with its type, and no other key."""
import json
import sys

PLACE = {"file": str, "line": int, "column": int}
STEP = {"kind": str, **PLACE, "function": str, "text": str}
MEMBER = {"name": str, "module": str, **PLACE, "does": str}
COMMON = {
    "kind": str, "name": str, "type": str, "module": str, **PLACE, "known": bool, "described": str, "why": str,
    "members": [MEMBER], "less-sure": int,
}
EFFECT = {
    "effect": str, "text": str, "on-last-reference": bool, "when": [str], "flags": [str], "modules": [str],
    "confidence": str, "steps": [STEP],
}
ANSWERS = {"may-run": [{"in": str, "verdict": str, "not-when": [str]}]}
KINDS = {
    "function": {
        **COMMON, **ANSWERS, "does": [EFFECT], "callers": int,
        "locks": [{"how": str, "lock": str, "when": str, "steps": [STEP]}],
        "stored-in": [{"slot": str, "contract": str}],
        "contexts": [
            {"context": str, "atomic": bool, "confidence": str, "steps": [STEP],
             "places": [{**PLACE, "function": str, "text": str}]}
        ],
        "unknown": [{"name": str, "pointer": bool, "steps": [STEP]}],
    },
    "slot": {**COMMON, **ANSWERS, "does": [{**EFFECT, "functions": int}], "contract": str},
    "record": {**COMMON, "destructor": str, "slots": [MEMBER]},
}
WORDS = {
    "verdict": {"yes", "as-far-as-known", "depends", "no"},
    "how": {"takes", "releases", "returns-holding"},
    "confidence": {"low", "medium", "high"},
}


def hold(value, shape, where):
    if isinstance(shape, list):
        assert isinstance(value, list), where
        for i, one in enumerate(value):
            hold(one, shape[0], f"{where}[{i}]")
    elif isinstance(shape, dict):
        assert isinstance(value, dict) and set(value) == set(shape), f"{where}: {sorted(set(value) ^ set(shape))}"
        for key, inner in shape.items():
            hold(value[key], inner, f"{where}.{key}")
            assert key not in WORDS or value[key] in WORDS[key], f"{where}.{key}: {value[key]}"
    else:
        assert type(value) is shape, f"{where} is a {type(value).__name__}"


document = json.load(sys.stdin)
top = {
    "version": int, "tool": {"name": str, "version": str}, "root": str, "asked": str, "units": int,
    "others": [MEMBER], "near": [str], "problems": [{"file": str, "line": int, "message": str, "context": [str]}],
}
explanations = document.pop("explanations")
hold(document, top, "document")
for e in explanations:
    hold(e, KINDS[e["kind"]], e["name"])
for e in explanations:
    print(e["kind"], e["name"], *(f"{r['in']}={r['verdict']}" for r in e.get("may-run", [])))
print("near", *document["near"])
