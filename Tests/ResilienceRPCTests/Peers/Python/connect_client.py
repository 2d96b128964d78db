"""Calls a service with the client of connectrpc, and says what came back, a line for each call."""

import sys

from connectrpc.client import ConnectClientSync
from connectrpc.compat import google_protobuf_binary_codec, google_protobuf_json_codec
from connectrpc.errors import ConnectError
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType

from messages import SERVICE, GetUserRequest, User, WatchRequest


def method(name, request, level=IdempotencyLevel.UNKNOWN, kind=StreamType.UNARY):
    return MethodInfo(
        name=name,
        service_name=SERVICE,
        input=request,
        output=User,
        idempotency_level=level,
        stream_type=kind,
    )


READ = IdempotencyLevel.NO_SIDE_EFFECTS
GET = method("GetUser", GetUserRequest, READ)
CREATE = method("CreateUser", User)
WATCH = method("WatchUsers", WatchRequest, READ, StreamType.SERVER_STREAM)


def say(name, call):
    try:
        print(name, call(), flush=True)
    except ConnectError as error:
        details = ",".join(f"{d.type_name}:{d.message_bytes.hex()}" for d in error.details)
        print(name, error.code.value, error.message, details, flush=True)


def watch(client, request):
    seen = []
    try:
        for user in client.execute_server_stream(request=request, method=WATCH):
            seen.append(str(user.id))
    except ConnectError as error:
        seen.append(error.code.value)
    return " ".join(seen)


def main():
    for codec in [google_protobuf_json_codec(), google_protobuf_binary_codec()]:
        with ConnectClientSync(sys.argv[1], codec=codec, send_compression=None) as client:
            name = codec.name()

            def get(identity, **options):
                request = GetUserRequest(id=identity)
                user = client.execute_unary(request=request, method=GET, **options)
                return f"{user.id} {user.name}"

            say(f"{name} post", lambda: get(7))
            say(f"{name} get", lambda: get(8, use_get=True))
            say(f"{name} missing", lambda: get(100))
            say(f"{name} slow", lambda: get(99, timeout_ms=50))
            say(
                f"{name} create",
                lambda: client.execute_unary(request=User(id=5, name="é"), method=CREATE).name,
            )
            say(f"{name} watch", lambda: watch(client, WatchRequest(count=3)))
            say(f"{name} broken", lambda: watch(client, WatchRequest(count=3, fail_after=2)))


main()
