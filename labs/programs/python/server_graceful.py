"""A server that finishes what it has begun when it is told to end with SIGTERM.

Usage: python3 server_graceful.py PORT
"""

import errno
import os
import select
import signal
import socket
import sys

import listening
import steps


class Server:
    def __init__(self, listener, alarm):
        self.listener = listener
        self.alarm = alarm
        self.client = None
        self.received = b""
        self.stopping = False

    def serve(self):
        while not self.stopping:
            try:
                self.client, _ = self.run("accept", self.accept)
            except InterruptedError:
                return
            try:
                self.answer()
                if self.stopping:
                    steps.run("shutdown", lambda: self.client.shutdown(socket.SHUT_WR))
                    steps.run("drain", self.drain)
            except OSError:
                pass  # It is closed, too, and the next client is served.
            steps.run("close", self.client.close)
            self.client, self.received = None, b""

    def answer(self):
        """Answers each line until the end of file, or until SIGTERM."""
        try:
            while not self.stopping:
                self.run("work", self.work)
                if not self.run("read", self.read):
                    return
                steps.run("send", lambda: self.client.sendall(b"Hello Client!\n"))
        except InterruptedError:
            return

    def run(self, step, operation):
        """Runs a step that waits. After SIGTERM it goes on if a request has come."""
        try:
            return steps.run(step, operation)
        except InterruptedError:
            self.stopping = True
            steps.run("stop", self.listener.close)
            if not self.has_request():
                raise
            return steps.run(step, operation)

    def wait_for(self, source):
        sources = [source] if self.stopping else [source, self.alarm]
        readable, _, _ = select.select(sources, [], [])
        if self.alarm in readable:
            # What the system says when a signal interrupts a call.
            raise InterruptedError(errno.EINTR, os.strerror(errno.EINTR))

    def accept(self):
        self.wait_for(self.listener)
        return self.listener.accept()

    def work(self):
        """Waits for Enter, byte by byte: select() does not know of lines read ahead."""
        self.wait_for(sys.stdin)
        while os.read(sys.stdin.fileno(), 1) not in (b"\n", b""):
            self.wait_for(sys.stdin)

    def read(self):
        while b"\n" not in self.received:
            self.wait_for(self.client)
            data = self.client.recv(4096)
            if not data:
                return b""
            self.received += data
        line, self.received = self.received.split(b"\n", 1)
        return line + b"\n"

    def drain(self):
        while self.client.recv(4096):
            pass

    def has_request(self):
        """Whether a request has come, or its beginning; the end of file is none."""
        if self.received or self.client is None:
            return bool(self.received)
        readable, _, _ = select.select([self.client], [], [], 0)
        return bool(readable and self.client.recv(1, socket.MSG_PEEK))


def main():
    try:
        (port,) = sys.argv[1:]
        port = int(port)
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        print("Usage: python3 server_graceful.py PORT", file=sys.stderr)
        sys.exit(2)
    # SIGTERM becomes a byte that stays until select() sees it: a signal that comes just
    # before the wait begins is not missed. Without a handler it would end the process.
    alarm, alarm_input = socket.socketpair()
    alarm_input.setblocking(False)
    signal.set_wakeup_fd(alarm_input.fileno())
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with steps.run("listen", lambda: listening.on(port)) as listener:
            Server(listener, alarm).serve()
    except OSError as error:
        sys.exit(f"Connection failed: {error}")


if __name__ == "__main__":
    main()
