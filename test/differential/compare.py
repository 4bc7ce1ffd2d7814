#!/usr/bin/env python3
"""Holds fencelint against clang's -Wfunction-effects: what clang reports and is true, fencelint reports in the same function.

    compare.py --fencelint BUILD/bin/fencelint --clang clang++-22 cases/

Prints one line per disagreement and exits 1 when there is one.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

OPTIONS = ["-std=c++20", "-I", str(pathlib.Path(__file__).parent / "../../runtime/include")]
MESSAGE = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):\d+: (?P<kind>warning|note): (?P<text>.*)$", re.M)
MARK = re.compile(r"//\s*clang-false\b")


def function_extents(lines):
    """(first, last) line of every function, the innermost one last. The cases are formatted, which is enough of a parser:
    a function's opening brace ends a line or is followed by the whole body, and stands behind its parameters."""
    extents, open_blocks = [], []
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        for at, character in enumerate(code):
            if character == "{":
                is_function = ")" in code[:at] and not re.match(r"\s*(\}|if\b|for\b|while\b|switch\b)", code)
                open_blocks.append((number, is_function))
            elif character == "}":
                first, is_function = open_blocks.pop()
                if is_function:
                    extents.append((first, number))
    return sorted(extents, key=lambda extent: extent[1] - extent[0], reverse=True)


def innermost(extents, line):
    inside = [extent for extent in extents if extent[0] <= line <= extent[1]]
    return inside[-1] if inside else (line, line)


def clang_warnings(file, clang):
    """(line, text) of each; what a default argument does is said at the call that uses it."""
    command = [clang, *OPTIONS, "-Wfunction-effects", "-fsyntax-only", str(file)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{file} does not compile\n{run.stderr}")
    warnings = []
    for match in MESSAGE.finditer(run.stderr):
        if pathlib.Path(match["file"]).name != file.name:
            continue
        if match["kind"] == "warning" and match["text"].endswith("[-Wfunction-effects]"):
            warnings.append((int(match["line"]), match["text"]))
        elif match["text"] == "in evaluating default argument here":
            warnings[-1] = (int(match["line"]), warnings[-1][1])
    return warnings


def fencelint_findings(file, fencelint):
    command = [fencelint, "check", "--quiet", "--format", "json", str(file), "--", *OPTIONS]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} exited with {run.returncode}\n{run.stderr}")
    return [f["line"] for f in json.loads(run.stdout)["findings"] if pathlib.Path(f["file"]).name == file.name]


def compare(file, args):
    source = file.read_text(encoding="utf-8").splitlines()
    extents = function_extents(source)
    false_functions = {innermost(extents, at) for at, text in enumerate(source, 1) if MARK.search(text)}
    warnings = clang_warnings(file, args.clang)
    reported = {innermost(extents, line) for line in fencelint_findings(file, args.fencelint)}

    failures = []
    for line, text in warnings:
        marked = MARK.search(source[line - 1])
        if not marked and innermost(extents, line) not in reported:
            failures.append(f"{file}:{line}: only clang: {text}")
    for line in sorted({extent[0] for extent in false_functions & reported}):
        failures.append(f"{file}:{line}: fencelint reports what is marked as clang-false")
    for line in [at for at, text in enumerate(source, 1) if MARK.search(text)]:
        if line not in [at for at, _ in warnings]:
            failures.append(f"{file}:{line}: marked as clang-false, but clang says nothing here")
    return failures, len(warnings), len(false_functions)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fencelint", required=True)
    parser.add_argument("--clang", default="clang++-22")
    parser.add_argument("paths", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    files = [f for p in args.paths for f in (sorted(p.rglob("*.cpp")) if p.is_dir() else [p])]
    if not files:
        sys.exit("no case to compare")
    failures, warnings, false = [], 0, 0
    for file in files:
        more, said, marked = compare(file, args)
        failures += more
        warnings += said
        false += marked
    print("\n".join(failures + [f"{len(files)} files, {warnings} warnings of clang, {false} functions marked false"]))
    sys.exit(1 if failures else 0)


main()
