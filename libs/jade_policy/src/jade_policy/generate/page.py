"""The pages that people read: one a policy, its examples being the tested fixtures, and a table of all."""

import json
from collections.abc import Iterable
from typing import Any

from jade_policy.generate.fixtures import Fixture
from jade_policy.generate.source import PolicySource

_HEADER = "<!-- Generated from policy.rego and fixtures/; change those and run `make policies`. -->\n"


def page(source: PolicySource) -> str:
    """Write README.md of one policy."""
    metadata = source.metadata
    facts = [
        ("Id", f"`{metadata.id}`"),
        ("Kind", f"`{metadata.kind}`"),
        ("Severity", f"{metadata.severity}: {metadata.severity_reason}"),
        ("Reliability", metadata.reliability),
        ("Tags", _codes(metadata.tags)),
        ("Features", _codes(metadata.features)),
        ("Matches", _codes(metadata.kinds)),
        ("Looks at", _codes(metadata.container_lists) + _reason(metadata.container_lists_reason)),
    ]
    if metadata.inventory:
        facts.append(
            ("Needs to know", f"{_codes(metadata.inventory)} of the cluster; without them it cannot tell")
        )
    return "\n".join(
        [
            f"# {metadata.title}",
            "",
            _HEADER,
            metadata.description,
            "",
            *_table(("", ""), facts),
            "",
            *_examples("Avoid", [fixture for fixture in source.fixtures if fixture.denied]),
            *_examples("Prefer", [fixture for fixture in source.fixtures if not fixture.denied]),
            "## Rationale",
            "",
            metadata.rationale,
            "",
            "## Parameters",
            "",
            *_parameters(source),
            "",
            "## Remediation",
            "",
            *_remediation(source),
            "",
            "## CEL",
            "",
            _cel(source),
            "",
            "## References",
            "",
            *(f"- [{reference.description}]({reference.url})" for reference in metadata.references),
            "",
        ]
    )


def table_of_all(sources: Iterable[PolicySource]) -> str:
    """Write README.md of the library: one line a policy."""
    rows = [
        (
            f"[{source.id}](gatekeeper/{source.id}/README.md)",
            source.metadata.severity,
            source.metadata.description,
        )
        for source in sources
    ]
    return "\n".join(
        [
            "# Policies",
            "",
            _HEADER.replace("policy.rego and fixtures/", "every policy.rego"),
            *_table(("Policy", "Severity", "What it asks for"), rows),
            "",
        ]
    )


def _examples(heading: str, fixtures: Iterable[Fixture]) -> list[str]:
    lines = [f"## {heading}", ""]
    for fixture in fixtures:
        lines += [fixture.title, "", "```yaml", fixture.manifest.strip("\n"), "```", ""]
        if fixture.inventory is not None:
            lines += [f"beside [{fixture.inventory.name}](fixtures/{fixture.inventory.name}).", ""]
        if fixture.violates:
            lines += [f"At fault: {_codes(fixture.violates)}", ""]
    return lines


def _parameters(source: PolicySource) -> list[str]:
    if not source.metadata.parameters:
        return ["None. Namespaces are exempted by `match.excludedNamespaces` of the constraint."]
    rows = [
        (f"`{name}`", _type(schema), f"`{json.dumps(schema['default'])}`", str(schema["description"]))
        for name, schema in source.metadata.parameters.items()
    ]
    return _table(("Name", "Type", "Default", "Meaning"), rows)


def _remediation(source: PolicySource) -> list[str]:
    rows = []
    for step in source.metadata.remediation:
        if step.value is not None:
            value = f"`{json.dumps(step.value)}`"
        elif step.parameter is not None:
            value = f"what parameter `{step.parameter}` holds"
        else:
            value = ""
        rows.append(
            (
                f"`{step.path}`",
                step.operation,
                value,
                "yes" if step.behaviour_changing else "no",
                "yes" if step.needs_human else "no",
                step.note,
            )
        )
    return _table(("Path", "Operation", "Value", "Changes behaviour", "Needs a person", "Note"), rows)


def _cel(source: PolicySource) -> str:
    if source.cel:
        return (
            "The template holds the rule in Rego and in CEL (`K8sNativeValidation`). [vap.yaml](vap.yaml) is the "
            "ValidatingAdmissionPolicy of it, with a binding to the constraint `"
            f"{source.id}`, whose parameters it reads."
        )
    if source.metadata.without_cel:
        return f"None: {source.metadata.without_cel}"
    if source.metadata.inventory:
        return "None: CEL sees the object under review alone, and this rule needs to know what else the cluster holds."
    return "None."


def _type(schema: Any) -> str:
    if schema["type"] == "array":
        return f"list of {schema['items']['type']}"
    return str(schema["type"])


def _codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _reason(reason: str) -> str:
    return f" ({reason.rstrip('.')})" if reason else ""


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return lines
