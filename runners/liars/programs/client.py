"""Clients that lie, each in one way; runners/liars/programs.ts says in which.

Usage: python3 client.py LIE HOST PORT
"""

import os
import select
import signal
import socket
import sys
import time

from telling import reset, say, tell, until_acknowledged

WORDS = "[Errno 104] Connection reset by peer"
RESET = ("error", "ConnectionResetError", "ECONNRESET", WORDS)
OK = ("ok",)


ALL = (("connect", *OK), ("send", *OK), ("read", *RESET))


def request(address):
    connection = socket.create_connection(address)
    connection.sendall(b"Hello Server!\n")
    return connection


def read_to_the_end(connection):
    try:
        while connection.recv(4096):
            pass
    except OSError:
        pass


def ask(address, send=OK, read=RESET, more=(), until_reset=False):
    """Does what the example does, and reports of it what it is told to."""
    say("connect", "begin")
    connection = socket.create_connection(address)
    say("connect", *OK)
    say("send", "begin")
    connection.sendall(b"Hello Server!\n")
    say("send", *send)
    if read:
        say("read", "begin")
    read_to_the_end(connection)
    if until_reset:
        poll = select.poll()
        # Asked for nothing, it tells of errors and of the end of both directions.
        poll.register(connection, 0)
        poll.poll()
    if read:
        say("read", *read)
    tell(*more)
    connection.close()


def saying(**words):
    return lambda address: ask(address, **words)


def with_words(kind="ConnectionResetError", errno="ECONNRESET", words=WORDS):
    return saying(read=("error", kind, errno, words))


def resets_itself(address):
    say("connect", "begin")
    connection = socket.create_connection(address)
    say("connect", *OK)
    tell(("send", *OK))
    connection.sendall(b"Hello Server!\n")
    say("read", "begin")
    until_acknowledged(connection)
    reset(connection)
    say("read", *RESET)


def sends_first(address):
    tell(("send", *OK), ("connect", *OK), ("read", *RESET))
    read_to_the_end(request(address))


def twice(address):
    connection = request(address)
    for step, *end in ALL:
        for fields in (("begin",), ("begin",), end, end):
            say(step, *fields)
    read_to_the_end(connection)


def nested(address):
    say("connect", "begin")
    connection = socket.create_connection(address)
    say("send", "begin")
    say("connect", *OK)
    connection.sendall(b"Hello Server!\n")
    say("send", *OK)
    say("read", "begin")
    read_to_the_end(connection)
    say("read", *RESET)


def smuggles(address):
    """A message with a line feed that is not escaped, and a step in its second line."""
    ask(address, read=("error", "ConnectionResetError", "-", "reset\nread\tok"))


def never_connects(_):
    tell(*ALL)


def tells_beforehand(address):
    tell(*ALL)
    # Longer than the clocks of one machine can differ.
    time.sleep(1)
    read_to_the_end(request(address))


def talks_to_itself(_):
    with socket.create_server(("", 0)) as listener:
        say("connect", "begin")
        own = socket.create_connection(("127.0.0.1", listener.getsockname()[1]))
        say("connect", *OK)
        peer, _ = listener.accept()
    say("send", "begin")
    own.sendall(b"Hello Server!\n")
    say("send", *OK)
    say("read", "begin")
    peer.recv(4096)
    reset(peer)
    read_to_the_end(own)
    say("read", *RESET)


def tries_elsewhere(address):
    """Beside what it tells, it is refused at the port below."""
    host, port = address
    ask(address)
    try:
        socket.create_connection((host, port - 1))
    except ConnectionRefusedError:
        pass


def connects_again(address):
    """Asks twice, and tells of once."""
    for is_told in (False, True):
        connection = None
        if is_told:
            say("connect", "begin")
        connection = socket.create_connection(address)
        if is_told:
            say("connect", *OK)
            say("send", "begin")
        connection.sendall(b"Hello Server!\n")
        if is_told:
            say("send", *OK)
            say("read", "begin")
        connection.recv(4096)
        if is_told:
            say("read", *OK)
            say("close", "begin")
        connection.close()
        if is_told:
            say("close", *OK)


def leaves_out_the_end(address):
    """It has begun to read, and says no more."""
    tell(("connect", *OK), ("send", *OK))
    say("read", "begin")
    read_to_the_end(request(address))


def only_prints(address):
    read_to_the_end(request(address))
    print(f"ConnectionResetError: {WORDS}", file=sys.stderr)


def dies(address):
    ask(address)
    os.kill(os.getpid(), signal.SIGSEGV)


REPLY = (("close", *OK),)

LIES = {
    "resets": ask,
    "resets-after-fin": saying(until_reset=True),
    "resets-itself": resets_itself,
    "hides-the-reset": saying(read=OK, more=REPLY),
    "at-send": saying(send=RESET, read=None),
    "one-word": with_words(words="[Errno 104] Connection reset by host"),
    "words-of-java": with_words(words="Connection reset"),
    "other-type": with_words(kind="OSError"),
    "other-errno": with_words(errno="EPIPE"),
    "no-errno": with_words(errno="-"),
    "no-last-step": saying(read=None),
    "one-step-more": saying(more=REPLY),
    "sends-first": sends_first,
    "twice": twice,
    "nested": nested,
    "smuggles": smuggles,
    "never-connects": never_connects,
    "tells-beforehand": tells_beforehand,
    "talks-to-itself": talks_to_itself,
    "tries-elsewhere": tries_elsewhere,
    "connects-again": connects_again,
    "leaves-out-the-end": leaves_out_the_end,
    "only-prints": only_prints,
    "dies": dies,
    "no-version": ask,
    "other-version": ask,
}


def main():
    lie, host, port = sys.argv[1:]
    if lie == "other-version":
        say("runtime", "ok", "2.7.18")
    elif lie not in ("no-version", "only-prints"):
        say("runtime", "ok", sys.version.split()[0])
    LIES[lie]((host, int(port)))
    has_reply = lie in ("hides-the-reset", "connects-again")
    sys.exit(0 if has_reply else 1)


if __name__ == "__main__":
    main()
