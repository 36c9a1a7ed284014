"""What tools write where they have nothing to say, and which says nothing of the tool: ``null`` or an empty array.

gator and kube-score write the word ``null``; conftest and others an empty array.
"""

from collections.abc import Iterator

from jade_common.errors import InvalidEventError
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.formats import Entry

NAME = "nothing"


def recognises(content: Content) -> bool:
    """Whether it is ``null`` or ``[]``."""
    return content.says_nothing


def read(content: Content, documents: Documents) -> Iterator[Entry]:  # noqa: ARG001  # there is nothing to look up
    """No finding at all."""
    if not recognises(content):
        raise InvalidEventError(f"not an empty report: it is {content.seen}; expected null or []")
    yield from ()
