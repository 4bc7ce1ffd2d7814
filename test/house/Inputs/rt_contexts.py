"""rt_contexts.py SOURCE_ROOT: a context of Linux in which preemption or interrupts are off on an ordinary kernel is either described for PREEMPT_RT too or one of
those that stay what they are. One that was forgotten makes every spinlock in its callbacks a false finding of --rt."""
import pathlib
import re
import sys

# Raw locks, inter-processor interrupts, stop_machine(), NMIs and panics: see the head of data-rt/linux-rt/contexts.yaml.
STAY = {"irq-chip", "pmu", "smp-call", "stop-machine", "stop-work", "nmi", "drm-panic"}

root = pathlib.Path(sys.argv[1]) / "checks/models"


def contexts(folder):
    for file in sorted((root / folder).rglob("*.yaml")):
        for name, parts in re.findall(r"^  - name: (\S+)\n(?:    replaces: true\n)?    is: \[(.*)\]", file.read_text(), re.M):
            yield name, set(parts.split(", "))


ordinary = {name: parts for name, parts in contexts("data/linux") if parts & {"preempt-off", "irqs-off"}}
on_rt = {name for name, _ in contexts("data-rt")}
assert len(ordinary) > 10 and len(on_rt) > 10, "the files are not read as they are written"
forgotten = sorted(set(ordinary) - on_rt - STAY)
for name in forgotten:
    print(f"context '{name}' has no entry in checks/models/data-rt; say what it is on PREEMPT_RT")
unknown = sorted(STAY - set(ordinary))
for name in unknown:
    print(f"'{name}' stays what it is, but no model has it")
sys.exit(bool(forgotten or unknown))
