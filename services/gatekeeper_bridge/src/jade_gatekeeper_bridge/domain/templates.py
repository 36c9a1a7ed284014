"""What is known of the policies behind the constraints: their ids and the digests of their sources."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from jade_gatekeeper_bridge.domain.reading import MAX_SHORT, at, cleaned, listed, text
from jade_policy.redaction import redact_text
from jade_policy.resources import digest
from jade_policy.templates import POLICY_ID_ANNOTATION


class Template(NamedTuple):
    """A policy as its ConstraintTemplate says it."""

    policy_id: str
    digest: str | None = None
    source: str | None = None


Templates = Mapping[str, Template]
"""By the kind of their constraints."""


def template(obj: Mapping[str, Any]) -> tuple[str, Template]:
    """The kind of a ConstraintTemplate's constraints, and the policy; the digest is that of ``spec.targets``."""
    name = text(obj, "metadata", "name")
    annotated = at(obj, "metadata", "annotations", POLICY_ID_ANNOTATION)
    identity = cleaned(annotated, MAX_SHORT) if isinstance(annotated, str) else ""
    targets = listed(obj, "spec", "targets")
    kind = text(obj, "spec", "crd", "spec", "names", "kind") or name
    source = "\n\n".join(_sources(targets))
    return kind, Template(
        identity or cleaned(name, MAX_SHORT),
        digest(targets) if targets else None,
        cleaned(redact_text(source)) or None,
    )


def policy_of(kind: str, templates: Templates) -> Template:
    """The policy behind a kind of constraint; a template's name is the kind in lower case.

    >>> policy_of("K8sRequiredLabels", {})
    Template(policy_id='k8srequiredlabels', digest=None, source=None)
    """
    return templates.get(kind) or Template(cleaned(kind.lower(), MAX_SHORT))


def _sources(targets: list[Any]) -> list[str]:
    """The Rego of a template, its libraries first."""
    found: list[str] = []
    for target in targets:
        for holder in (target, *(at(code, "source") for code in listed(target, "code"))):
            rego = at(holder, "rego")
            if isinstance(rego, str):
                found += [lib for lib in listed(holder, "libs") if isinstance(lib, str)]
                found.append(rego)
    return found
