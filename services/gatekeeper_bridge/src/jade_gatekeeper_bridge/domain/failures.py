"""Policies that failed: templates that did not load, constraints that are not enforced, reviews that broke.

A violation is none of these: there the policy did what it is for, and a finding says so.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from jade_common.events import PolicyFailed
from jade_gatekeeper_bridge.domain.entries import Aside, Entry, Made, content_id
from jade_gatekeeper_bridge.domain.reading import cleaned, listed, short, text
from jade_gatekeeper_bridge.domain.templates import Template, Templates, policy_of
from jade_policy.askers import unnamed
from jade_policy.redaction import redact_text

LOADING = {"constraint_template_controller", "constraint_controller"}
"""The processes of Gatekeeper that load policies; others review."""

Stage = Literal["load", "evaluate", "enforce"]


def of_status(obj: Mapping[str, Any], policy: Template, constraint: str = "") -> Iterator[Entry]:
    """What the status of a template or a constraint says went wrong; several pods that say the same say it once.

    Source: Gatekeeper 3.23 ``apis/status/v1beta1``.
    """
    for pod in listed(obj, "status", "byPod"):
        for error in listed(pod, "errors"):
            yield failed(
                policy,
                "load",
                text(error, "message"),
                constraint=constraint,
                code=short(error, "code"),
                location=short(error, "location"),
            )
        for point in listed(pod, "enforcementPointsStatus"):
            if text(point, "state") == "error":
                where = text(point, "enforcementPoint")
                message = f"{where}: {text(point, 'message')}"
                yield failed(policy, "enforce", message, constraint=constraint)
        if text(pod, "vapGenerationStatus", "state") == "error":
            yield failed(
                policy, "enforce", text(pod, "vapGenerationStatus", "warning"), constraint=constraint
            )


def of_log(record: Mapping[str, Any], templates: Templates) -> Entry:
    """What a line of level ``error`` says of a policy; an aside where it names none."""
    kind = text(record, "constraint_kind")
    name = text(record, "template_name")
    if not name and text(record, "kind") == "ConstraintTemplate":
        name = text(record, "name")
    if kind:
        policy = policy_of(kind, templates)
    elif name:
        policy = next((one for key, one in templates.items() if key.lower() == name), Template(name))
    else:
        return Aside("errors that name no policy")
    error = ": ".join(part for part in (text(record, "msg"), text(record, "error")) if part)
    stage: Stage = "load" if text(record, "process") in LOADING else "evaluate"
    return failed(policy, stage, unnamed(error, record), constraint=text(record, "constraint_name"))


def failed(
    policy: Template,
    stage: Stage,
    error: str,
    *,
    constraint: str = "",
    code: str | None = None,
    location: str | None = None,
) -> Made:
    """The event."""
    event = PolicyFailed(
        policy_id=policy.policy_id,
        digest=policy.digest,
        constraint=constraint[:1_024] or None,
        policy=policy.source if stage == "load" else None,
        stage=stage,
        error=cleaned(redact_text(error)) or None,
        code=code,
        location=location,
    )
    return Made(event, content_id(event))
