"""The messages of the tests, made at run time from a description: there is no generated code."""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "acme.v1"
SERVICE = "acme.v1.UserService"
_Field = descriptor_pb2.FieldDescriptorProto


def _add(message, number, name, kind, repeated=False, optional=False, of=None):
    field = message.field.add(name=name, number=number, type=getattr(_Field, "TYPE_" + kind))
    field.label = _Field.LABEL_REPEATED if repeated else _Field.LABEL_OPTIONAL
    if of:
        field.type_name = of
    if optional:
        field.proto3_optional = True
        field.oneof_index = len(message.oneof_decl)
        message.oneof_decl.add(name="_" + name)
    return field


def _map(message, number, name, key, value, of=None):
    entry = message.nested_type.add(
        name="".join(part.capitalize() for part in name.split("_")) + "Entry"
    )
    entry.options.map_entry = True
    _add(entry, 1, "key", key)
    _add(entry, 2, "value", value, of=of)
    _add(message, number, name, "MESSAGE", True, of=f".{PACKAGE}.{message.name}.{entry.name}")


def _describe():
    file = descriptor_pb2.FileDescriptorProto(
        name="acme/v1/users.proto", package=PACKAGE, syntax="proto3"
    )
    user = file.message_type.add(name="User")
    _add(user, 1, "id", "INT64")
    _add(user, 2, "name", "STRING")
    get = file.message_type.add(name="GetUserRequest")
    _add(get, 1, "id", "INT64")
    _add(get, 2, "padding", "STRING")
    watch = file.message_type.add(name="WatchRequest")
    _add(watch, 1, "count", "INT32")
    _add(watch, 2, "fail_after", "INT32")

    color = file.enum_type.add(name="Color")
    for number, name in enumerate(["COLOR_UNSPECIFIED", "COLOR_RED", "COLOR_BLUE"]):
        color.value.add(name=name, number=number)
    every = file.message_type.add(name="Everything")
    inner = every.nested_type.add(name="Inner")
    inner_type = f".{PACKAGE}.Everything.Inner"
    _add(inner, 1, "name", "STRING")
    _add(inner, 2, "count", "INT64")
    _add(inner, 3, "child", "MESSAGE", True, of=inner_type)
    color_type = f".{PACKAGE}.Color"
    singles = "INT32 INT64 UINT32 UINT64 SINT32 SINT64 FIXED32 FIXED64 SFIXED32 SFIXED64"
    singles += " BOOL FLOAT DOUBLE"
    for number, kind in enumerate(singles.split(), 1):
        _add(every, number, kind.lower(), kind)
    _add(every, 14, "text", "STRING")
    _add(every, 15, "bytes", "BYTES")
    _add(every, 16, "color", "ENUM", of=color_type)
    _add(every, 17, "inner", "MESSAGE", of=inner_type)
    _add(every, 20, "optional_int32", "INT32", optional=True)
    _add(every, 21, "optional_text", "STRING", optional=True)
    _add(every, 22, "optional_bool", "BOOL", optional=True)
    _add(every, 23, "optional_color", "ENUM", optional=True, of=color_type)
    lists = "INT32 INT64 UINT64 SINT64 FIXED32 SFIXED64 BOOL FLOAT DOUBLE"
    for number, kind in enumerate(lists.split(), 30):
        _add(every, number, kind.lower() + "_list", kind, True)
    _add(every, 39, "text_list", "STRING", True)
    _add(every, 40, "bytes_list", "BYTES", True)
    _add(every, 41, "color_list", "ENUM", True, of=color_type)
    _add(every, 42, "inner_list", "MESSAGE", True, of=inner_type)
    _map(every, 50, "text_to_int", "STRING", "INT32")
    _map(every, 51, "int_to_text", "INT64", "STRING")
    _map(every, 52, "bool_to_inner", "BOOL", "MESSAGE", of=inner_type)
    _map(every, 53, "zig_zag_to_color", "SINT32", "ENUM", of=color_type)
    _map(every, 54, "fixed_to_bytes", "FIXED64", "BYTES")
    _add(every, 536870911, "far", "INT32")
    return file


_pool = descriptor_pool.DescriptorPool()
_pool.Add(_describe())


def _class(name):
    return message_factory.GetMessageClass(_pool.FindMessageTypeByName(f"{PACKAGE}.{name}"))


User = _class("User")
GetUserRequest = _class("GetUserRequest")
WatchRequest = _class("WatchRequest")
Everything = _class("Everything")
