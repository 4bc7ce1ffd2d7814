"""The prepared kernel tree: its compile databases, and changing its sources for a while.

Changes are made in the prepared tree itself, because facts name files by path: facts of a changed copy elsewhere would
not fit those of the rest. The originals are kept under TREE/held and put back at the end, or by the next run when one
was killed.
"""
import contextlib
import json
import os
import shutil
import signal
import sys

sys.stdout.reconfigure(line_buffering=True)  # in order with what the programs it runs print


def fail(message):
    """Ends the script: its work could not be done."""
    print(f"{os.path.basename(sys.argv[0])}: {message}", file=sys.stderr)
    sys.exit(2)


def run(main):
    """Runs a script's `main`, whose result is its exit code; Ctrl-C ends it with a word and 130, as a shell would."""
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print(f"{os.path.basename(sys.argv[0])}: interrupted", file=sys.stderr)
        sys.exit(130)


def load_json(path):
    try:
        with open(path, encoding="utf-8") as text:
            return json.load(text)
    except (OSError, ValueError) as error:
        fail(f"{path}: cannot be read as JSON: {error}")


def write_database(directory, entries):
    os.makedirs(directory, exist_ok=True)
    with open(os.path.join(directory, "compile_commands.json"), "w", encoding="utf-8") as out:
        json.dump(entries, out, indent=1)


def fill(path, mark, text):
    """Replaces what stands between two marks of a document: <!-- MARK --> and <!-- /MARK -->."""
    with open(path, encoding="utf-8") as document:
        before, start, rest = document.read().partition(f"<!-- {mark} -->\n")
    _, end, after = rest.partition(f"<!-- /{mark} -->")
    if not start or not end:
        fail(f"{path}: no <!-- {mark} --> and <!-- /{mark} --> to write between")
    with open(path, "w", encoding="utf-8") as out:
        out.write(before + start + text + "\n" + end + after)


def put_back(tree):
    """Restores what an interrupted run left changed."""
    held, root = os.path.join(tree, "held"), os.path.join(tree, "linux")
    for place, _, files in os.walk(held):
        for file in files:
            kept = os.path.join(place, file)
            os.replace(kept, os.path.join(root, os.path.relpath(kept, held)))
    shutil.rmtree(held, ignore_errors=True)


@contextlib.contextmanager
def changed(tree, files):
    """The tree with FILES (path relative to it -> new text) in place; the originals come back at the end."""
    root, held = os.path.join(tree, "linux"), os.path.join(tree, "held")
    put_back(tree)

    def stop(number, _):
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        for file, text in files.items():
            original, kept = os.path.join(root, file), os.path.join(held, file)
            os.makedirs(os.path.dirname(kept), exist_ok=True)
            with open(original + ".changed", "w", encoding="utf-8") as out:
                out.write(text)
            os.link(original, kept)
            os.replace(original + ".changed", original)
        yield
    finally:
        put_back(tree)
        for number, handler in before.items():
            signal.signal(number, handler)
