"""Writes a compile_commands.json into the directory given first: one entry per further argument.

An argument is a file, or FILE:WORD,WORD,... with more words of its command.
"""
import json
import os
import sys

directory = os.path.realpath(sys.argv[1])
headers = os.path.dirname(os.path.realpath(__file__))
entries = []
for argument in sys.argv[2:]:
    file, _, words = argument.partition(":")
    output = f"{len(entries)}.o"
    command = ["clang", "-I", headers, *filter(None, words.split(",")), "-c", file, "-o", output]
    entries.append({"directory": directory, "file": file, "output": output, "arguments": command})
with open(os.path.join(directory, "compile_commands.json"), "w") as out:
    json.dump(entries, out, indent=1)
