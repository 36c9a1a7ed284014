"""Kubernetes manifests themselves: one finding a resource, which asks what policies matter for it."""

from collections.abc import Iterator

from jade_ingest.domain.building import finding
from jade_ingest.domain.content import Content
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.formats import Entry

NAME = "manifests"
TOOL = "jade"
RULE = "resource"


def recognises(content: Content) -> bool:
    """Whether it holds a Kubernetes object, and not a report of a tool."""
    if content.form == "documents":
        return any(_is_object(value) for _, value in content.sketch)
    return content.form == "json" and _is_object(content.sketch)


def read(content: Content, documents: Documents) -> Iterator[Entry]:  # noqa: ARG001  # the files hold it all
    """A finding for each resource of the files."""
    yield from of_files(documents)


def of_files(documents: Documents) -> Iterator[Entry]:
    """A finding for each resource."""
    for manifest in documents:
        yield finding(tool=TOOL, rule=RULE, manifest=manifest)


def _is_object(value: object) -> bool:
    return isinstance(value, dict) and "apiVersion" in value and "kind" in value
