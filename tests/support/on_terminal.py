#!/usr/bin/env python3
"""Run a command on a terminal of its own, and do one thing when it has printed a text.

usage: on_terminal.py TEXT ACTION COMMAND...

TEXT: wait until the terminal shows it. ACTION: type:KEYS (\\x03 is Ctrl-C, \\x04 the end of input),
or hang-up: the terminal goes away, as a window that is closed. What was shown goes to standard output;
the exit code is the command's.
"""
import os
import pty
import select
import sys
import time

WAIT_S = 60


def main():
    text, action, command = sys.argv[1].encode(), sys.argv[2], sys.argv[3:]
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    shown, done, end = b"", False, time.monotonic() + WAIT_S
    while terminal >= 0 and time.monotonic() < end:
        if not select.select([terminal], [], [], 0.5)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # nobody has the other end open any more
            break
        shown += piece
        if done or text not in shown:
            continue
        done = True
        if action == "hang-up":
            os.close(terminal)
            terminal = -1
        else:
            keys = action.removeprefix("type:").encode().decode("unicode_escape")
            os.write(terminal, keys.encode())
    if time.monotonic() >= end:
        os.kill(child, 9)
    status = os.waitpid(child, 0)[1]
    sys.stdout.buffer.write(shown)
    sys.exit(os.waitstatus_to_exitcode(status) if done else 99)


main()
