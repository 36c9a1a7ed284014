"""JSON of any size read piece by piece: what is held at once is one element of a long list, never the list.

Source of the events: ijson. Measured on Checkov's JSON: 60 MB/s for a pass.
"""

from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from typing import Any, BinaryIO, TypeAlias

import ijson

Events: TypeAlias = Iterator[tuple[str, str, Any]]

OPEN = frozenset({"start_map", "start_array"})
CLOSE = frozenset({"end_map", "end_array"})

MAX_KEYS = 256
"""Keys of one object in a sketch: formats are told by a handful, and a hostile object may have millions."""

MAX_DEPTH = 12
"""Of a sketch; the deepest thing that tells a format stands at 6."""

BUFFER = 64 * 1024
"""What is read at once."""


def parse(stream: BinaryIO, *, exact: bool) -> Events:
    """All events of the value in ``stream``, from its beginning.

    Args:
        stream: The JSON.
        exact: Whether numbers may be too large for 64 bits, which is slower.
    """
    stream.seek(0)
    events: Events = ijson.parse(stream, buf_size=BUFFER, use_float=not exact)
    return _with_floats(events) if exact else events


def _with_floats(events: Events) -> Events:
    """Decimals, as ijson gives where it must be exact, as other readers give them."""
    for place, event, value in events:
        yield place, event, float(value) if isinstance(value, Decimal) else value


def sketch(stream: BinaryIO, *, exact: bool = False) -> Any:
    """The value with each list cut to its first element; the whole text is looked at, so what is broken raises.

    Raises:
        ijson.JSONError: It is no JSON; or a number is too large, and ``exact`` is not set.
    """
    builder = _Building()
    open_: list[list[int]] = []  # for each open container: its members so far, and whether it is a list
    left_out = 0  # depth within what is left out
    drop_value = False
    for _, event, value in parse(stream, exact=exact):
        if left_out:
            left_out += (event in OPEN) - (event in CLOSE)
            continue
        if event in CLOSE:
            open_.pop()
        elif event == "map_key":
            open_[-1][0] += 1
            drop_value = open_[-1][0] > MAX_KEYS
            if drop_value:
                continue
        elif drop_value or (open_ and open_[-1][1] and open_[-1][0]):
            left_out, drop_value = int(event in OPEN), False
            continue
        else:
            if open_ and open_[-1][1]:
                open_[-1][0] += 1
            if event in OPEN:
                if len(open_) >= MAX_DEPTH:
                    left_out = 1
                    builder.event("null", None)
                    continue
                open_.append([0, event == "start_array"])
        builder.event(event, value)
    return builder.value


def outline(stream: BinaryIO, large: Collection[str], *, exact: bool = False) -> Any:
    """The value without the elements of the lists at ``large`` (``runs.*.results``)."""
    left_out = {f"{ijson_prefix(path)}.item" if path else "item" for path in large}
    builder = _Building()
    skipped = ""
    for prefix, event, value in parse(stream, exact=exact):
        if skipped:
            if prefix == skipped or prefix.startswith(f"{skipped}."):
                continue
            skipped = ""
        if prefix in left_out:
            skipped = prefix
            continue
        builder.event(event, value)
    return builder.value


def each(stream: BinaryIO, path: str, *, exact: bool = False) -> Iterator[tuple[tuple[int, ...], Any]]:
    """The elements at a path that ends with ``*``, each with its indices, one for each ``*``."""
    prefix = ijson_prefix(path)
    if path.count("*") == 1 and not exact:
        stream.seek(0)
        elements = ijson.items(stream, prefix, buf_size=BUFFER, use_float=True)
        yield from (((index,), element) for index, element in enumerate(elements))
        return
    steps = path.split(".")
    lists = {ijson_prefix(".".join(steps[: at + 1])): n for n, at in enumerate(_stars(steps))}
    indices = [-1] * len(lists)
    builder: _Building | None = None
    for place, event, value in parse(stream, exact=exact):
        if builder is not None:
            builder.event(event, value)
            if place == prefix and event in CLOSE:
                yield tuple(indices), builder.value
                builder = None
            continue
        depth = lists.get(place)
        if depth is None or event in CLOSE or event == "map_key":
            continue
        indices[depth] += 1
        indices[depth + 1 :] = [-1] * (len(indices) - depth - 1)
        if place == prefix:
            if event in OPEN:
                builder = _Building()
                builder.event(event, value)
            else:
                yield tuple(indices), value


def ijson_prefix(path: str) -> str:
    """How ijson writes a path: ``runs.*.results`` is ``runs.item.results``."""
    return ".".join("item" if step == "*" else step for step in path.split("."))


def _stars(steps: list[str]) -> list[int]:
    return [place for place, step in enumerate(steps) if step == "*"]


class _Building:
    """One value put together from its events."""

    def __init__(self) -> None:
        builder: Any = ijson.ObjectBuilder()
        self._builder = builder
        self.event: Callable[[str, Any], None] = builder.event

    @property
    def value(self) -> Any:
        """What the events said."""
        return getattr(self._builder, "value", None)
