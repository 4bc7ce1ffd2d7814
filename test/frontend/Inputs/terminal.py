"""Runs a command on a terminal and shows what the terminal got, with escape characters made visible."""
import os
import pty
import sys

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
received = b""
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:  # the other end is closed
        break
    if not data:
        break
    received += data
status = os.waitpid(pid, 0)[1]
text = received.decode(errors="replace")
print(text.replace("\r\n", "\n").replace("\r", "<CR>").replace("\x1b", "<ESC>"))
sys.exit(os.waitstatus_to_exitcode(status))
