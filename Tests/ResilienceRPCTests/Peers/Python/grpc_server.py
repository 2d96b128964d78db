"""A gRPC server behind Envoy, which translates gRPC-Web."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from concurrent import futures

import grpc

import behaviour
from messages import SERVICE, GetUserRequest, User, WatchRequest

CODES = {code.value[0]: code for code in grpc.StatusCode}


def user(identity):
    return User(id=identity, name=f"user {identity}")


def metadata(context):
    return dict(context.invocation_metadata())


def fail(context, code, message, *trailers):
    context.set_trailing_metadata((("x-cost", "9"), *trailers))
    context.abort(code, message)


def varint(number, payload):
    return bytes([number << 3 | 2, len(payload)]) + payload


def get_user(request, context):
    seen = metadata(context)
    key = seen.get("x-key", "")
    number = behaviour.count(key)
    behaviour.note(f"attempt {key} {seen.get('grpc-previous-rpc-attempts', '0')}")
    identity = request.id
    if identity < 100:
        context.send_initial_metadata((("x-seen", seen.get("x-tenant", "nobody")),))
    if identity == 100:
        detail = varint(1, b"type.googleapis.com/acme.v1.User") + varint(2, b"\x08\x07")
        status = b"\x08\x05" + varint(2, "no user 100: ä %".encode()) + varint(3, detail)
        fail(
            context,
            grpc.StatusCode.NOT_FOUND,
            "no user 100: ä %",
            ("grpc-status-details-bin", status),
        )
    if 200 < identity < 300:
        fail(context, CODES[identity - 200], f"code {identity - 200}")
    if identity == 300:
        left = context.time_remaining()
        if left is not None and left < 10:
            behaviour.note(f"deadline {key}")
        context.add_callback(lambda: behaviour.note(f"ended {key}"))
        while context.is_active():
            time.sleep(0.005)
        return user(identity)
    if 400 <= identity < 500 and number <= identity - 400:
        fail(context, grpc.StatusCode.UNAVAILABLE, "not yet")
    if identity == 500:
        return User(id=500, name=behaviour.log())
    if identity == 600 and number == 1:
        pushback = ("grpc-retry-pushback-ms", "20")
        fail(context, grpc.StatusCode.UNAVAILABLE, "not yet", pushback)
    context.set_trailing_metadata((("x-cost", "7"),))
    return user(identity)


def create_user(request, context):
    behaviour.count(metadata(context).get("x-key", ""))
    return request


def watch_users(request, context):
    seen = metadata(context)
    key = seen.get("x-key", "")
    number = behaviour.count(key)
    context.set_trailing_metadata((("x-cost", str(request.count)),))
    if request.fail_after < 0 and number <= -request.fail_after:
        fail(context, grpc.StatusCode.UNAVAILABLE, "not yet")
    context.add_callback(lambda: behaviour.note(f"ended {key}"))
    identity = 0
    while (request.count < 0 or identity < request.count) and context.is_active():
        identity += 1
        if 0 < request.fail_after < identity:
            fail(context, grpc.StatusCode.DATA_LOSS, "the rest is gone")
        yield user(identity)
        if request.count < 0:
            time.sleep(0.01)


def handlers():
    def unary(function, request):
        return grpc.unary_unary_rpc_method_handler(
            function, request.FromString, User.SerializeToString
        )

    stream = grpc.unary_stream_rpc_method_handler(
        watch_users, WatchRequest.FromString, User.SerializeToString
    )
    return grpc.method_handlers_generic_handler(
        SERVICE,
        {
            "GetUser": unary(get_user, GetUserRequest),
            "CreateUser": unary(create_user, User),
            "WatchUsers": stream,
        },
    )


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def address(port):
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def envoy_config(port, upstream):
    kinds = "type.googleapis.com/envoy.extensions."
    web = {"@type": kinds + "filters.http.grpc_web.v3.GrpcWeb"}
    router = {"@type": kinds + "filters.http.router.v3.Router"}
    route = {
        "match": {"prefix": "/"},
        # Envoy passes the client's timeout on, and leaves it to the server to heed it.
        "route": {"cluster": "grpc", "timeout": "0s"},
    }
    manager = {
        "@type": kinds + "filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "web",
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        "http_filters": [
            {"name": "grpc_web", "typed_config": web},
            {"name": "router", "typed_config": router},
        ],
    }
    http2 = {
        "@type": kinds + "upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {"http2_protocol_options": {}},
    }
    endpoint = {"endpoint": {"address": address(upstream)}}
    cluster = {
        "name": "grpc",
        "type": "STATIC",
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": http2
        },
        "load_assignment": {
            "cluster_name": "grpc",
            "endpoints": [{"lb_endpoints": [endpoint]}],
        },
    }
    listener = {
        "name": "web",
        "address": address(port),
        "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
    }
    return {"static_resources": {"listeners": [listener], "clusters": [cluster]}}


def start_envoy(upstream):
    port = free_port()
    config = json.dumps(envoy_config(port, upstream))
    binary = os.path.join(os.path.dirname(__import__("envoy").__file__), "_bin", "envoy")
    arguments = ["--config-yaml", config, "--log-level", "error"]
    arguments += ["--concurrency", "1", "--disable-hot-restart"]
    log = tempfile.TemporaryFile()
    proxy = subprocess.Popen([binary, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    behaviour.at_end(proxy.kill)
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return port
        except OSError:
            if proxy.poll() is not None:
                log.seek(0)
                sys.exit(log.read().decode(errors="replace"))
            time.sleep(0.02)
    proxy.kill()
    sys.exit("the proxy does not listen")


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
    server.add_generic_rpc_handlers((handlers(),))
    upstream = server.add_insecure_port("127.0.0.1:0")
    server.start()
    behaviour.announce(start_envoy(upstream))
    server.wait_for_termination()


main()
