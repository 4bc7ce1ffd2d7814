"""Reading fencelint's JSON reports: what a finding says, and where."""
import os
import re

from tree import fail, load_json


def load_findings(path):
    """The findings of a JSON report, with the fields this folder relies on checked once, here."""
    report = load_json(path)
    if not isinstance(report, dict) or not isinstance(report.get("findings"), list):
        fail(f"{path}: not a fencelint report: no list called 'findings'")
    for number, finding in enumerate(report["findings"]):
        for field in ("rule", "file", "line", "function", "message", "sink", "steps"):
            if field not in finding:
                fail(f"{path}: finding {number} has no '{field}'")
    return report["findings"]


def same_file(reported, wanted):
    """Whether a reported path is the file that is named relative to the tree."""
    reported = os.path.normpath(reported)
    return reported == wanted or reported.endswith("/" + wanted)


def plain(name):
    """The last part of a qualified function name."""
    return name.split("(")[0].split("::")[-1].strip()


def chains_of(finding):
    """Of each chain of a finding (many places may share one cause), all identifiers that it mentions: functions it goes through,
    what its sentences say, the sink."""
    chains = [(finding["message"], finding["function"], finding["steps"])]
    chains += [(place["text"], place["function"], place["steps"]) for place in finding.get("also", [])]
    for message, function, steps in chains:
        texts = [message, function, finding["sink"]] + [step[key] for step in steps for key in ("function", "text")]
        yield set(re.findall(r"[A-Za-z_]\w*", " ".join(texts)))


def short(finding, root=""):
    """A finding on one line."""
    file = finding["file"]
    if root and file.startswith(root + "/"):
        file = file[len(root) + 1:]
    return f"{file}:{finding['line']}: {finding['message']} [{finding['rule']}]"
