"""The text of a manifest without its secrets, its lines where they were: what may leave this machine with a report."""

from collections.abc import Iterator
from typing import Any

import orjson

from jade_policy.documents import split_documents
from jade_policy.manifests import Manifest, Unread, read_manifests
from jade_policy.pointers import join
from jade_policy.redaction import REDACTED, redact, redact_text
from jade_policy.secret_texts import is_hidden


def without_secrets(data: bytes, path: str) -> str:
    """The file as it may be sent.

    Secrets are replaced where they stand. A document in which that does not give what it should is written
    anew, as JSON on its first line; one that cannot be read keeps its lines, without what looks like a
    secret.
    """
    kept: list[str] = []
    line = 1
    for first, piece in split_documents(data.removeprefix(b"\xef\xbb\xbf")):
        kept.append("\n" * (first - line))
        line = first + piece.count(b"\n")
        kept.append(_document(piece, path))
    return "".join(kept)


def _document(piece: bytes, path: str) -> str:
    text = piece.decode("utf-8", "replace")
    documents = list(read_manifests(piece, path))
    if any(isinstance(document, Unread) for document in documents):
        return redact_text(text)
    manifests = [document for document in documents if isinstance(document, Manifest)]
    wanted = [redact(manifest.obj) for manifest in manifests]
    if all(new is manifest.obj for new, manifest in zip(wanted, manifests, strict=True)):
        return text
    spliced = _spliced(text, manifests, wanted)
    again = [one.obj for one in read_manifests(spliced.encode(), path) if isinstance(one, Manifest)]
    return spliced if again == wanted and not _left(spliced, manifests, wanted) else _anew(text, wanted)


def _spliced(text: str, manifests: list[Manifest], wanted: list[Any]) -> str:
    """The text with each secret replaced on its own line."""
    lines = text.splitlines(keepends=True)
    for manifest, new in zip(manifests, wanted, strict=True):
        for pointer, old, hidden in _changes(manifest.obj, new, ""):
            place = manifest.line_of(pointer) - 1
            if isinstance(old, str) and old and place < len(lines):
                lines[place] = lines[place].replace(old, hidden)
    return "".join(lines)


def _changes(old: Any, new: Any, pointer: str) -> Iterator[tuple[str, Any, Any]]:
    """Where two values differ, down to the scalars: pointer, what it was, what it is."""
    if old is new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old:
            yield from _changes(old[key], new.get(key), join(pointer, key))
    elif isinstance(old, list) and isinstance(new, list):
        for index, (one, other) in enumerate(zip(old, new, strict=False)):
            yield from _changes(one, other, join(pointer, index))
    elif old != new:
        yield pointer, old, new


def _left(text: str, manifests: list[Manifest], wanted: list[Any]) -> bool:
    """Whether a secret stands in the text still: in a comment, say."""
    secrets = (
        old
        for manifest, new in zip(manifests, wanted, strict=True)
        for _, old, hidden in _changes(manifest.obj, new, "")
        if isinstance(old, str) and len(old) >= len(REDACTED) and is_hidden(hidden)
    )
    return any(secret in text for secret in secrets)


def _anew(text: str, wanted: list[Any]) -> str:
    """The document as JSON on one line, with as many lines as it had."""
    content = wanted[0] if len(wanted) == 1 else {"apiVersion": "v1", "kind": "List", "items": wanted}
    marker = "--- " if text.startswith("---") else ""
    return f"{marker}{orjson.dumps(content).decode()}" + "\n" * max(1, text.count("\n"))
