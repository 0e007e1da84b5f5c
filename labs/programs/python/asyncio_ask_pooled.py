"""A client that keeps its connection, and asks again when Enter is pressed, with asyncio.

Usage: python3 asyncio_ask_pooled.py HOST PORT
"""

import asyncio
import sys

import steps


async def send(writer, line):
    writer.write(line)
    await writer.drain()


async def close(writer):
    writer.close()
    await writer.wait_closed()


async def ask(reader, writer):
    """Returns the line that the server answered, or nothing if it gave no answer."""
    await steps.wait_for("send", send(writer, b"Hello Server!\n"))
    reply = await steps.wait_for("read", reader.readline())
    if reply:
        print("The server said:", reply.decode().rstrip("\n"), flush=True)
    return reply


async def ask_twice(host, port):
    connection = asyncio.open_connection(host, port)
    reader, writer = await steps.wait_for("connect", connection)
    # Flushed, because what comes next may wait for ever.
    print(f"Connected to {host}:{port}.", flush=True)
    reply = await ask(reader, writer)
    if reply:
        # asyncio goes on reading from the connection meanwhile.
        await steps.wait_for("pause", asyncio.to_thread(sys.stdin.readline))
        reply = await ask(reader, writer)
    await steps.wait_for("close", close(writer))
    return reply


def main():
    try:
        host, port = sys.argv[1:]
        port = int(port)
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        print("Usage: python3 asyncio_ask_pooled.py HOST PORT", file=sys.stderr)
        sys.exit(2)
    # With a text, sys.exit() prints it on standard error, and the exit status is 1.
    try:
        reply = asyncio.run(ask_twice(host, port))
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


if __name__ == "__main__":
    main()
