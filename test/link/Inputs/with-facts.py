"""Compiles each FILE.c to FILE.o, with its facts in the section that the plugin would put them in.

    with-facts.py FENCELINT FILE.c... [-- CLANG-ARGUMENT...]
"""
import pathlib
import subprocess
import sys

tool, *words = sys.argv[1:]
at = words.index("--") if "--" in words else len(words)
sources, arguments = words[:at], words[at + 1 :]
for source in sources:
    made = pathlib.Path(source).with_suffix(".o")
    saved = made.with_suffix(".facts")
    subprocess.run([tool, "facts", source, "--output-facts", saved, "--", *arguments], check=True)
    subprocess.run(["clang", "-c", source, "-o", made, *arguments], check=True)
    subprocess.run(["llvm-objcopy", f"--add-section=.fencelint={saved}", "--set-section-flags=.fencelint=exclude", made], check=True)
    saved.unlink()
