"""Servers that lie, each in one way; runners/liars/programs.ts says in which.

Usage: python3 server.py LIE PORT BEHAVIOUR
"""

import select
import socket
import sys

from telling import reset, say, tell, until_acknowledged


AS_PROMISED = (("accept", "ok"), ("read", "ok"), ("abort", "ok"))


def accept(port):
    with socket.create_server(("", port)) as listener:
        tell(("listen", "ok"))
        connection, _ = listener.accept()
    return connection


def fin_before_reset(port):
    connection = accept(port)
    connection.recv(4096)
    connection.shutdown(socket.SHUT_WR)
    until_acknowledged(connection)
    reset(connection)
    tell(*AS_PROMISED)


def does_not_read(port):
    """The request is unread when it closes: a reset as well, for another reason."""
    connection = accept(port)
    select.select([connection], [], [])
    connection.close()
    tell(*AS_PROMISED)


def does_not_listen(_):
    tell(("listen", "ok"), *AS_PROMISED)


LIES = {
    "fin-before-reset": fin_before_reset,
    "does-not-read": does_not_read,
    "does-not-listen": does_not_listen,
}


def main():
    lie, port, _ = sys.argv[1:]
    say("runtime", "ok", sys.version.split()[0])
    LIES[lie](int(port))


if __name__ == "__main__":
    main()
