"""Gatekeeper's ConstraintTemplates and Constraints read into policies and constraints."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from jade_policy.errors import PolicyError, RegoError
from jade_policy.manifests import Manifest
from jade_policy.match import CONSTRAINT_GROUP, group_of, parse_match
from jade_policy.metadata import describe
from jade_policy.policies import Constraint, Policy, Problem, RegoModule
from jade_policy.rego import Module, parse

TEMPLATE_GROUP = "templates.gatekeeper.sh"
POLICY_ID_ANNOTATION = "jade.dev/policy-id"
MAX_MODULE_BYTES = 512 * 1024  # the largest module of the public libraries has 20 KiB

_BLOCK_SCALAR = re.compile(rb"(?:^|[:\s-])[|>][0-9+-]*\s*(?:#.*)?$")


class ProblemError(PolicyError):
    """Carries the problem that keeps a policy or a constraint from being loaded."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def is_template(manifest: Manifest) -> bool:
    """Whether a document is a ConstraintTemplate."""
    return _group(manifest) == TEMPLATE_GROUP and manifest.obj.get("kind") == "ConstraintTemplate"


def is_constraint(manifest: Manifest) -> bool:
    """Whether a document is a Constraint."""
    return _group(manifest) == CONSTRAINT_GROUP


def read_template(manifest: Manifest) -> Policy:
    """Read a ConstraintTemplate.

    Raises:
        ProblemError: it cannot be used, and why.
    """
    name = _name(manifest)
    annotations = _get(manifest.obj, "metadata", "annotations")
    annotations = annotations if isinstance(annotations, Mapping) else {}
    policy_id = annotations.get(POLICY_ID_ANNOTATION) or name
    kind = _get(manifest.obj, "spec", "crd", "spec", "names", "kind")
    if not isinstance(kind, str) or not kind:
        raise _problem(
            manifest,
            "/spec/crd",
            policy_id,
            "spec.crd.spec.names.kind is missing; it names the constraints' kind",
        )
    pointer, source, version = _rego_source(manifest, policy_id)
    parsed = _parse(manifest, f"{pointer}/rego", source.get("rego"), policy_id)
    module = _module(manifest, f"{pointer}/rego", parsed, version)
    texts = source.get("libs") or []
    if not isinstance(texts, list):
        raise _problem(manifest, f"{pointer}/libs", policy_id, "libs is not a list of Rego modules")
    libs = tuple(
        _module(
            manifest,
            f"{pointer}/libs/{index}",
            _parse(manifest, f"{pointer}/libs/{index}", text, policy_id),
            version,
        )
        for index, text in enumerate(texts)
    )
    entries = tuple(entry for entry in parsed.entries if entry[0] == "violation")
    if not entries:
        raise _problem(
            manifest, f"{pointer}/rego", policy_id, "no rule is named violation; Gatekeeper asks for no other"
        )
    described = describe(parsed.metadata)
    if not parsed.metadata:
        described["custom"] = {}
    described.setdefault("title", str(annotations.get("metadata.gatekeeper.sh/title", "")))
    described.setdefault("description", str(annotations.get("description", "")))
    return Policy(
        id=policy_id, kind=kind, module=module, libs=libs, entries=(("violation", "set"),), **described
    )


def read_constraint(manifest: Manifest, policy_ids: Mapping[str, str]) -> Constraint:
    """Read a Constraint.

    Args:
        manifest: the document.
        policy_ids: the policy of each kind of constraint.

    Raises:
        ProblemError: it cannot be used, and why.
    """
    kind, name = str(manifest.obj.get("kind")), _name(manifest)
    policy_id = policy_ids.get(kind)
    if policy_id is None:
        raise _problem(manifest, "/kind", None, f"constraint {name}: no template of kind {kind} was loaded")
    spec = manifest.obj.get("spec") or {}
    if not isinstance(spec, Mapping):
        raise _problem(manifest, "/spec", policy_id, f"constraint {name}: spec is not an object")
    parameters = spec.get("parameters") or {}
    if not isinstance(parameters, Mapping):
        raise _problem(
            manifest, "/spec/parameters", policy_id, f"constraint {name}: parameters is not an object"
        )
    try:
        match = parse_match(spec.get("match"))
    except PolicyError as error:
        raise _problem(manifest, "/spec/match", policy_id, f"constraint {name}: {error}") from error
    return Constraint(
        policy_id=policy_id,
        name=name,
        parameters=parameters,
        match=match,
        enforcement_action=str(spec.get("enforcementAction") or "deny"),
        path=manifest.path,
        line=manifest.line,
    )


def _rego_source(manifest: Manifest, policy_id: str) -> tuple[str, Mapping[str, Any], Literal[0, 1]]:
    """Where the Rego of a template stands, the object that holds `rego` and `libs`, and its version."""
    targets = _get(manifest.obj, "spec", "targets")
    targets = targets if isinstance(targets, Sequence) else []
    engines: list[str] = []
    for index, target in enumerate(targets):
        if not isinstance(target, Mapping):
            continue
        code = target.get("code")
        for place, entry in enumerate(code if isinstance(code, list) else []):
            source = entry.get("source") if isinstance(entry, Mapping) else None
            if isinstance(source, Mapping) and entry.get("engine") == "Rego":
                version: Literal[0, 1] = 1 if source.get("version") == "v1" else 0
                return f"/spec/targets/{index}/code/{place}/source", source, version
            engines.append(str(entry.get("engine")) if isinstance(entry, Mapping) else "?")
        if target.get("rego"):
            return f"/spec/targets/{index}", target, 0
    if engines:
        reason = f"written for {' and '.join(sorted(set(engines)))} only; Jade evaluates Rego"
    else:
        reason = "spec.targets holds no Rego"
    raise _problem(manifest, "/spec/targets", policy_id, reason)


def _parse(manifest: Manifest, pointer: str, text: object, policy_id: str) -> Module:
    if not isinstance(text, str) or not text.strip():
        raise _problem(manifest, pointer, policy_id, f"{pointer} is not the text of a Rego module")
    if len(text) > MAX_MODULE_BYTES:
        raise _problem(manifest, pointer, policy_id, f"a module of more than {MAX_MODULE_BYTES} characters")
    try:
        return parse(text)
    except RegoError as error:
        line = _text_line(manifest, pointer) + error.line - 1
        raise ProblemError(Problem(manifest.path, line, policy_id, str(error))) from error


def _module(manifest: Manifest, pointer: str, parsed: Module, version: Literal[0, 1]) -> RegoModule:
    return RegoModule(
        text=parsed.text,
        version=version,
        package=parsed.package,
        path=manifest.path,
        line=_text_line(manifest, pointer),
        version_stated=True,
    )


def _text_line(manifest: Manifest, pointer: str) -> int:
    """The line of the file on which a string's text begins: the one after the header of a block scalar."""
    line = manifest.line_of(pointer)
    lines = manifest.source.text.split(b"\n", line - manifest.source.line + 1)
    header = lines[line - manifest.source.line].rstrip()
    return line + bool(_BLOCK_SCALAR.search(header))


def _group(manifest: Manifest) -> str:
    return group_of(manifest.obj.get("apiVersion"))


def _name(manifest: Manifest) -> str:
    name = _get(manifest.obj, "metadata", "name")
    if not isinstance(name, str) or not name:
        raise _problem(manifest, "/metadata", None, f"a {manifest.obj.get('kind')} without metadata.name")
    return name


def _get(obj: Any, *path: str) -> Any:
    for key in path:
        obj = obj.get(key) if isinstance(obj, Mapping) else None
    return obj


def _problem(manifest: Manifest, pointer: str, policy_id: str | None, reason: str) -> ProblemError:
    return ProblemError(Problem(manifest.path, manifest.line_of(pointer), policy_id, reason))
