"""Reads messages and writes them again, as others do.

Standard input is a sequence of records: a byte for what to do, four bytes of length, highest first,
and as many bytes. Standard output is a sequence of the same form: `=` and the answer, or `!` and why
there is none.

    b  a message in the binary format, which comes back in it
    J  a message as JSON, which comes back in the binary format
    c  four bytes of length, a message in the binary format, and the same one as JSON, or nothing for one
       that the other side does not read; comes back as JSON if both sides read the same, or neither any.
       `unsettled` comes back for an entry of a map with a field that is not known in it: this parser takes
       the whole entry as not known, and those of C++ and Java the field alone, as ours does
    m  a seed, as text, of a message that is made here; four bytes of length, the message in the binary
       format, and as JSON

What is not known is discarded before anything is compared or written: else it would come back as it
came, whatever was understood of it.
"""

import math
import random
import struct
import sys

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.unknown_fields import UnknownFieldSet

from messages import Everything

MAPS = range(50, 55)
LENGTH_DELIMITED = 2


class Different(Exception):
    pass


class Unsettled(Exception):
    pass


def read(payload):
    message = Everything.FromString(payload)
    for field in UnknownFieldSet(message):
        if field.field_number in MAPS and field.wire_type == LENGTH_DELIMITED:
            raise Unsettled()
    message.DiscardUnknownFields()
    return message


def as_dict(message):
    """What JSON says of a message. A minus zero is a zero there: parsers make an integer of it."""
    for name in ["float", "double"]:
        if getattr(message, name) == 0:
            message.ClearField(name)
    return json_format.MessageToDict(message)


def sized(first, second):
    return struct.pack(">I", len(first)) + first + second


def parts(payload):
    length = struct.unpack(">I", payload[:4])[0]
    return payload[4 : 4 + length], payload[4 + length :]


def compare(payload):
    binary, text = parts(payload)
    try:
        theirs = read(binary)
    except Unsettled:
        return b"unsettled"
    except Exception as error:
        if text:
            raise Different(f"read there, and not here: {error}") from error
        return b""
    if not text:
        raise Different("read here, and not there")
    ours = json_format.Parse(text, Everything())
    here, there = as_dict(theirs), as_dict(ours)
    if here != there:
        fields = {name for name in {*here, *there} if here.get(name) != there.get(name)}
        raise Different(f"{[(name, here.get(name), there.get(name)) for name in sorted(fields)]}")
    return json_format.MessageToJson(theirs, indent=None).encode()


EDGES = [0, 1, -1, 127, 128, 2**31 - 1, 2**31, -(2**31), 2**32 - 1, 2**63 - 1, -(2**63), 2**64 - 1]
TEXTS = ["", "a", "é", "中文", "👩\u200d👩", "\0", '"\\/\n', "a longer text than others " * 6]
RANGES = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
}


def value(field, chance):
    kind = field.cpp_type
    if kind in RANGES:
        low, high = RANGES[kind]
        fitting = [edge for edge in EDGES if low <= edge <= high]
        return chance.choice(fitting) if chance.random() < 0.6 else chance.randint(low, high)
    if kind == FieldDescriptor.CPPTYPE_BOOL:
        return chance.random() < 0.5
    if kind == FieldDescriptor.CPPTYPE_ENUM:
        return chance.choice([0, 1, 2, 3, -1, 2**31 - 1])
    if kind == FieldDescriptor.CPPTYPE_STRING:
        if field.type == FieldDescriptor.TYPE_BYTES:
            return chance.randbytes(chance.choice([0, 1, 2, 3, 5, 200]))
        return "".join(chance.choices(TEXTS, k=chance.randint(0, 3)))
    number = chance.choice([0.0, 1.0, -1.5, 0.1, 1e30, -1e-30, chance.uniform(-1e6, 1e6)])
    if chance.random() < 0.1:
        number = chance.choice([math.inf, -math.inf])
    return number


def fill(message, chance, depth):
    for field in message.DESCRIPTOR.fields:
        if chance.random() < 0.6:
            continue
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            entry = field.message_type.fields_by_name
            for _ in range(chance.randint(0, 4)):
                key = value(entry["key"], chance)
                if entry["value"].message_type is not None:
                    fill(getattr(message, field.name)[key], chance, depth - 1)
                else:
                    getattr(message, field.name)[key] = value(entry["value"], chance)
        elif field.message_type is not None:
            if depth <= 0:
                continue
            if field.is_repeated:
                for _ in range(chance.randint(0, 3)):
                    fill(getattr(message, field.name).add(), chance, depth - 1)
            else:
                getattr(message, field.name).SetInParent()
                fill(getattr(message, field.name), chance, depth - 1)
        elif field.is_repeated:
            count = chance.randint(0, 4)
            getattr(message, field.name).extend(value(field, chance) for _ in range(count))
        else:
            setattr(message, field.name, value(field, chance))


def made(seed):
    message = Everything()
    fill(message, random.Random(int(seed)), 3)
    text = json_format.MessageToJson(message, indent=None)
    return sized(message.SerializeToString(), text.encode())


def answer(kind, payload):
    if kind == b"J":
        return json_format.Parse(payload, Everything()).SerializeToString(deterministic=True)
    if kind == b"c":
        return compare(payload)
    if kind == b"m":
        return made(payload)
    return read(payload).SerializeToString(deterministic=True)


def main():
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(5):
        kind, length = head[:1], struct.unpack(">I", head[1:])[0]
        payload = source.read(length)
        try:
            kind, payload = b"=", answer(kind, payload)
        except Exception as error:  # whatever they do not read
            text = f"{type(error).__name__}: {error}"
            kind, payload = b"!", text.encode(errors="replace")[:2_000]
        sink.write(kind + struct.pack(">I", len(payload)) + payload)
    sink.flush()


main()
