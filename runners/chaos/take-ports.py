"""Takes TCP ports of the network namespace in which it runs, until its standard input ends.

usage: take-ports.py FIRST LAST   says "taken" when it has all of them
"""

import errno
import resource
import socket
import sys

first, last = int(sys.argv[1]), int(sys.argv[2])
wanted = last - first + 100
resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(wanted, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
taken = []
for port in range(first, last + 1):
    # Of IPv6 and of IPv4.
    listener = socket.socket(socket.AF_INET6)
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    try:
        listener.bind(("::", port))
        listener.listen(1)
    except OSError as error:
        # Taken by somebody else, it is taken.
        if error.errno != errno.EADDRINUSE:
            raise
    taken.append(listener)
print("taken", flush=True)
sys.stdin.read()
