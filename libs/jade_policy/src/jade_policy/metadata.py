"""What a policy says of itself, in OPA's METADATA or in a line of the index."""

from collections.abc import Mapping
from typing import Any, TypedDict

from jade_policy.policies import Remediation


class Described(TypedDict, total=False):
    """The descriptive fields of a `Policy`."""

    title: str
    description: str
    severity: str
    tags: tuple[str, ...]
    features: tuple[str, ...]
    reliability: str
    inventory: tuple[str, ...]
    remediation: tuple[Remediation, ...]
    custom: Mapping[str, Any]


def describe(metadata: Mapping[str, Any]) -> Described:
    """Read METADATA: title and description stand at the top, the rest in `custom`; a wrong type is absent."""
    custom = metadata.get("custom")
    custom = custom if isinstance(custom, Mapping) else {}
    return describe_flat(
        {**custom, **{key: metadata[key] for key in ("title", "description") if key in metadata}}
    )


def describe_flat(row: Mapping[str, Any]) -> Described:
    """Read the same fields out of one flat object, as index.jsonl has them."""
    found: Described = {"custom": dict(row)}
    if title := _text(row.get("title")):
        found["title"] = title
    if description := _text(row.get("description")):
        found["description"] = description
    if severity := _text(row.get("severity")):
        found["severity"] = severity.lower()
    if reliability := _text(row.get("reliability")):
        found["reliability"] = reliability
    if remediation := _remediation(row.get("remediation")):
        found["remediation"] = remediation
    if tags := _texts(row.get("tags")):
        found["tags"] = tags
    if features := _texts(row.get("features")):
        found["features"] = features
    if inventory := _texts(row.get("inventory")):
        found["inventory"] = inventory
    return found


def _remediation(value: object) -> tuple[Remediation, ...]:
    if isinstance(value, str):
        return (Remediation(note=value),)
    steps = value if isinstance(value, list) else []
    return tuple(
        Remediation(
            path=_text(step.get("path")),
            operation=_text(step.get("operation")),
            value=step.get("value"),
            behaviour_changing=step.get("behaviour_changing") is not False,
            needs_human=step.get("needs_human") is not False,
            note=_text(step.get("note")),
        )
        for step in steps
        if isinstance(step, Mapping)
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if value is True:  # `inventory: true` says that it is needed, not which part
        return ("the cluster's inventory",)
    return tuple(str(entry) for entry in value) if isinstance(value, list) else ()
