"""Running fencelint: on a database, on saved facts, on saved facts with some units parsed again; and what it cost."""
import contextlib
import os
import resource
import shutil
import subprocess
import threading
import time

from report import load_findings
from tree import fail, write_database


class Measured:
    """What a command cost."""
    status = 0
    seconds = cpu = 0.0
    rss_mib = 0.0


def resident_of(pid):
    """Resident KiB of a process and all its children; 0 once it is gone."""
    total, todo = 0, [pid]
    while todo:
        process = todo.pop()
        with contextlib.suppress(OSError, ValueError, IndexError):
            with open(f"/proc/{process}/statm", encoding="ascii") as text:
                total += int(text.read().split()[1]) * (os.sysconf("SC_PAGE_SIZE") // 1024)
            for task in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{task}/children", encoding="ascii") as text:
                    todo += [int(child) for child in text.read().split()]
    return total


def run_measured(command, **options):
    """Runs a command; time and the highest memory of all its processes together, looked at ten times a second."""
    result, peak = Measured(), 0
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with subprocess.Popen(command, **options) as process:
        done = threading.Event()

        def watch():
            nonlocal peak
            while not done.wait(0.1):
                peak = max(peak, resident_of(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            process.wait()
        finally:
            done.set()
            watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    result.status, result.seconds = process.returncode, time.monotonic() - start
    result.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    result.rss_mib = peak / 1024
    return result


class Checker:
    """The tool on one prepared tree."""

    def __init__(self, fencelint, tree, jobs):
        self.fencelint, self.tree, self.jobs = os.path.abspath(fencelint), os.path.abspath(tree), jobs
        self.root = os.path.join(self.tree, "linux")

    def check(self, report, *words):
        """One run that must do all of its work; its cost."""
        os.makedirs(os.path.dirname(report), exist_ok=True)
        command = [self.fencelint, "check", *words, "-j", str(self.jobs), "--format", "json", "--output", report]
        cost = run_measured(command, cwd=self.root)
        if cost.status not in (0, 1):
            fail(f"exit {cost.status} from: {' '.join(command)}")
        return cost

    def parse(self, report, database, facts):
        """Checks a whole database; facts are those of exactly its units afterwards."""
        shutil.rmtree(facts, ignore_errors=True)
        return self.check(report, "-p", database, "--facts-dir", facts)

    def again(self, report, facts, units, place):
        """The findings when these units are parsed anew and all others are as saved in FACTS. PLACE is scratch space."""
        shutil.rmtree(place, ignore_errors=True)
        write_database(place, units)
        fresh, rest = os.path.join(place, "fresh"), os.path.join(place, "rest")
        self.check(report, "-p", place, "--facts-dir", fresh)
        # A facts file is named after its unit's command, so a unit parsed again has the name it had before.
        new, saved = set(facts_below(fresh)), facts_below(facts)
        os.makedirs(rest)
        for name, path in saved.items():
            if name not in new:
                os.symlink(path, os.path.join(rest, name))
        if not new <= set(saved):
            fail(f"{facts}: has no facts of {', '.join(sorted(new - set(saved)))}")
        kept = ["--facts", rest] if len(saved) > len(new) else []
        self.check(report, "--facts", fresh, *kept)
        return load_findings(report)


def facts_below(folder):
    """Facts files below a folder: name -> path."""
    return {name: os.path.join(place, name)
            for place, _, names in os.walk(folder) for name in names if name.endswith(".facts")}
