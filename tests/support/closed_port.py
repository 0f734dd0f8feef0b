#!/usr/bin/env python3
"""An address of this machine at which nobody listens, and nobody else can begin to: the port is taken.

usage: closed_port.py FILE

FILE gets the port. Whoever connects is refused. Stays until it is killed.
"""
import os
import signal
import socket
import sys

taken = socket.socket()
taken.bind(("127.0.0.1", 0))
with open(sys.argv[1] + ".new", "w", encoding="ascii") as file:
    print(taken.getsockname()[1], file=file)
os.rename(sys.argv[1] + ".new", sys.argv[1])
signal.pause()
