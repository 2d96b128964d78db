"""Reads messages and writes them again, as others do.

Standard input is a sequence of records: a byte for what to do, four bytes of length, highest first,
and as many bytes. Standard output is a sequence of the same form: the answer, or `!` if there is none.

    b  a message in the binary format, which comes back in it
    j  a message in the binary format, which comes back as JSON
    J  a message as JSON, which comes back in the binary format
"""

import struct
import sys

from google.protobuf import json_format

from messages import Everything


def answer(kind, payload):
    if kind == b"J":
        return json_format.Parse(payload, Everything()).SerializeToString(deterministic=True)
    message = Everything.FromString(payload)
    if kind == b"j":
        return json_format.MessageToJson(message, indent=None).encode()
    return message.SerializeToString(deterministic=True)


def main():
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(5):
        kind, length = head[:1], struct.unpack(">I", head[1:])[0]
        payload = source.read(length)
        try:
            kind, payload = b"=", answer(kind, payload)
        except Exception as error:  # whatever they do not read
            kind, payload = b"!", str(error).encode(errors="replace")[:200]
        sink.write(kind + struct.pack(">I", len(payload)) + payload)
    sink.flush()


main()
