"""A client that sends one line and reads one line over TLS, with asyncio.

Usage: python3 asyncio_ask_tls.py HOST PORT
"""

import asyncio
import ssl
import sys

import steps


async def send(writer, line):
    writer.write(line)
    await writer.drain()


async def close(writer):
    writer.close()
    await writer.wait_closed()


async def ask(host, port):
    """Returns the line that the server answered, or nothing if it gave no answer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Good enough for an example: the client speaks to whoever answers.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = asyncio.open_connection(host, port)
    reader, writer = await steps.wait_for("connect", connection)
    # Flushed, because what comes next may wait for ever.
    print(f"Connected to {host}:{port}.", flush=True)
    try:
        await steps.wait_for("handshake", writer.start_tls(context))
    except OSError as error:
        # An end of file is a ConnectionResetError, too, but no system call has met it.
        if isinstance(error, ConnectionResetError) and error.errno:
            raise
        sys.exit(f"TLS handshake failed: {error}")
    await steps.wait_for("send", send(writer, b"Hello Server!\n"))
    reply = await steps.wait_for("read", reader.readline())
    await steps.wait_for("close", close(writer))
    return reply


def main():
    try:
        host, port = sys.argv[1:]
        port = int(port)
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        print("Usage: python3 asyncio_ask_tls.py HOST PORT", file=sys.stderr)
        sys.exit(2)
    # With a text, sys.exit() prints it on standard error, and the exit status is 1.
    try:
        reply = asyncio.run(ask(host, port))
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
