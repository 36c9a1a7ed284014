"""What Gatekeeper and gator read: ConstraintTemplate, Constraint and Suite.

A template that holds CEL beside Rego is evaluated by CEL, unless native validation is turned off.
"""

import json
from typing import Any

from jade_policy.generate.source import PolicySource
from jade_policy.generate.yaml_text import to_yaml

_TARGET = "admission.k8s.gatekeeper.sh"
_HEADER = "# Generated from policy.rego and fixtures/; change those and run `make policies`.\n"


def template(source: PolicySource) -> str:
    """Write the ConstraintTemplate; its name is its kind in lower case, as Gatekeeper demands."""
    metadata = source.metadata
    annotations = {
        "jade.dev/policy-id": metadata.id,
        "jade.dev/severity": metadata.severity,
        "jade.dev/reliability": metadata.reliability,
        "metadata.gatekeeper.sh/title": metadata.title,
        "description": metadata.description,
    }
    if metadata.inventory:
        annotations["metadata.gatekeeper.sh/requires-sync-data"] = _sync_data(metadata.inventory)
    schema: dict[str, Any] = {"type": "object"}
    if metadata.parameters:
        # Gatekeeper's CRDs take no `default` for a constraint that leaves `parameters` out, so Rego has it.
        schema["properties"] = {
            name: {key: value for key, value in parameter.items() if key != "default"}
            for name, parameter in metadata.parameters.items()
        }
    return _HEADER + to_yaml(
        {
            "apiVersion": "templates.gatekeeper.sh/v1",
            "kind": "ConstraintTemplate",
            "metadata": {"name": metadata.kind.lower(), "annotations": annotations},
            "spec": {
                "crd": {
                    "spec": {
                        "names": {"kind": metadata.kind},
                        "validation": {"openAPIV3Schema": schema},
                    }
                },
                "targets": [{"target": _TARGET, "code": _code(source)}],
            },
        }
    )


def constraint(source: PolicySource) -> str:
    """Write a Constraint that matches every kind of the policy, with its parameters at their defaults."""
    metadata = source.metadata
    spec: dict[str, Any] = {
        "enforcementAction": "deny",
        "match": metadata.match_as_json,
    }
    if metadata.parameters:
        spec["parameters"] = metadata.defaults
    return _HEADER + to_yaml(
        {
            "apiVersion": "constraints.gatekeeper.sh/v1beta1",
            "kind": metadata.kind,
            "metadata": {"name": metadata.id, "annotations": {"jade.dev/policy-id": metadata.id}},
            "spec": spec,
        }
    )


def suite(source: PolicySource) -> str:
    """Write a Suite for `gator verify`: one case a fixture, which counts its violations.

    CEL says the same of several containers in one message, so where it is evaluated the count is not the Rego's.
    """
    cases = []
    for fixture in source.fixtures:
        case: dict[str, Any] = {"name": fixture.name, "object": f"fixtures/{fixture.path.name}"}
        if fixture.inventory is not None:
            case["inventory"] = [f"fixtures/{fixture.inventory.name}"]
        denied = "yes" if source.cel else len(fixture.violates)
        case["assertions"] = [{"violations": denied if fixture.denied else "no"}]
        cases.append(case)
    return _HEADER + to_yaml(
        {
            "apiVersion": "test.gatekeeper.sh/v1alpha1",
            "kind": "Suite",
            "metadata": {"name": source.id},
            "tests": [
                {
                    "name": source.id,
                    "template": "template.yaml",
                    "constraint": "constraint.yaml",
                    "cases": cases,
                }
            ],
        }
    )


def _code(source: PolicySource) -> list[dict[str, Any]]:
    engines: list[dict[str, Any]] = [
        {
            "engine": "Rego",
            "source": {
                "version": "v1",
                "rego": source.code,
                "libs": [library.rego for library in source.libraries],
            },
        }
    ]
    if source.cel:
        native: dict[str, Any] = {"failurePolicy": "Fail"}
        if source.cel.variables:
            native["variables"] = [variable.as_json() for variable in source.cel.variables]
        native["validations"] = [validation.as_json() for validation in source.cel.validations]
        engines.insert(0, {"engine": "K8sNativeValidation", "source": native})
    return engines


def _sync_data(inventory: tuple[str, ...]) -> str:
    """Name the kinds that Gatekeeper must replicate: all of them, hence one list of alternatives each."""
    requirements = []
    for entry in inventory:
        api_version, _, kind = entry.rpartition("/")
        group, _, version = api_version.rpartition("/")
        requirements.append([{"groups": [group], "versions": [version], "kinds": [kind]}])
    return f'"{json.dumps(requirements)}"'
