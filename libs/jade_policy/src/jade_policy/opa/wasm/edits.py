"""Changes of a text, each in its place."""

from collections.abc import Iterable

Edit = tuple[int, int, str]
"""What takes the place of the text from one offset to another."""


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with all changes made; they must not overlap."""
    parts, position = [], 0
    for start, end, replacement in sorted(edits):
        parts += [text[position:start], replacement]
        position = end
    return "".join([*parts, text[position:]])
