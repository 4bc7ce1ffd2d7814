#!/usr/bin/env python3
"""Runs one rule over one file and holds what it says against the file's CHECK lines.

    // RUN: %check-rule %s sleep-in-atomic
    // RUN: %check-rule %s sleep-in-atomic --model %S/Inputs/model.yaml -- -std=c++20

Everything between RULE and `--` goes to fencelint, everything after it to clang. Warnings and notes that no CHECK line
names are failures, so an `ok_` function needs no line at all. A file without a CHECK line must be clean.
--prefix NAME uses NAME: lines instead of CHECK: ones, for a file that is run twice.
--findings-only leaves the notes unchecked: for files about what is found, where others check how it is explained.
"""

import argparse
import collections
import os
import re
import subprocess
import sys


def split(words):
    """What stands before the first `--`, and what after it."""
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]


def unexpected(output, file, prefix):
    """Warnings on lines of the file that no CHECK line names often enough. FileCheck does not see these: between lines of -DAG, and after the last of
    them, it takes no notice of --implicit-check-not."""
    named = collections.Counter()
    with open(file, encoding="utf-8", errors="replace") as source:
        for number, line in enumerate(source, 1):
            if re.search(rf"\b{prefix}(-[A-Z]+)?:", line):
                for offset in re.findall(r"\[\[#\s*@LINE\s*([+-]\s*\d+)?\s*\]\]", line):
                    named[number + int(offset.replace(" ", "") or 0)] += 1
    for warning in re.findall(r"^.*: warning: .*$", output, re.MULTILINE):
        place = re.match(r"(.*?):(\d+):", warning)
        if place and os.path.realpath(place[1]) == os.path.realpath(file):
            named[int(place[2])] -= 1
            if named[int(place[2])] < 0:
                yield warning


def main():
    before, clang = split(sys.argv[1:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fencelint", required=True)
    parser.add_argument("--filecheck", required=True)
    parser.add_argument("--prefix", default="CHECK")
    parser.add_argument("--findings-only", action="store_true")
    parser.add_argument("file")
    parser.add_argument("rule")
    args, options = parser.parse_known_args(before)

    command = [args.fencelint, "check", "--quiet", "--color=never", "--rules", args.rule, *options, args.file, "--", *clang]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
    if run.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}\nexited with {run.returncode}\n{run.stderr}{run.stdout}")

    with open(args.file, encoding="utf-8", errors="replace") as source:
        expects = any(f"{args.prefix}:" in line or f"{args.prefix}-" in line for line in source)
    if not expects:
        if run.stdout or run.returncode:
            sys.exit(f"{' '.join(command)}\nexpected to be clean, but:\n{run.stdout}")
        return
    check = [args.filecheck, args.file, f"--check-prefix={args.prefix}", "--allow-unused-prefixes"]
    check += ["--implicit-check-not=warning:", "--dump-input=fail"]
    check += [] if args.findings_only else ["--implicit-check-not=note:"]
    checked = subprocess.run(check, input=run.stdout, text=True)
    if checked.returncode:
        sys.exit(f"while checking the output of\n{' '.join(command)}\n{run.stderr}")
    if extra := list(unexpected(run.stdout, args.file, args.prefix)):
        sys.exit(f"{' '.join(command)}\nno {args.prefix} line is about\n" + "\n".join(extra))
    if run.returncode != 1:
        sys.exit(f"{' '.join(command)}\nfindings are expected, so the exit code must be 1, not {run.returncode}")


main()
