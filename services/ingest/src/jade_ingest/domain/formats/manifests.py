"""Kubernetes manifests themselves: one finding a resource, which asks what policies matter for it."""

from collections.abc import Iterator
from typing import Any

from jade_common.events import ScanFinding, Source
from jade_ingest.domain.documents import Documents
from jade_ingest.domain.rejects import Reject

NAME = "manifests"
TOOL = "jade"
RULE = "resource"


def recognises(content: Any) -> bool:
    """Whether there is no report but only files, or a Kubernetes object in place of a report."""
    return content is None or (isinstance(content, dict) and "apiVersion" in content and "kind" in content)


def read(content: Any, documents: Documents) -> Iterator[ScanFinding | Reject]:  # noqa: ARG001  # the files hold it all
    """A finding for each resource of the files."""
    for manifest in documents:
        yield ScanFinding(
            tool=TOOL,
            rule_id=RULE,
            resource=manifest.obj,
            source=Source(path=manifest.path, line=manifest.line),
        )
