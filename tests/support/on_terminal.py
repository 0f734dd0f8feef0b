#!/usr/bin/env python3
"""Run a command on a terminal of its own, and do one thing when it has printed a text.

usage: on_terminal.py TEXT ACTION COMMAND...

TEXT: wait until the terminal shows it. ACTION: type:KEYS (\\x03 is Ctrl-C, \\x04 the end of input),
type-file:FILE (what stands in it, once it is there), or hang-up: the terminal goes away, as a window
that is closed. What is shown goes to standard output at once; the exit code is the command's.
"""
import os
import pty
import select
import sys
import time

WAIT_S = 180
LOOK_S = 0.02


class Terminal:
    def __init__(self, command):
        self.child, self.end = pty.fork()
        if self.child == 0:
            os.execvp(command[0], command)
        self.shown = b""

    def read(self):
        """What has come within a moment is shown; False: nobody has the other end open any more."""
        if not select.select([self.end], [], [], LOOK_S)[0]:
            return True
        try:
            piece = os.read(self.end, 65536)
        except OSError:
            return False
        self.shown += piece
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return True

    def act(self, action):
        """False: the time for it has not come. A terminal that has hung up is no longer read."""
        kind, _, argument = action.partition(":")
        if kind == "hang-up":
            os.close(self.end)
            self.end = -1
        elif kind == "type":
            os.write(self.end, argument.encode().decode("unicode_escape").encode())
        elif not os.path.exists(argument):
            return False
        else:
            with open(argument, "rb") as keys:
                os.write(self.end, keys.read())
        return True


def main():
    text, action, command = sys.argv[1].encode(), sys.argv[2], sys.argv[3:]
    terminal, done, end = Terminal(command), False, time.monotonic() + WAIT_S
    while terminal.end >= 0 and time.monotonic() < end and terminal.read():
        if not done and text in terminal.shown:
            done = terminal.act(action)
    if time.monotonic() >= end:
        os.kill(terminal.child, 9)
    status = os.waitpid(terminal.child, 0)[1]
    sys.exit(os.waitstatus_to_exitcode(status) if done else 99)


main()
