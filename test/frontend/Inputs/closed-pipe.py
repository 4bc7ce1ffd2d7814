"""Runs a command whose standard output nobody reads, and expects it to end by SIGPIPE."""
import os
import signal
import subprocess
import sys

reader, writer = os.pipe()
os.close(reader)
process = subprocess.Popen(sys.argv[1:], stdout=writer, preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
sys.exit(process.wait() != -signal.SIGPIPE)
