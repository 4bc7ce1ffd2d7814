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
import subprocess
import sys


def split(words):
    """What stands before the first `--`, and what after it."""
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]


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
    if run.returncode != 1:
        sys.exit(f"{' '.join(command)}\nfindings are expected, so the exit code must be 1, not {run.returncode}")


main()
