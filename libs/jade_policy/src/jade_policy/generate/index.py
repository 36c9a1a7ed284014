"""`index.jsonl`: what programs need to know of every policy, one JSON object a line."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from jade_policy.generate.source import PolicySource


def index(sources: Iterable[PolicySource]) -> str:
    """Write the index, sorted by id."""
    entries = sorted((entry(source) for source in sources), key=lambda item: str(item["id"]))
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in entries)


def entry(source: PolicySource) -> dict[str, Any]:
    """Give one policy's line."""
    metadata = source.metadata
    return {
        "id": metadata.id,
        "kind": metadata.kind,
        "title": metadata.title,
        "description": metadata.description,
        "severity": metadata.severity,
        "severity_reason": metadata.severity_reason,
        "rationale": metadata.rationale,
        "reliability": metadata.reliability,
        "tags": list(metadata.tags),
        "features": list(metadata.features),
        "kinds": metadata.kinds,
        "match": metadata.match_as_json,
        "container_lists": list(metadata.container_lists),
        "inventory": list(metadata.inventory),
        "parameters": dict(metadata.parameters),
        "remediation": [step.as_json() for step in metadata.remediation],
        "references": [{"url": page.url, "description": page.description} for page in metadata.references],
        "engines": ["Rego", "CEL"] if source.cel else ["Rego"],
        "package": source.package,
        "path": f"gatekeeper/{metadata.id}",
        "digest": digest(source),
    }


def digest(source: PolicySource) -> str:
    """Give 32 hex digits that change with what may change a verdict: code, libraries, match, defaults."""
    metadata = source.metadata
    judged_by = [
        source.code,
        [library.rego for library in source.libraries],
        [group.as_json() for group in metadata.match],
        metadata.defaults,
        *([metadata.match_source] if metadata.match_source != "All" else []),
    ]
    return hashlib.blake2b(json.dumps(judged_by, sort_keys=True).encode(), digest_size=16).hexdigest()
