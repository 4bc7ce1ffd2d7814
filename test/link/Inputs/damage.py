"""Writes to a directory what can have happened to an object and to the facts in it.

    damage.py GOOD.o DIRECTORY
"""
import pathlib
import struct
import subprocess
import sys

good, out = sys.argv[1], pathlib.Path(sys.argv[2])
whole = pathlib.Path(good).read_bytes()
section = out / "section"
subprocess.run(["llvm-objcopy", f"--dump-section=.fencelint={section}", good, "/dev/null"], check=True)
facts = section.read_bytes()


def wrap(name, content):
    section.write_bytes(content)
    subprocess.run(["llvm-objcopy", f"--update-section=.fencelint={section}", good, out / name], check=True)


def with_version(change):
    """As if the format's version were so much higher."""
    root = 4 + struct.unpack_from("<I", facts, 4)[0]
    table = root - struct.unpack_from("<i", facts, root)[0]
    field = struct.unpack_from("<H", facts, table + 4)[0]
    changed = bytearray(facts)
    struct.pack_into("<I", changed, root + field, struct.unpack_from("<I", facts, root + field)[0] + change)
    return bytes(changed)


wrap("older.o", with_version(-1))
wrap("newer.o", with_version(+1))
wrap("tool.o", facts.replace(b"fencelint 0.", b"fencelint 9.", 1).replace(b"fencelint 9.1.0", b"fencelint 9.9.9", 1))
wrap("truncated.o", facts[: len(facts) // 2])
wrap("foreign.o", b"this is a note of some other program")
corrupt = bytearray(facts)
struct.pack_into("<I", corrupt, 4, 0x7FFFFFF0)
wrap("corrupt.o", bytes(corrupt))
section.unlink()
(out / "elf-truncated.o").write_bytes(whole[: len(whole) * 3 // 4])
header = bytearray(whole)
struct.pack_into("<Q", header, 40, 1 << 40)  # where the list of sections is
(out / "elf-header.o").write_bytes(bytes(header))
