"""Runs a command, sends it SIGINT once its standard error shows a text, and ends as it ended.

    interrupt.py [--kill-child] TEXT COMMAND...

An empty TEXT: once it has been running for a second. --kill-child sends SIGKILL to its children instead, those that still run.
"""
import os
import signal
import subprocess
import sys
import threading
import time

words = sys.argv[1:]
kill_child = words[0] == "--kill-child"
if kill_child:
    words.pop(0)
text, command = words[0], words[1:]
# a background job inherits an ignored SIGINT; the command must see what a user at a terminal would send
listen = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=listen)
threading.Timer(60, process.kill).start()


def strike():
    if not kill_child:
        process.send_signal(signal.SIGINT)
        return
    if process.poll() is None:  # and again, in case a worker had not begun
        threading.Timer(0.5, strike).start()
    try:
        with open(f"/proc/{process.pid}/task/{process.pid}/children") as children:
            pids = children.read().split()
    except OSError:
        return
    for pid in pids:
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            pass


if not text:
    time.sleep(1)
    strike()
for line in process.stderr:
    sys.stderr.write(line)
    if text and text in line:
        text = ""
        strike()
code = process.wait()
sys.stdout.flush()
sys.stderr.flush()
os._exit(code if code >= 0 else 128 - code)
