"""Fails when a text report holds a control character other than the newline: none may reach a terminal."""
import sys

data = sys.stdin.buffer.read()
bad = sorted({byte for byte in data if (byte < 0x20 and byte != 0x0A) or byte == 0x7F})
if bad:
    sys.exit(f"control characters in the output: {bad}")
