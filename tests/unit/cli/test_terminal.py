"""Colours, control characters and pipes that close."""

import io

import pytest

from jade_cli.terminal import coloured, one_line, printable


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "wanted"),
    [
        (Terminal(), {}, True),
        (io.StringIO(), {}, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
    ],
)
def test_when_there_are_colours(stream, environment, wanted):
    assert coloured(stream, environment) is wanted


def test_what_steers_a_terminal_is_shown_instead():
    assert printable("a\x1b]0;x\x07\x9b2J\r\n\tb") == "a\\x1b]0;x\\x07\\x9b2J\\x0d\n\tb"
    assert one_line(" a\n\tb\x1b ") == "a b\\x1b"
