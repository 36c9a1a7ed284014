"""The ValidatingAdmissionPolicy of a policy, and the binding that names its default constraint.

The API server evaluates it without Gatekeeper's webhook. Its parameters are the constraint, whose kind Gatekeeper
makes from the template; of the constraint it reads `parameters` alone, not `match`.
"""

from jade_policy.generate.cel import PRELUDE, Cel, Variable
from jade_policy.generate.kinds import KindGroup, plural
from jade_policy.generate.source import PolicySource
from jade_policy.generate.yaml_text import to_yaml

_HEADER = "# Generated from policy.cel.yaml and policy.rego; change those and run `make policies`.\n"


def admission_policy(source: PolicySource, cel: Cel) -> str:
    """Write both documents.

    Raises:
        SourceError: the resource name of a kind is not known.
    """
    metadata = source.metadata
    about = {"name": metadata.id, "annotations": {"jade.dev/policy-id": metadata.id}}
    prelude = [Variable(name, expression) for name, expression in PRELUDE.items()]
    path = source.folder / "policy.rego"
    policy = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": about,
        "spec": {
            "failurePolicy": "Fail",
            "paramKind": {"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": metadata.kind},
            "matchConstraints": {
                "resourceRules": [
                    {
                        "apiGroups": [group.api_group],
                        "apiVersions": ["*"],
                        "operations": ["CREATE", "UPDATE"],
                        "resources": _resources(group, [plural(kind, path) for kind in group.kinds]),
                    }
                    for group in metadata.match
                ]
            },
            "variables": [variable.as_json() for variable in (*prelude, *cel.variables)],
            "validations": [validation.as_json() for validation in cel.validations],
        },
    }
    binding = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": about,
        "spec": {
            "policyName": metadata.id,
            "paramRef": {"name": metadata.id, "parameterNotFoundAction": "Deny"},
            "validationActions": ["Deny"],
        },
    }
    return _HEADER + to_yaml(policy) + "---\n" + to_yaml(binding)


def _resources(group: KindGroup, plurals: list[str]) -> list[str]:
    # Ephemeral containers come into a running Pod through a subresource of their own, and in no other way.
    return [*plurals, "pods/ephemeralcontainers"] if group.api_group == "" and "pods" in plurals else plurals
