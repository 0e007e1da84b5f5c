"""A client that sends one line and reads one line over TLS.

Usage: python3 ask_tls.py HOST PORT
"""

import socket
import ssl
import sys

import steps


def ask(host, port):
    """Returns the line that the server answered, or nothing if it gave no answer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Good enough for an example: the client speaks to whoever answers.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    plain = steps.run("connect", lambda: socket.create_connection((host, port)))
    with context.wrap_socket(plain, do_handshake_on_connect=False) as server:
        # Flushed, because what comes next may wait for ever.
        print(f"Connected to {host}:{port}.", flush=True)
        try:
            steps.run("handshake", server.do_handshake)
        except ConnectionResetError:
            raise
        except OSError as error:
            sys.exit(f"TLS handshake failed: {error}")
        steps.run("send", lambda: server.sendall(b"Hello Server!\n"))
        # A socket stays open while a file made from it is open, so the file ends first.
        with server.makefile("rb") as lines:
            reply = steps.run("read", lines.readline)
        steps.run("close", server.close)
    return reply


def main():
    try:
        host, port = sys.argv[1:]
        port = int(port)
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        print("Usage: python3 ask_tls.py HOST PORT", file=sys.stderr)
        sys.exit(2)
    # With a text, sys.exit() prints it on standard error, and the exit status is 1.
    try:
        reply = ask(host, port)
    except ConnectionRefusedError:
        sys.exit(f"Connection refused: nothing listens on {host}:{port}.")
    except ConnectionResetError:
        sys.exit(
            "Connection reset: the server or something on the way aborted the"
            " connection."
        )
    except OSError as error:
        sys.exit(f"Connection failed: {error}")
    if not reply:
        sys.exit("The server closed the connection without a reply.")
    print("The server said:", reply.decode().rstrip("\n"))


if __name__ == "__main__":
    main()
