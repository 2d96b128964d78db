"""A Connect server, written with connectrpc; it speaks gRPC-Web as well."""

import asyncio
import socket

import uvicorn
from connectrpc.code import Code
from connectrpc.compat import google_protobuf_codecs
from connectrpc.errors import ConnectError, ErrorDetail
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.server import ConnectASGIApplication, Endpoint
from protobuf.wkt import Any

import behaviour
from messages import SERVICE, GetUserRequest, User, WatchRequest

CODES = [None] + list(Code)  # in the order of their numbers


def user(identity):
    return User(id=identity, name=f"user {identity}")


def unavailable(ctx, pushback=None):
    if pushback is not None:
        ctx.response_trailers["grpc-retry-pushback-ms"] = str(pushback)
    return ConnectError(Code.UNAVAILABLE, "not yet")


async def get_user(request, ctx):
    key = ctx.request_headers.get("x-key", "")
    number = behaviour.count(key)
    behaviour.note(f"method {ctx.http_method} {key}")
    identity = request.id
    ctx.response_headers["x-seen"] = ctx.request_headers.get("x-tenant", "nobody")
    ctx.response_trailers["x-cost"] = "7"
    if identity == 100:
        detail = Any(
            type_url="type.googleapis.com/acme.v1.User", value=User(id=7).SerializeToString()
        )
        raise ConnectError(Code.NOT_FOUND, "no user 100: ä %", [ErrorDetail(detail)])
    if 200 < identity < 300:
        raise ConnectError(CODES[identity - 200], f"code {identity - 200}")
    if identity == 300:
        try:
            await asyncio.sleep(20)
        except asyncio.CancelledError:
            behaviour.note(f"ended {key}")
            raise
    if 400 <= identity < 500 and number <= identity - 400:
        raise unavailable(ctx)
    if identity == 500:
        return User(id=500, name=behaviour.log())
    if identity == 600 and number == 1:
        raise unavailable(ctx, 20)
    return user(identity)


async def create_user(request, ctx):
    behaviour.count(ctx.request_headers.get("x-key", ""))
    return request


async def watch_users(request, ctx):
    key = ctx.request_headers.get("x-key", "")
    number = behaviour.count(key)
    ctx.response_headers["x-seen"] = ctx.request_headers.get("x-tenant", "nobody")
    ctx.response_trailers["x-cost"] = str(request.count)
    if request.fail_after < 0 and number <= -request.fail_after:
        raise unavailable(ctx)
    identity = 0
    try:
        while request.count < 0 or identity < request.count:
            identity += 1
            if 0 < request.fail_after < identity:
                raise ConnectError(Code.DATA_LOSS, "the rest is gone")
            yield user(identity)
            if request.count < 0:
                await asyncio.sleep(0.01)
    except (asyncio.CancelledError, GeneratorExit):
        behaviour.note(f"ended {key}")
        raise


def method(name, request, response, level, kind):
    return MethodInfo(
        name=name,
        service_name=SERVICE,
        input=request,
        output=response,
        idempotency_level=level,
        stream_type=kind,
    )


class Application(ConnectASGIApplication):
    @property
    def path(self):
        return f"/{SERVICE}"

    def __init__(self):
        read = IdempotencyLevel.NO_SIDE_EFFECTS
        unary, stream = StreamType.UNARY, StreamType.SERVER_STREAM
        create = method("CreateUser", User, User, IdempotencyLevel.UNKNOWN, unary)
        get = method("GetUser", GetUserRequest, User, read, unary)
        watch = method("WatchUsers", WatchRequest, User, read, stream)
        endpoints = {
            f"/{SERVICE}/GetUser": Endpoint.unary(get, get_user),
            f"/{SERVICE}/CreateUser": Endpoint.unary(create, create_user),
            f"/{SERVICE}/WatchUsers": Endpoint.server_stream(watch, watch_users),
        }
        super().__init__(
            service=None, endpoints=lambda _: endpoints, codecs=google_protobuf_codecs()
        )


def main():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(100)  # from here on clients may connect, and wait until uvicorn is ready
    behaviour.announce(listener.getsockname()[1])
    config = uvicorn.Config(Application(), log_level="error", lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])


main()
