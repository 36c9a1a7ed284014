"""A file cut into its documents before any of them is parsed, so that a broken one costs only itself."""

import re
from collections.abc import Iterator

# A marker at the start of a line ends a document even inside a block scalar (YAML 1.2, section 9.1.2).
_MARKER = re.compile(rb"[\n\r](?:---|\.\.\.)(?=[ \t\r\n]|\Z)")
_PREFACE = re.compile(rb"(?:[ \t]*(?:#[^\n]*|%[^\n]*)?\r?\n)*")  # blank lines, comments and directives


def split_documents(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Cut a stream at its `---` and `...` lines.

    Gives the 1-based line where each piece begins and the piece, with its `---` and the directives above it.
    Pieces of nothing but blank lines and comments are left out.
    """
    begin, line = 0, 1
    for end in [*(match.start() + 1 for match in _MARKER.finditer(data)), len(data)]:
        piece = data[begin:end]
        if piece.startswith(b"..."):  # a marker's own line belongs to no document
            piece = piece[3:]
            begin += 3
        if b"%" in piece and end < len(data) and not piece.startswith(b"---") and _PREFACE.fullmatch(piece):
            continue  # directives belong to the document after them
        if not _PREFACE.fullmatch(piece, 3 if piece.startswith(b"---") else 0):
            yield line, piece
        line += data.count(b"\n", begin, end)
        begin = end
