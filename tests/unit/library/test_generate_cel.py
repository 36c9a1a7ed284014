"""CEL: which of the shared variables a policy carries, and what is wrong with one before anybody evaluates it."""

from pathlib import Path

import pytest
import yaml

from jade_policy.generate.cel import Validation, Variable, read_cel, read_shared, references
from jade_policy.generate.errors import SourceError
from jade_policy.generate.kinds import plural

SHARED = (
    Variable("podSpec", "variables.anyObject.?spec.orValue({})"),
    Variable("windows", "variables.podSpec.?os.?name.orValue('') == 'windows'"),
    Variable("containers", "variables.podSpec.?containers.orValue([])"),
)


@pytest.fixture
def written(tmp_path):
    def write(document):
        path = tmp_path / "policy.cel.yaml"
        path.write_text(document if isinstance(document, str) else yaml.safe_dump(document))
        return path

    return write


def policy(*validations, **variables):
    return {
        "variables": [{"name": name, "expression": text} for name, text in variables.items()],
        "validations": [{"expression": text, "message": "No."} for text in validations],
    }


def test_a_policy_without_the_file_has_no_cel(tmp_path):
    assert read_cel(tmp_path / "policy.cel.yaml", SHARED) is None
    assert read_shared(tmp_path / "variables.cel.yaml") == ()


def test_it_carries_what_it_refers_to_shared_first_and_in_order(written):
    own = [
        {"name": "first", "expression": "1", "description": "One."},
        {"name": "bad", "expression": "variables.containers.filter(c, c == variables.first)\n"},
    ]
    cel = read_cel(written(policy("variables.bad.size() == 0") | {"variables": own}), SHARED)
    assert [variable.name for variable in cel.variables] == ["podSpec", "containers", "first", "bad"]
    assert cel.variables[-1].expression == "variables.containers.filter(c, c == variables.first)"
    assert cel.validations == (Validation("variables.bad.size() == 0", "No.", ""),)


def test_what_a_message_refers_to_is_carried_too(written):
    validation = {"expression": "true", "messageExpression": "string(variables.windows)"}
    cel = read_cel(written({"validations": [validation]}), SHARED)
    assert [variable.name for variable in cel.variables] == ["podSpec", "windows"]
    assert cel.validations[0].as_json() == validation


def test_references_are_not_looked_for_in_text():
    assert references(
        """variables.a == "variables.b" && variables . c != '\\'variables.d' && xvariables.e"""
    ) == ["a", "c"]
    assert references('"""variables.a "b" """ + r"variables.c" + variables.?d.e') == ["d"]


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        (policy("variables.none"), "variables.none is defined neither here nor"),
        (policy("variables.windows", windows="true"), "windows is one of lib/variables.cel.yaml already"),
        (policy("true", mine="1"), "no validation needs the variables ['mine']"),
        (
            policy("variables.b", b="variables.c", c="1"),
            "variable b refers to c, which is not defined before it",
        ),
        (policy("variables.anyObject", anyObject="object"), "variable name 'anyObject' must"),
        (policy("variables.params", params="object"), "variable name 'params' must"),
        (policy("true", gatekeeper_internal_x="1"), "variable name 'gatekeeper_internal_x' must"),
        (policy("params.spec.x == 1"), "use variables.params"),
        (policy("type(object) in [int, double]"), "the types in a list differ"),
        (policy(), "`validations` is empty"),
        ({"validations": [{"expression": "true"}]}, "either a `message` or a `messageExpression`"),
        ({"validations": [{"message": "No."}]}, "needs an `expression`"),
        ({"validations": {"expression": "true"}}, "`validations` must be a list"),
        ({"validations": [{"expression": True, "message": "No."}]}, "is an object of text"),
        ({"validations": [{"expression": "true", "message": "No.", "reason": "x"}]}, "is an object of text"),
        ({"rules": []}, "must be an object with the fields ['variables', 'validations']"),
        ({"variables": [{"name": "a"}], "validations": []}, "variable a lacks its `expression`"),
        (
            {"variables": [{"name": "a", "expression": "1"}] * 2, "validations": []},
            "variable a is defined twice",
        ),
        ("validations: [", "not well-formed YAML"),
        ("- a", "must be an object"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(written, document, complaint):
    path = written(document)
    with pytest.raises(SourceError) as error:
        read_cel(path, SHARED)
    assert complaint in str(error.value)
    assert str(error.value).startswith(f"{path}: ")


def test_shared_variables_refer_to_earlier_ones_alone(written):
    path = written(
        {"variables": [{"name": "a", "expression": "variables.b"}, {"name": "b", "expression": "1"}]}
    )
    with pytest.raises(SourceError, match="variable a refers to b"):
        read_shared(path)


def test_plurals_are_those_of_the_api_server():
    path = Path("policy.rego")
    kinds = ["Pod", "Ingress", "NetworkPolicy", "Endpoints", "StorageClass", "CronJob"]
    assert [plural(kind, path) for kind in kinds] == [
        "pods",
        "ingresses",
        "networkpolicies",
        "endpoints",
        "storageclasses",
        "cronjobs",
    ]
    with pytest.raises(
        SourceError, match=r"policy\.rego: METADATA: the resource name of Octopus is not known"
    ):
        plural("Octopus", path)
