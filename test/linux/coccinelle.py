"""Coccinelle as a second opinion: what the kernel's own semantic patches say of files that were changed.

Of the rules below scripts/coccinelle one speaks of what may not be done in atomic context: locks/call_kern.cocci, a function that
mentions GFP_KERNEL and is called under a lock. (The others of locks/ look for locks that are taken twice or not given back, and
misc/irqf_oneshot.cocci for a flag.) It joins a function with its callers, but only among files that one process is given; each file
alone, which is what `make coccicheck` does, it sees least. So each changed file comes together with every file that names one of
its changed functions, wherever that is. That is all this rule can use, so larger groups, which it takes hours for, find no more.
"""
import concurrent.futures
import os
import re
import shutil
import subprocess

from tree import fail

RULE = "scripts/coccinelle/locks/call_kern.cocci"
LIMIT = 900  # seconds for one group


def version():
    """What spatch calls itself; ends the script when there is none."""
    try:
        said = subprocess.run(["spatch", "--version"], check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        fail(f"spatch cannot be run: {error}; it is in the package coccinelle")
    return re.match(r"spatch version (\S+)", said).group(1)


def callers(root, under, names):
    """Files below a folder of the tree that name functions: name -> set of files relative to the tree."""
    word, found = re.compile(r"[A-Za-z_]\w*(?=\s*\()"), {name: set() for name in names}
    for place, _, files in os.walk(os.path.join(root, under)):
        for file in files:
            if file.endswith(".c"):
                path = os.path.join(place, file)
                with open(path, encoding="utf-8", errors="surrogateescape") as text:
                    for name in found.keys() & set(word.findall(text.read())):
                        found[name].add(os.path.relpath(path, root))
    return found


class Coccinelle:
    """The rule on copies of files, so that the tree stays as it is."""

    def __init__(self, root, place, jobs):
        self.root, self.place, self.jobs, self.options = root, place, jobs, []
        with open(os.path.join(root, RULE), encoding="utf-8") as rule:
            self.options = re.search(r"^// Options:(.*)$", rule.read(), re.MULTILINE).group(1).split()
        self.gave_up = []

    def lines(self, group, texts):
        """Every (file, line) that is reported in these files; TEXTS replaces what is in the tree."""
        for file in group:
            copy = os.path.join(self.place, file)
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            if file in texts:
                with open(copy, "w", encoding="utf-8", errors="surrogateescape") as out:
                    out.write(texts[file])
            else:
                shutil.copyfile(os.path.join(self.root, file), copy)
        command = ["spatch", "-D", "report", "--no-show-diff", "--very-quiet", "--cocci-file", os.path.join(self.root, RULE), *self.options, *group]
        try:
            done = subprocess.run(command, cwd=self.place, capture_output=True, text=True, errors="replace", timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            self.gave_up.append(group[0])
            return set()
        if done.returncode:
            fail(f"exit {done.returncode} from: {' '.join(command)}\n{done.stderr[-2000:]}")
        return {(match[1], int(match[2])) for match in re.finditer(r"^(\S+?):(\d+):", done.stdout, re.MULTILINE)}

    def new_lines(self, groups, texts):
        """What is reported in these groups with TEXTS, and is not with what is in the tree. Groups run side by side, each in a folder of its own."""
        def both(numbered):
            number, group = numbered
            one = Coccinelle(self.root, os.path.join(self.place, str(number)), 1)
            shutil.rmtree(one.place, ignore_errors=True)
            said = one.lines(group, texts)
            said -= one.lines(group, {}) if said else set()
            shutil.rmtree(one.place, ignore_errors=True)
            return said, one.gave_up

        found = set()
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            for said, gave_up in pool.map(both, enumerate(groups)):
                found |= said
                self.gave_up += gave_up
        return found
