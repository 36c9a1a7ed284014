"""Where a SARIF location is: the file, whatever its URI is relative to, and the lines."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from jade_ingest.domain.entries import line_number, mapping, text


def file_of(location: Mapping[str, Any], bases: Mapping[str, Any]) -> str:
    """The path of a location's file.

    >>> place = {"physicalLocation": {"artifactLocation": {"uri": "a%20b.yaml", "uriBaseId": "ROOT"}}}
    >>> file_of(place, {"ROOT": {"uri": "file://manifests/"}})
    'manifests/a b.yaml'
    """
    artifact = mapping(location, "physicalLocation", "artifactLocation")
    path = plain(text(artifact, "uri"))
    base = plain(text(bases, text(artifact, "uriBaseId"), "uri"))
    if not path or path.startswith("/") or base in {"", "/"}:
        return path
    return f"{base.rstrip('/')}/{path}"


def plain(uri: str) -> str:
    """The path of a URI. Some tools write ``file://manifests/x.yaml``, where ``manifests`` is no host.

    >>> plain("file:///work/x.yaml"), plain("file://manifests/x.yaml"), plain("./x.yaml")
    ('/work/x.yaml', 'manifests/x.yaml', 'x.yaml')
    """
    return unquote(uri.removeprefix("file://").removeprefix("./"))


def lines_of(location: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """First and last line; kube-score gives only those of the context."""
    physical = mapping(location, "physicalLocation")
    for name in ("region", "contextRegion"):
        line = line_number(physical, name, "startLine")
        if line is not None:
            return line, line_number(physical, name, "endLine")
    return None, None
