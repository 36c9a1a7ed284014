"""What is written where: data on stdout, all else on stderr, and neither breaks a terminal or a pipe."""

import os
import sys
from collections.abc import Callable, Mapping
from typing import TextIO

RESET = "\x1b[0m"
COLOURS = {
    "critical": "\x1b[1;31m",
    "high": "\x1b[31m",
    "medium": "\x1b[33m",
    "low": "\x1b[36m",
    "info": "\x1b[2m",
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "good": "\x1b[32m",
}

_CONTROL = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
# What turns the order of a line around, so that it reads as something else.
_CONTROL |= {
    code: f"\\u{code:04x}" for code in (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def printable(text: str) -> str:
    r"""The text without what steers a terminal: names and messages come from files that anyone may write.

    >>> printable("web\x1b[2J")
    'web\\x1b[2J'
    >>> printable("cart\u202elmay.")
    'cart\\u202elmay.'
    """
    return text if text.isprintable() else text.translate(_CONTROL)


def one_line(text: str) -> str:
    r"""The text on one line, printable.

    >>> one_line("no\nlimits")
    'no limits'
    """
    return printable(" ".join(text.split()))


def coloured(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether ``stream`` gets colours: NO_COLOR, then FORCE_COLOR, then whether it is a terminal that can."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return environment.get("TERM") != "dumb" and stream.isatty()


class Paint:
    """Colours a text, or leaves it as it is."""

    def __init__(self, *, colour: bool) -> None:
        """Colour only if ``colour``."""
        self._colour = colour

    def __call__(self, style: str, text: str) -> str:
        """``text`` in a style of ``COLOURS``."""
        return f"{COLOURS[style]}{text}{RESET}" if self._colour and style in COLOURS else text


def write(text: str) -> bool:
    """Write data to stdout.

    Returns:
        False when the reader has gone (``| head``): that is no error, and nothing more need be written.
    """
    return write_bytes(text.encode("utf-8", "replace"))


def write_bytes(data: bytes) -> bool:
    """Write encoded data to stdout; see :func:`write`."""
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # What is left in the buffer must not raise again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True


def say(text: str) -> None:
    """Write a line for people to stderr."""
    try:
        sys.stderr.write(f"{printable(text)}\n")
        sys.stderr.flush()
    except (BrokenPipeError, UnicodeEncodeError):
        return


def once() -> Callable[[str], None]:
    """Says each text to people once, however often it is told."""
    told: set[str] = set()

    def tell(text: str) -> None:
        if text not in told:
            told.add(text)
            say(f"jade: {text}")

    return tell


class Progress:
    """One line on stderr that is written over, only where that is a terminal."""

    def __init__(self) -> None:
        """Look at stderr once."""
        self._shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def __call__(self, text: str) -> None:
        """Show what happens now."""
        if self._shown:
            sys.stderr.write(f"\r\x1b[K{printable(text)}")
            sys.stderr.flush()

    def done(self) -> None:
        """Clear the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def counted(number: int, thing: str) -> str:
    """A number and what it counts.

    >>> counted(1, "finding"), counted(0, "finding")
    ('1 finding', '0 findings')
    """
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
