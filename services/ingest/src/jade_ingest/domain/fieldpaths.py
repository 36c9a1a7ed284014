"""Fields of a resource: the ways in which tools write them, and the ways in which they only hint at them."""

import re
from typing import Any

from jade_policy.manifests import Manifest
from jade_policy.pointers import join, of, split
from jade_policy.resources import containers, identity, pod_pointer, pod_spec

MAX_STEPS = 64
"""Deeper than any object that Jade reads."""

_STEP = re.compile(r"\[(?:\"([^\"\]]*)\"|'([^'\]]*)'|([^\]]*))\]|([^./\[\]]+)")
_CONTAINER = re.compile(r"[Cc]ontainer:?\s+(?:[\"'<`]([^\"'>`]+)[\"'>`]|([a-z0-9][a-z0-9.-]*)(?=[\s,.;:]|$))")
_DOTTED = re.compile(
    r"(?<![\w./])/?[A-Za-z]\w*(?:\[[^\]\s]*\])*(?:[./](?:[A-Za-z]\w*|\d+)(?:\[[^\]\s]*\])*)+/?"
)
_WORD = re.compile(r"[a-z0-9][a-z0-9.-]*[a-z0-9]|[a-z0-9]")
_HEADS = {"spec", "metadata", "rules", "subjects", "roleRef", "data", "webhooks"}
_CONTAINER_HEADS = {"securityContext", "resources", "livenessProbe", "readinessProbe", "ports", "env"}


def pointer_of(path: str) -> str | None:
    """The JSON pointer of a path as tools write it; ``None`` for what is none.

    >>> pointer_of("spec.template.spec.containers[0].image"), pointer_of("/spec/containers/0/resources/")
    ('/spec/template/spec/containers/0/image', '/spec/containers/0/resources')
    >>> pointer_of("metadata.labels[app.kubernetes.io/name]"), pointer_of("spec/containers/[0]/image")
    ('/metadata/labels/app.kubernetes.io~1name', '/spec/containers/0/image')
    """
    path = path.strip()
    if not path or len(path) > 4096 or any(mark in path for mark in " \n<>"):  # noqa: PLR2004  # a sentence, not a path
        return None
    if "~" in path and path.startswith("/"):  # a JSON pointer, with its escapes
        return path.rstrip("/")
    found = [next(part for part in match if part) for match in _STEP.findall(path) if any(match)]
    return of(found) if found and len(found) <= MAX_STEPS else None


def container_in(message: str) -> str | None:
    """The container that a message names.

    >>> container_in("Container 'db' of Pod 'x' runs as root"), container_in('container "db" has no limit')
    ('db', 'db')
    """
    match = _CONTAINER.search(message)
    return (match[1] or match[2]) if match else None


def field_in(message: str) -> str | None:
    """The field that a message names, as a path from the resource or from the container.

    >>> field_in("Container 'db' should set 'resources.limits.cpu'"), field_in("nothing e.g. here")
    ('resources.limits.cpu', None)
    """
    for match in _DOTTED.finditer(message):
        head = re.split(r"[./\[]", match[0].strip("/"), maxsplit=1)[0]
        if head in _HEADS or head in _CONTAINER_HEADS:
            return match[0].rstrip(".")
    return None


def container_pointer(obj: dict[str, Any], name: str | None) -> str | None:
    """Where the container of that name stands; the only one where none is named; ``None`` where that is not clear."""
    found = list(containers(obj))
    fitting = [one for one in found if one.container.get("name") == name] if name else found
    return fitting[0].pointer if len(fitting) == 1 else None


def container_at(manifest: Manifest, line: int | None) -> str | None:
    """The name of the container that covers a line of the file."""
    if line is None:
        return None
    above = [
        (begin, one.container.get("name"))
        for one in containers(manifest.obj)
        if (begin := manifest.line_of(one.pointer)) <= line
    ]
    name = max(above, key=lambda pair: pair[0])[1] if above else None
    return name if isinstance(name, str) else None


def placed(obj: dict[str, Any], field: str, container: str | None) -> str | None:
    """The pointer of a field that is given relative to something.

    Args:
        obj: The resource.
        field: ``container/resources/limits`` (of a container), ``pod/hostPID`` (of the pod's spec),
            ``template/metadata/labels`` (of the pod's template), or ``/spec/replicas`` (of the resource).
        container: Name of the container that is meant.
    """
    if field.startswith("/"):
        return field
    head, _, rest = field.partition("/")
    tail = f"/{rest}" if rest else ""
    spec = pod_spec(obj)
    if spec is None:
        return None
    if head == "pod":
        return spec[0] + tail
    if head == "template":
        return pod_pointer(obj) + tail
    at = container_pointer(obj, container)
    return (at + tail) if at is not None else None


def hinted(
    obj: dict[str, Any], message: str, field: str | None = None, container: str | None = None
) -> str | None:
    """The pointer of what a message is about, as far as it names it.

    Args:
        obj: The resource.
        message: What the tool says: its container and its field are looked for.
        field: Where the tool's rule always looks (see :func:`placed`); it wins over a field in the message.
        container: The container that is meant where the message names none.
    """
    said = container_in(message)
    if (
        said is None or container_pointer(obj, said) is None
    ):  # another word than a name: "container should drop all"
        said = _only_mentioned(obj, message)
    container = said or container
    if field is not None:
        return placed(obj, field, container)
    named = field_in(message)
    if named is None:
        return container_pointer(obj, container) if container and container == said else None
    pointer = pointer_of(named)
    if pointer is None:
        return None
    tokens = split(pointer)
    if tokens[0] in _HEADS:
        return pointer if tokens[0] in obj else None
    at = container_pointer(obj, container)
    return join(at, *tokens) if at is not None else None


def _only_mentioned(obj: dict[str, Any], message: str) -> str | None:
    """The container whose name stands in a message, if it is one, and does not stand there for the resource."""
    words = set(_WORD.findall(message))
    names = {name for one in containers(obj) if isinstance(name := one.container.get("name"), str)} & words
    own = identity(obj)
    if own.kind.lower() in message.lower():
        names.discard(own.name)
    return names.pop() if len(names) == 1 else None


def existing(obj: dict[str, Any] | None, pointer: str | None) -> str | None:
    """The pointer, if it begins with a field of the resource: Checkov's notes (``resource_type``) are none."""
    if not pointer or obj is None:
        return pointer or None
    return pointer if split(pointer)[0] in obj or split(pointer)[0] in {"metadata", "spec"} else None
