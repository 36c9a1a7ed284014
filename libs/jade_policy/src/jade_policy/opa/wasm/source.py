"""The part of a bundle that says the same compiled as interpreted, written for OPA's compiler."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

import orjson

from jade_policy.errors import RegoError
from jade_policy.opa.bundle import Bundle, Unit
from jade_policy.opa.wasm import formats, orders
from jade_policy.opa.wasm.calls import calculates, edits_of_calls
from jade_policy.opa.wasm.edits import edited
from jade_policy.opa.wasm.formats import edits_of_formats
from jade_policy.opa.wasm.native import GUARDS, UNLIKE
from jade_policy.opa.wasm.orders import edits_of_orders
from jade_policy.rego import Token, code

MAX_DEPTH: Final = 50  # of brackets; nobody writes ten, and each is read once for each bracket around it
MAX_NUMBER: Final = 2**63 - 1  # larger ones are kept as text there
ENTRY_POINT: Final = "jade/compiled/answers"
_PACKAGE: Final = "jade/compiled"
_HEAD: Final = """package jade.compiled

answers := [answer |
	some document in input.documents
	answer := found with input as document
]
"""
_RULE: Final = """
found contains ["{unit}", sort(answer)] if {{
	input.jade.{unit}
	answer := data.jade_p.{unit}.violation
	count(answer) > 0
}}
"""
_NUMBER = re.compile(rb'(?:":|[,\[])-?(?:\d+(?:\.\d+)?[eE][-+]?\d+|\d+\.\d+|\d{16,})[,\]}]')
_UNLIKE_NUMBER = re.compile(rb'(?:":|[,\[])-?(?:\d+\.0+|\d+(?:\.\d+)?[eE][-+]?\d+|[\d.]{16,})[,\]}]')


class Content(IntEnum):
    """Whether what a document holds is understood alike."""

    ALIKE = 0
    FRACTIONS = 1  # compiled, they are calculated with in decimals, interpreted in binary
    UNLIKE = 2  # 1.0 and 1e3, which are no index there; long numbers; letters that have two cases for one of both only


@dataclass(frozen=True)
class Source:
    """Files for `opa build`, and the units that are in them, in the order of the bundle.

    Attributes:
        calculating: the units among them that may calculate with what a document holds.
    """

    files: dict[str, bytes]
    units: tuple[str, ...]
    calculating: tuple[str, ...]


def content_of(document: bytes) -> Content:
    """What a compact JSON document holds; what looks like a number in a string may count as one.

    >>> content_of(b'{"image":"a:1.5","port":80}').name, content_of(b'[1,1.5]').name, content_of(b'[1.0]').name
    ('ALIKE', 'FRACTIONS', 'UNLIKE')
    """
    if not document.isascii() and UNLIKE.search(document.decode()):
        return Content.UNLIKE
    if not _NUMBER.search(document):  # as is nearly always the case
        return Content.ALIKE
    return Content.UNLIKE if _UNLIKE_NUMBER.search(document) else Content.FRACTIONS


def source_of(bundle: Bundle) -> Source:
    """What of a bundle can be compiled; no unit may be left."""
    written: dict[str, bytes] = {}
    left_out: set[str] = set()
    calculating: set[str] = set()
    for name, content in bundle.files.items():
        if name in bundle.origins:
            text = exact(content.decode())
            if text is None:
                left_out |= set(bundle.origins[name].policy_ids)
                continue
            written[name] = text.encode()
            if calculates(code(content.decode())):
                calculating |= set(bundle.origins[name].policy_ids)
    units = [
        unit
        for unit in {unit.key: unit for unit in bundle.units.values()}.values()
        if unit.mode == "plain" and unit.policy.id not in left_out
    ]
    parameters = orjson.loads(bundle.files["data.json"])["jade"]["params"]
    units = [unit for unit in units if content_of(orjson.dumps([parameters[unit.key]])) is Content.ALIKE]
    return Source(
        files=_files(bundle, written, units),
        units=tuple(unit.key for unit in units),
        calculating=tuple(unit.key for unit in units if unit.policy.id in calculating),
    )


def _files(bundle: Bundle, written: dict[str, bytes], units: Sequence[Unit]) -> dict[str, bytes]:
    """The files that these units need, and the rule that asks them."""
    wanted = {unit.policy.id for unit in units}
    keys = {unit.key for unit in units}
    kept = {
        name: content
        for name, content in written.items()
        if (name.split("_", 1)[0] in keys or not name.startswith("u"))
        and wanted.intersection(bundle.origins[name].policy_ids)
    }
    rules = "".join(_RULE.format(unit=unit.key) for unit in units)
    manifest = orjson.loads(bundle.files[".manifest"])
    versions = {
        name: v for name, v in manifest["file_rego_versions"].items() if name.removeprefix("/") in kept
    }
    roots = {root for root in manifest["roots"] if root != "jade/main"}
    manifest = manifest | {
        "roots": sorted(roots | {_PACKAGE, "jade/guards", formats.PACKAGE, orders.PACKAGE}),
        "file_rego_versions": versions,
    }
    return kept | {
        "compiled.rego": (_HEAD + rules).encode(),
        "format.rego": formats.MODULE.encode(),
        "guards.rego": GUARDS.encode(),
        "order.rego": orders.MODULE.encode(),
        "data.json": bundle.files["data.json"],
        ".manifest": orjson.dumps(manifest),
    }


@lru_cache(maxsize=4096)
def exact(text: str) -> str | None:
    """A module of Rego so written that it says the same, compiled to WebAssembly, as OPA's interpreter says.

    Returns:
        None where that cannot be had.
    """
    try:
        tokens = code(text)
    except RegoError:
        return None
    if any(_only_interpreted(text, token) for token in tokens):
        return None
    parts = (edits_of_orders(text, tokens), edits_of_calls(tokens), edits_of_formats(text, tokens))
    return None if None in parts else edited(text, [edit for part in parts for edit in part or ()])


def _only_interpreted(text: str, token: Token) -> bool:
    """`with`, strings with expressions in them, numbers that are not whole, and what nests without end."""
    if token.depth > MAX_DEPTH:
        return True
    if token.kind == "number":
        return not token.text.isdigit() or int(token.text) > MAX_NUMBER
    return (token.kind == "name" and token.text == "with") or text[token.start] == "$"
