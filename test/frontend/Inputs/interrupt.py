"""Runs a command, sends it SIGINT once its standard error shows a text, and ends as it ended.

    interrupt.py [--kill-child] TEXT COMMAND...

An empty TEXT: once it has been running for a second. --kill-child sends SIGKILL to its children instead, those that still run.
"""
import glob
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
process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
threading.Timer(60, process.kill).start()


def strike():
    if not kill_child:
        process.send_signal(signal.SIGINT)
        return
    for path in glob.glob(f"/proc/{process.pid}/task/*/children"):
        with open(path) as children:
            for pid in children.read().split():
                os.kill(int(pid), signal.SIGKILL)


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
