"""The METADATA of a policy, checked once and typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jade_policy.generate.errors import SourceError
from jade_policy.generate.kinds import KindGroup, expand_kinds

SEVERITIES = ("critical", "high", "medium", "low", "info")
RELIABILITIES = ("high", "medium")
OPERATIONS = (
    "set",
    "set-tag",
    "remove",
    "remove-item",
    "add-item",
    "intersect",
    "create",
    "replace-volume-source",
)
SOURCES = ("All", "Original", "Generated")  # of Gatekeeper's match
CONTAINER_LISTS = ("containers", "initContainers", "ephemeralContainers")

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_KIND = re.compile(r"[A-Z][A-Za-z0-9]{0,62}")
_FEATURE = re.compile(r"[A-Za-z][\w.]*=[\w.-]+")
# Where a step starts: the pointer that the violation names, its container, the pod spec or template, the reviewed
# resource, or its namespace; behind it a JSON pointer.
_STEP_PATH = re.compile(
    r"\{(?:violation|container|pod_spec|pod_template|resource|namespace)\}(?:/[^/{}\s]+)*"
)
_FRAMEWORKS = {
    "pss": re.compile(r"baseline|restricted"),
    "cis": re.compile(r"\d+\.\d+\.\d+"),
    "nsa": re.compile(r"pod-security|network|authn-authz|resource-policies|supply-chain|audit|upgrade"),
    "mitre": re.compile(r"T\d{4}(?:\.\d{3})?"),
}
_TOPIC = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_INVENTORY = re.compile(r"(?:[a-z0-9.-]+/)?v\w+/[A-Z]\w+")
_REQUIRED = (
    "id",
    "kind",
    "severity",
    "severity_reason",
    "reliability",
    "tags",
    "features",
    "kinds",
    "rationale",
    "remediation",
)
_OPTIONAL = ("parameters", "inventory", "container_lists", "without_cel", "match_source")


@dataclass(frozen=True)
class Reference:
    """A page that says why, or how."""

    url: str
    description: str


@dataclass(frozen=True)
class RemediationStep:
    """One change that makes a violation go away.

    `path` is a JSON pointer that starts with `{violation}` (the pointer that the violation names),
    `{container}`, `{pod_spec}`, `{pod_template}`, `{resource}` or `{namespace}`. The new value is `value`, or what
    the policy's parameter `parameter` holds; where both are None, only a person knows it.
    """

    path: str
    operation: str
    value: Any
    parameter: str | None
    behaviour_changing: bool
    needs_human: bool
    note: str

    def as_json(self) -> dict[str, Any]:
        """Give the step as the index holds it."""
        body: dict[str, Any] = {"path": self.path, "operation": self.operation}
        if self.value is not None:
            body["value"] = self.value
        if self.parameter is not None:
            body["parameter"] = self.parameter
        return body | {
            "behaviour_changing": self.behaviour_changing,
            "needs_human": self.needs_human,
            "note": self.note,
        }


@dataclass(frozen=True)
class Metadata:
    """What METADATA says of a policy.

    `parameters` maps a name to its JSON schema with `default`; `without_cel` is why there is no CEL, or "".
    `match_source` is whether what is applied is matched, or the Pods that workloads' templates make, or both.
    """

    id: str
    kind: str
    title: str
    description: str
    severity: str
    severity_reason: str
    reliability: str
    rationale: str
    tags: tuple[str, ...]
    features: tuple[str, ...]
    match: tuple[KindGroup, ...]
    match_source: str
    inventory: tuple[str, ...]
    container_lists: tuple[str, ...]
    container_lists_reason: str
    parameters: Mapping[str, Mapping[str, Any]]
    remediation: tuple[RemediationStep, ...]
    references: tuple[Reference, ...]
    without_cel: str

    @property
    def kinds(self) -> list[str]:
        """Give the kinds without their groups, sorted."""
        return sorted({kind for group in self.match for kind in group.kinds})

    @property
    def match_as_json(self) -> dict[str, Any]:
        """Give `match` as a constraint holds it."""
        body: dict[str, Any] = {"kinds": [group.as_json() for group in self.match]}
        return body if self.match_source == "All" else body | {"source": self.match_source}

    @property
    def defaults(self) -> dict[str, Any]:
        """Give each parameter's value where nobody sets it."""
        return {name: schema["default"] for name, schema in self.parameters.items()}


def parse_metadata(annotation: Mapping[str, Any], path: Path) -> Metadata:
    """Check OPA's package annotation of the policy in `path`.

    Raises:
        SourceError: names the file and the field that is missing or wrong.
    """
    custom = annotation.get("custom", {})
    _check(
        not (missing := [name for name in _REQUIRED if name not in custom]), path, f"custom lacks {missing}"
    )
    unknown = sorted(set(custom) - {*_REQUIRED, *_OPTIONAL})
    _check(not unknown, path, f"custom has unknown fields {unknown}")
    for name in ("title", "description", "related_resources"):
        _check(bool(annotation.get(name)), path, f"`{name}` is missing")
    _check_words(custom, path)
    parameters = custom.get("parameters", {})
    for name, schema in parameters.items():
        for field in ("type", "description", "default"):
            _check(field in schema, path, f"parameter {name} lacks `{field}`")
    lists = custom.get("container_lists", {"lists": list(CONTAINER_LISTS), "reason": ""})
    return Metadata(
        id=custom["id"],
        kind=custom["kind"],
        title=annotation["title"],
        description=" ".join(annotation["description"].split()),
        severity=custom["severity"],
        severity_reason=custom["severity_reason"],
        reliability=custom["reliability"],
        rationale=" ".join(custom["rationale"].split()),
        tags=tuple(custom["tags"]),
        features=tuple(custom["features"]),
        match=expand_kinds(custom["kinds"], path),
        match_source=custom.get("match_source", "All"),
        inventory=tuple(custom.get("inventory", [])),
        container_lists=tuple(lists["lists"]),
        container_lists_reason=lists["reason"],
        parameters=parameters,
        remediation=tuple(_step(step, parameters, path) for step in custom["remediation"]),
        references=tuple(
            Reference(resource["ref"], resource["description"])
            for resource in annotation["related_resources"]
        ),
        without_cel=" ".join(custom.get("without_cel", "").split()),
    )


def _check_words(custom: Mapping[str, Any], path: Path) -> None:
    _check(bool(_ID.fullmatch(custom["id"])), path, f"id {custom['id']!r} must match {_ID.pattern}")
    folder = path.parent.name
    _check(custom["id"] == folder, path, f"id {custom['id']!r} must be the folder's name, {folder!r}")
    _check(bool(_KIND.fullmatch(custom["kind"])), path, f"kind {custom['kind']!r} must match {_KIND.pattern}")
    _check(custom["severity"] in SEVERITIES, path, f"severity {custom['severity']!r} is none of {SEVERITIES}")
    _check(
        custom["reliability"] in RELIABILITIES,
        path,
        f"reliability {custom['reliability']!r} is none of {RELIABILITIES}",
    )
    source = custom.get("match_source", "All")
    _check(source in SOURCES, path, f"match_source {source!r} is none of {SOURCES}")
    for tag in custom["tags"]:
        framework, colon, reference = tag.partition(":")
        form = _FRAMEWORKS.get(framework) if colon else _TOPIC
        _check(form is not None, path, f"tag {tag!r} names none of the frameworks {sorted(_FRAMEWORKS)}")
        _check(
            bool(form and form.fullmatch(reference if colon else tag)),
            path,
            f"tag {tag!r} must look like `pss:baseline`, `cis:5.2.2`, `nsa:pod-security`, `mitre:T1611` or `a-topic`",
        )
    for feature in custom["features"]:
        _check(
            bool(_FEATURE.fullmatch(feature)), path, f"feature {feature!r} must look like `image.tag=latest`"
        )
    for kind in custom.get("inventory", []):
        _check(bool(_INVENTORY.fullmatch(kind)), path, f"inventory {kind!r} must be group/version/Kind")
    lists = custom.get("container_lists")
    if lists is not None:
        known = bool(lists.get("lists")) and set(lists["lists"]) <= set(CONTAINER_LISTS)
        _check(
            known and bool(lists.get("reason")),
            path,
            "container_lists needs `lists` and the `reason` for them",
        )


def _step(step: Mapping[str, Any], parameters: Mapping[str, Any], path: Path) -> RemediationStep:
    for field in ("path", "operation", "behaviour_changing", "needs_human", "note"):
        _check(field in step, path, f"a remediation step lacks `{field}`")
    _check(
        bool(_STEP_PATH.fullmatch(step["path"])),
        path,
        f"remediation path {step['path']!r} must be a JSON pointer behind {{violation}}, {{container}}, {{pod_spec}}, "
        "{pod_template}, {resource} or {namespace}",
    )
    _check(step["operation"] in OPERATIONS, path, f"operation {step['operation']!r} is none of {OPERATIONS}")
    parameter = step.get("parameter")
    _check(
        parameter is None or parameter in parameters, path, f"remediation names no parameter: {parameter!r}"
    )
    return RemediationStep(
        path=step["path"],
        operation=step["operation"],
        value=step.get("value"),
        parameter=parameter,
        behaviour_changing=step["behaviour_changing"],
        needs_human=step["needs_human"],
        note=step["note"],
    )


def _check(holds: bool, path: Path, problem: str) -> None:
    if not holds:
        raise SourceError(f"{path}: METADATA: {problem}")
