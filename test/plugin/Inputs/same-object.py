#!/usr/bin/env python3
"""Compiles a file with and without the plugin and compares what would run: every section but the facts', its relocations, the symbols."""
import argparse
import pathlib
import re
import subprocess
import sys

at = sys.argv.index("--")
parser = argparse.ArgumentParser()
parser.add_argument("--plugin", required=True)
parser.add_argument("--work", required=True, type=pathlib.Path)
parser.add_argument("source")
args = parser.parse_args(sys.argv[1:at])
options = sys.argv[at + 1 :]


def run(*command):
    return subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE).stdout


def sections(object_file):
    """name -> content, of every section that has any; tables that only number the others are left to symbols()."""
    listed = run("llvm-readelf", "-SW", object_file).decode()
    names = re.findall(r"^ *\[ *\d+\] (\S+) +(?:PROGBITS|INIT_ARRAY|NOTE|X86_64_UNWIND)", listed, re.M)
    contents = {}
    for index, name in enumerate(names):
        out = args.work / f"section-{index}"
        run("llvm-objcopy", f"--dump-section={name}={out}", object_file, "/dev/null")
        contents[name] = out.read_bytes()
    return contents


def symbols(object_file):
    """Names, sizes and values of symbols; and relocations by name, not by number."""
    listed = run("llvm-readelf", "-sW", object_file).decode()
    rows = [re.sub(r"^ *\d+: ", "", line).split() for line in listed.splitlines()[3:] if line.strip()]
    # Without the index of its section; without `$d`, by which ARM's assembler tells data from code, in our section too.
    table = sorted(row[:5] + row[6:] for row in rows if row[-1] != "$d")
    relocations = [line for line in run("llvm-objdump", "-r", object_file).decode().splitlines() if "file format" not in line]
    return table, relocations


plain, carrying = args.work / "plain.o", args.work / "carrying.o"
run("clang", *options, "-c", args.source, "-o", plain)
run("clang", *options, "-w", f"-fplugin={args.plugin}", "-c", args.source, "-o", carrying)
before, after = sections(plain), sections(carrying)
facts = after.pop(".fencelint", b"")
assert facts[8:12] == b"FLNT", "no facts in the object"
assert len(facts) % 8 == 0, "the next unit's facts would not be aligned"
assert before[".text"] or any(name.startswith(".text.") for name in before), "nothing was compiled"
assert list(before) == list(after), (list(before), list(after))
for name in before:
    assert before[name] == after[name], f"{name} differs"
assert symbols(plain) == symbols(carrying), "symbols or relocations differ"
