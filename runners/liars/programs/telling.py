"""What the liars share: they report what they like, in the format of docs/programs.md."""

import fcntl
import os
import socket
import struct
import termios
import time

_report = open(os.environ["LAB_STEPS"], "ab", 0)


def say(step, *fields):
    words = (str(time.time_ns() // 1000), step, *fields)
    _report.write("\t".join(words).encode() + b"\n")


def tell(*steps):
    """Steps that have ended as soon as they began: (step, outcome, ...)."""
    for step, *end in steps:
        say(step, "begin")
        say(step, *end)


def reset(connection):
    # Lingering for 0 seconds makes close() throw the connection away: a reset.
    linger = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.close()


def until_acknowledged(connection):
    """Waits until the other side has acknowledged all that was sent, a FIN, too.

    What it acknowledges later would meet no socket, and be answered by another reset.
    """
    fin_wait_1 = 4
    while (
        struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, b"\0" * 4))[0]
        or connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
        == fin_wait_1
    ):
        time.sleep(0.001)
