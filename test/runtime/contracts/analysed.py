"""Compares what fencelint finds in analysed.cpp, as JSON, with table.txt.

usage: analysed.py FINDINGS TABLE

A cell with a kind of report is a finding of a rule below in the function CONTEXT_ROW, a cell with `ok` is none. Also found must be what a test
cannot call because it would not come back (`-`). The orders of locks are the runtime checker's alone.
"""

import json
import sys

RULES = {
    "ok": {None},
    "-": {"sleep-in-atomic"},
    # The checker sees the sleep, fencelint also that it comes with a reference.
    "sleep-in-atomic": {"sleep-in-atomic", "blocking-drop"},
    "wait-in-callback": {"sleep-in-atomic"},
    "alloc-in-atomic": {"alloc-in-atomic"},
    "alloc-in-callback": {"alloc-in-callback"},
    "lock-irq": {None},
}
# What only a signalling section forbids is not judged at compile time.
RULES_WHILE_SIGNALLING = dict.fromkeys([*RULES, "wait-while-signalling", "held-while-waiting"], {None})


def main():
    findings, table = sys.argv[1:]
    with open(findings, encoding="utf-8") as file:
        found = {finding["function"]: finding["rule"] for finding in json.load(file)["findings"]}
    columns, rows, wrong = [], 0, []
    with open(table, encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words[:2] == ["#", "function"]:
                columns = words[2:]
            if not words or words[0] == "#":
                continue
            rows += 1
            for context, says in zip(columns, words[1:], strict=True):
                name = f"{context}_{words[0]}"
                rule = found.pop(name, None)
                rules = RULES_WHILE_SIGNALLING if context == "signalling" else RULES
                # Of two rules that an allocation breaks, fencelint names the one about waiting for memory and the checker the one about callbacks.
                if says == "alloc-in-callback" and "alloc-in-atomic" in words:
                    says = "alloc-in-atomic"
                if rule not in rules[says]:
                    wrong.append(f"{words[0]} in context {context}: the table says {says}, fencelint {rule or 'nothing'}")
    wrong += [f"{name}: {rule}, and the table has no such cell" for name, rule in found.items()]
    print("\n".join(wrong) or f"{rows} functions in {len(columns)} contexts are as the table says")
    sys.exit(bool(wrong) or not rows or not columns)


if __name__ == "__main__":
    main()
