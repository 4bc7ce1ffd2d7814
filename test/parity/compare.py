#!/usr/bin/env python3
"""Holds the doors together: a finding is the same finding through each of them.

Every test of a rule is run as its RUN lines say through `fencelint check`, the compiler plugin, clang-tidy, and `fencelint link` on the
object that the plugin has made. What is compared is what a person sees: rule, file, line, column and message of each finding, and of
each of its notes. A door that says more, less or something else fails, unless EXPECTED has the file, the door and the reason.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

# (file, door): why this one differs. Empty is how it should be.
EXPECTED = {}

LINE = re.compile(r"^(\S+?):(\d+):(\d+): (warning|remark|note|error): (.*)$")


def findings(text):
    """Each finding as a tuple of its lines, notes included, in whichever order the door tells findings. Remarks are about whole programs."""
    found = []
    for line in text.splitlines():
        if not (match := LINE.match(line)):
            continue
        path, row, column, kind, message = match.groups()
        told = (os.path.realpath(path), int(row), int(column), kind, re.sub(r"\[fence-([a-z-]+)\]$", r"[\1]", message))
        if kind == "note" and found:
            found[-1].append(told)
        else:
            found.append([told])
    return sorted(tuple(finding) for finding in found if finding[0][3] != "remark")


class Case:
    """One RUN line: the options of fencelint and of clang."""

    def __init__(self, source, fencelint, clang):
        self.source, self.fencelint, self.clang = source, fencelint, clang
        parser = argparse.ArgumentParser()
        parser.add_argument("--rules", default="")
        parser.add_argument("--min-confidence", default="")
        parser.add_argument("--model", default="")
        parser.add_argument("--rt", action="store_true")  # a program is judged twice: only check and link do
        known, unknown = parser.parse_known_args(fencelint)
        assert not unknown, f"{source}: {unknown}: teach {__file__} how the other doors are told this"
        self.rules, self.confidence, self.model = known.rules, known.min_confidence, known.model
        self.rt = known.rt

    def __str__(self):
        return f"{self.source} {' '.join(self.fencelint)}"


def cases(source):
    for line in source.read_text().splitlines():
        if not (match := re.search(r"RUN:.*?(%check-rule|%fencelint check) %s (.*)", line)):
            continue
        words = re.split("[|>]", match[2])[0].replace("%S", str(source.parent)).replace("%source-root", str(source.parents[2]))
        before, _, after = f" {words} ".partition(" -- ")
        if "--show-suppressed" in before:
            continue  # is about the report
        before = re.sub(r"--findings-only|--prefix \S+|--(json|sarif) \S+", "", before)
        options = shlex.split(before)
        if match[1] == "%check-rule":
            options = ["--rules", *options]
        yield Case(source, options, shlex.split(after))


class Doors:
    def __init__(self, args):
        self.args = args
        listed = self.run(args.fencelint, "rules")
        self.found = 0
        self.off = [f"-fence-{line.split()[0]}" for line in listed.splitlines() if line.split()[1:2] == ["off"]]

    @staticmethod
    def run(*command, good=(0, 1)):
        done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode not in good:
            sys.exit(f"{shlex.join(map(str, command))}\nexited with {done.returncode}\n{done.stdout}")
        return done.stdout

    def check(self, case):
        return self.run(self.args.fencelint, "check", "--quiet", "--color=never", *case.fencelint, case.source, "--", *case.clang)

    def clang(self, case, *more):
        options = ["-Wno-everything", "-Wbackend-plugin", "-fno-caret-diagnostics", "-fno-diagnostics-show-option"]
        for name, value in (("rules", case.rules), ("min-confidence", case.confidence), ("model", case.model)):
            options += [f"-fplugin-arg-fencelint-{name}={value}"] if value else []
        return self.run("clang", f"-fplugin={self.args.plugin}", *options, *case.clang, *more, case.source, good=(0,))

    def plugin(self, case):
        return self.clang(case, "-fsyntax-only")

    def tidy(self, case):
        rules = [f"fence-{rule}" for rule in case.rules.split(",") if rule] or ["fence-*", *self.off]
        options = {"MinConfidence": case.confidence, "Models": case.model}
        config = ", ".join(f"{key}: '{value}'" for key, value in options.items() if value)
        return self.run("clang-tidy", "-load", self.args.tidy, "--quiet", f"--checks=-*,{','.join(rules)}", "--system-headers",
                        f"--config={{HeaderFilterRegex: '.*', CheckOptions: {{{config}}}}}", case.source, "--", *case.clang)

    def link(self, case):
        with tempfile.TemporaryDirectory() as work:
            target = f"{work}/object.o"
            self.clang(case, "-c", "-fplugin-arg-fencelint-report=none", "-o", target)
            return self.run(self.args.fencelint, "link", "--quiet", "--color=never", *case.fencelint, target)

    def differences(self, case):
        said = findings(self.check(case))
        self.found += len(said)
        for door in (self.link,) if case.rt else (self.plugin, self.tidy, self.link):
            other = findings(door(case))
            if (case.source.name, door.__name__) in EXPECTED:
                if said == other:
                    yield f"{case}: {door.__name__} agrees now; take it out of EXPECTED"
            elif said != other:
                only = lambda a, b: "".join(f"    {line}\n" for finding in a if finding not in b for line in finding)
                yield f"{case}: {door.__name__} differs\n  check only:\n{only(said, other)}  {door.__name__} only:\n{only(other, said)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fencelint", required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--tidy", required=True)
    parser.add_argument("sources", nargs="+", type=pathlib.Path, help="files, or folders of them")
    args = parser.parse_args()
    doors = Doors(args)
    files = sorted(f for source in args.sources for f in (source.glob("*.c*") if source.is_dir() else [source]))
    todo = [case for file in files for case in cases(file)]
    without = {f.name for f in files} - {case.source.name for case in todo}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        told = [text for texts in pool.map(lambda case: list(doors.differences(case)), todo) for text in texts]
    told += [f"{name}: no RUN line that this script understands" for name in sorted(without)]
    print("\n".join(told))
    print(f"{doors.found} findings in {len(todo)} runs of {len(files)} files, {len(told)} differences")
    assert doors.found > len(todo), "hardly anything is found: is this comparing anything?"
    sys.exit(bool(told))


main()
