"""Flips bits of files, one at a time, and counts how often `fencelint link` does not survive it.

    flip.py FENCELINT FILE...
"""
import pathlib
import subprocess
import sys

tool, *files = sys.argv[1:]
crashes, count = 0, 60
for name in files:
    whole = pathlib.Path(name).read_bytes()
    changed_name = pathlib.Path("flipped" + pathlib.Path(name).suffix)
    for i in range(count):
        changed = bytearray(whole)
        # half of them in the headers at the front and at the end
        place = i * 7919 + 13 if i % 2 else (i * 3 if i % 4 else -1 - i * 5)
        changed[place % len(whole)] ^= 1 << (i % 8)
        changed_name.write_bytes(bytes(changed))
        ran = subprocess.run([tool, "link", changed_name, "--no-shipped-models"], capture_output=True)
        crashes += ran.returncode not in (0, 1, 2)
print(f"{count * len(files)} flipped files, {crashes} crashes")
