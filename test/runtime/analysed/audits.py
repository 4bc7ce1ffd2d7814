"""Compares what was audited in the runtime, by a SARIF log of its analysis, with the table that a page lists it in.

usage: audits.py LOG PAGE
Ends with 1 when a suppressed finding's reason is not in the page's table, or a reason there suppresses nothing.
"""

import json
import re
import sys


def main():
    log, page = sys.argv[1:]
    with open(log, encoding="utf-8") as file:
        results = json.load(file)["runs"][0]["results"]
    used = {mark["justification"] for result in results for mark in result.get("suppressions", [])}
    with open(page, encoding="utf-8") as file:
        text = file.read()
    listed = set(re.findall(r"^\| `[^`]*` \| ([^|]*?) \|", text, re.MULTILINE))
    for reason in sorted(used - listed):
        print(f"{page}: the table lacks the audited exception: {reason}")
    for reason in sorted(listed - used):
        print(f"{page}: this suppresses nothing: {reason}")
    sys.exit(used != listed)


if __name__ == "__main__":
    main()
