"""A stream is cut at its markers, and every piece knows its line."""

import pytest

from jade_policy.documents import split_documents


@pytest.mark.parametrize(
    ("data", "pieces"),
    [
        (b"", []),
        (b"# nothing\n\n", []),
        (b"a: 1", [(1, b"a: 1")]),
        (b"a: 1\n---\nb: 2\n", [(1, b"a: 1\n"), (2, b"---\nb: 2\n")]),
        (b"---\n---\n# x\n---\na: 1\n", [(4, b"---\na: 1\n")]),
        (b"--- {a: 1}\n---\tb\n", [(1, b"--- {a: 1}\n"), (2, b"---\tb\n")]),
        (b"a: 1\n...\n# end\n---\nb: 2\n", [(1, b"a: 1\n"), (4, b"---\nb: 2\n")]),
        (b"a: 1\r\n---\r\nb: 2\r\n", [(1, b"a: 1\r\n"), (2, b"---\r\nb: 2\r\n")]),
        (b"%YAML 1.1\n# x\n---\na: 1\n", [(1, b"%YAML 1.1\n# x\n---\na: 1\n")]),
        (b"a: |\n  --- \n  x\n", [(1, b"a: |\n  --- \n  x\n")]),
        (b"---a: 1\n----\n", [(1, b"---a: 1\n----\n")]),
    ],
)
def test_pieces_and_lines(data, pieces):
    assert list(split_documents(data)) == pieces
