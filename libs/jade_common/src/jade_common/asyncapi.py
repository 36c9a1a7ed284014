"""The AsyncAPI 3.0 document of the whole bus, made of what the workers use: models, subjects, topology.

``python -m jade_common.asyncapi write|check [DOCS]`` writes ``asyncapi.json`` and a JSON schema for each
event, question and answer, or says which of them are stale.
"""

import argparse
import sys
from collections.abc import Mapping
from importlib.metadata import version
from inspect import cleandoc
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from jade_common.asks import ASKS, Refusal
from jade_common.cloudevents import SPEC_VERSION, Attributes, to_headers
from jade_common.events import EVENTS, DeadLetter, Event
from jade_common.subjects import dead_letter, event_type
from jade_common.topology import Topology, topology

COMPONENT = "#/components/schemas/{model}"
JSON = "application/json"
EXAMPLE_SERVER = "127.0.0.1:4222"

Document = dict[str, Any]


def document(wanted: Topology | None = None) -> Document:
    """All subjects: events, their dead letters, questions; streams and consumers as ``x-jetstream``."""
    wanted = wanted or topology()
    models: list[type[BaseModel]] = [
        *EVENTS.values(),
        DeadLetter,
        Refusal,
        *(model for pair in ASKS.values() for model in pair),
    ]
    _, schemas = models_json_schema([(model, "validation") for model in models], ref_template=COMPONENT)
    channels: Document = {}
    operations: Document = {}
    for subject, model in ((name.value, model) for name, model in EVENTS.items()):
        channels[subject] = channel(subject, {model.__name__: event_message(model)}, wanted)
        channels[dead_letter(subject)] = channel(
            dead_letter(subject), {"DeadLetter": message(DeadLetter)}, wanted
        )
    for ask, pair in ((name.value, pair) for name, pair in ASKS.items()):
        reply = f"{ask}.reply"
        channels[ask] = channel(ask, {pair.question.__name__: message(pair.question)}, wanted)
        answers = {model.__name__: message(model) for model in (pair.answer, Refusal)}
        channels[reply] = {"address": None, "messages": answers}
        operations[f"answer {ask}"] = {
            "action": "receive",
            "channel": channel_of(ask),
            "summary": "Core request/reply: answered at once, never behind a backlog.",
            "reply": {
                "address": {
                    "location": "$message.header#/reply-to",
                    "description": "The reply subject of NATS.",
                },
                "channel": channel_of(reply),
            },
        }
    for consumer in wanted.consumers.values():
        durable = {"stream": consumer.stream, "durable": consumer.name, "ack_wait": consumer.ack_wait}
        if consumer.subject in channels:
            operations[consumer.name] = {
                "action": "receive",
                "channel": channel_of(consumer.subject),
                "x-jetstream": durable,
            }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "The bus of Jade", "version": version("jade-common"), "description": about()},
        "servers": {"nats": {"host": EXAMPLE_SERVER, "protocol": "nats"}},
        "defaultContentType": JSON,
        "channels": channels,
        "operations": operations,
        "components": {"schemas": schemas["$defs"]},
    }


def about() -> str:
    """What a reader must know before the first message."""
    return (
        f"CloudEvents {SPEC_VERSION} over NATS: attributes in `ce-*` headers, JSON body; structured mode and"
        " plain JSON are accepted. Unknown fields are ignored. A message that nobody can handle lies on"
        " `dead.<subject>`, with the reason."
    )


def channel(address: str, messages: Document, wanted: Topology) -> Document:
    """One subject, with the stream that keeps it."""
    found: Document = {"address": address, "messages": messages}
    for name, stream in wanted.streams.items():
        if any(covers(pattern, address) for pattern in stream.subjects or ()):
            found["x-jetstream"] = {
                "stream": name,
                "max_age": stream.max_age,
                "duplicates": stream.duplicate_window,
            }
    return found


def covers(pattern: str, subject: str) -> bool:
    """Whether a stream that takes ``pattern`` keeps ``subject``.

    >>> covers("dead.>", "dead.scan.finding"), covers("scan.report", "scan.finding")
    (True, False)
    """
    return pattern == subject or (pattern.endswith(".>") and subject.startswith(pattern[:-1]))


def channel_of(address: str) -> dict[str, str]:
    """A reference to a channel."""
    return {"$ref": f"#/channels/{address}"}


def message(model: type[BaseModel]) -> Document:
    """A message whose body is ``model``."""
    summary = cleandoc(model.__doc__ or model.__name__).splitlines()[0]
    payload = {"$ref": COMPONENT.format(model=model.__name__)}
    return {"name": model.__name__, "summary": summary, "contentType": JSON, "payload": payload}


def event_message(model: type[Event]) -> Document:
    """A message with the headers of an event."""
    kind = event_type(model.subject)
    headers = to_headers(Attributes("<id>", "<source>", kind, "<correlation>", "<causation>", "<dataref>"))
    optional = set(headers) - set(to_headers(Attributes("<id>", "<source>", kind, "<correlation>")))
    fixed = {"ce-specversion": SPEC_VERSION, "ce-type": kind, "ce-datacontenttype": JSON}
    properties = {
        name: {"type": "string"} | ({"const": fixed[name]} if name in fixed else {}) for name in headers
    }
    required = [name for name in headers if name not in optional]
    return message(model) | {"headers": {"type": "object", "properties": properties, "required": required}}


def schema(model: type[BaseModel], name: str) -> Document:
    """The JSON schema of what travels as ``name``."""
    identity = f"urn:jade:{event_type(name)}"
    return {"$schema": GenerateJsonSchema.schema_dialect, "$id": identity} | model.model_json_schema()


def contracts() -> dict[str, type[BaseModel]]:
    """All that travels, by its name: events, the dead letter, questions and their answers."""
    found: dict[str, type[BaseModel]] = {subject.value: model for subject, model in EVENTS.items()}
    found["dead.letter"] = DeadLetter
    for ask, pair in ASKS.items():
        found |= {ask.value: pair.question, f"{ask}.reply": pair.answer}
    return found


def texts() -> dict[str, bytes]:
    """All files, by their path under the docs folder."""
    schemas = {f"events/{name}.schema.json": schema(model, name) for name, model in contracts().items()}
    return {name: encoded(content) for name, content in {"asyncapi.json": document(), **schemas}.items()}


def encoded(content: Document) -> bytes:
    """The bytes of a document: sorted, so that they are the same from run to run."""
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def stale(folder: Path, wanted: Mapping[str, bytes]) -> list[str]:
    """Files under ``folder`` that are not as ``wanted``, and event schemas that nothing writes any more."""
    found = [
        name
        for name, text in wanted.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != text
    ]
    there = {f"events/{path.name}" for path in (folder / "events").glob("*.schema.json")}
    return sorted([*found, *(there - set(wanted))])


def write(folder: Path, wanted: Mapping[str, bytes]) -> None:
    """Write what is stale under ``folder``, and remove what nothing writes any more."""
    for name in stale(folder, wanted):
        path = folder / name
        if name not in wanted:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wanted[name])


def main(action: str, folder: Path) -> int:
    """Write the files, or say which are stale."""
    wanted = texts()
    if action == "write":
        write(folder, wanted)
    found = stale(folder, wanted)
    for name in found:
        sys.stderr.write(f"{folder / name} is stale: run `python -m jade_common.asyncapi write`\n")
    return 1 if found else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m jade_common.asyncapi", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("action", choices=["write", "check"])
    parser.add_argument("docs", nargs="?", type=Path, default=Path("docs"))
    arguments = parser.parse_args()
    raise SystemExit(main(arguments.action, arguments.docs))
