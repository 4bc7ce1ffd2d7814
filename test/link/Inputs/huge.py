"""Writes a facts file of COUNT small functions in units of a thousand, by renaming one unit's facts.

    huge.py FENCELINT COUNT OUT.facts

Each unit's functions call each other in a row, and its last calls the next unit's first; the first unit's first holds a lock, the last
unit's last sleeps.
"""
import pathlib
import subprocess
import sys

tool, count, out = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
each = 1000
units = count // each
lines = ["void msleep(unsigned int);", "void enter_after(void);"]
lines += [f"void enter_{i}(void);" for i in range(each)]
for i in range(each):
    next_one = "enter_after" if i == each - 1 else f"enter_{i + 1}"
    lines.append(f"void enter_{i}(int x) {{ if (x) {next_one}(x); }}")
lines = [line.replace("(void);", "(int);") for line in lines]
source = out.with_name("unit_00000.c")


def facts(text):
    source.write_text(text.replace("enter_after", "n00001_0").replace("enter_", "n00000_"))
    subprocess.run([tool, "facts", source, "--output-facts", out, "--"], check=True)
    return out.read_bytes()


middle = facts("\n".join(lines))
last = facts("\n".join(lines).replace("enter_after(x)", "msleep(x)"))
first = facts("typedef struct spinlock { int x; } spinlock_t; void spin_lock(spinlock_t *); void spin_unlock(spinlock_t *);\n"
              "void enter_after(int); void bad_far(spinlock_t *l) { spin_lock(l); enter_after(1); spin_unlock(l); }\n")
with open(out, "wb") as file:
    file.write(first)
    for unit in range(1, units + 1):
        content = last if unit == units else middle
        here, there = b"%05d" % unit, b"%05d" % (unit + 1)
        content = content.replace(b"n00001_", b"n@@@@@_").replace(b"n00000_", b"n%s_" % here).replace(b"n@@@@@_", b"n%s_" % there)
        file.write(content.replace(b"unit_00000.c", b"unit_%s.c" % here))
