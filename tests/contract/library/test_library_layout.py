"""What programs may rely on: the index's fields, and the names and annotations of the templates."""

import json
from functools import cache
from pathlib import Path

import jsonschema
import pytest
import yaml

import jade_policy
from jade_policy.generate.cel import references
from jade_policy.library import load_library

POLICIES = Path(jade_policy.__file__).parent / "policies_data"
INDEX = [json.loads(line) for line in (POLICIES / "index.jsonl").read_text().splitlines()]
SCHEMA = json.loads((POLICIES / "index.schema.json").read_text())
ENGINES = {"Rego": "Rego", "CEL": "K8sNativeValidation"}
CONTAINER_LISTS = {"containers", "initContainers", "ephemeralContainers"}


def folder_of(entry):
    return POLICIES / entry["path"]


@cache
def document(path):
    return yaml.load(path.read_text(), yaml.CSafeLoader)


def section(entry, heading):
    """Give the text of the page's section."""
    page = (folder_of(entry) / "README.md").read_text()
    return page.partition(f"\n{heading}\n")[2].partition("\n## ")[0].strip()


@pytest.fixture(params=INDEX, ids=lambda entry: entry["id"])
def entry(request):
    return request.param


def test_the_index_holds_every_policy_sorted():
    ids = [entry["id"] for entry in INDEX]
    assert ids == sorted({path.parent.name for path in (POLICIES / "gatekeeper").glob("*/policy.rego")})
    assert {
        "deny-hostpath-volumes",
        "deny-latest-tag",
        "deny-privileged-pods",
        "require-network-policy",
        "require-resource-limits",
    } <= set(ids)


def test_kinds_and_digests_are_unique():
    for field in ("kind", "digest", "title"):
        assert len({entry[field] for entry in INDEX}) == len(INDEX)


def test_each_line_follows_the_schema(entry):
    jsonschema.Draft202012Validator(SCHEMA).validate(entry)


def test_the_schema_refuses_what_is_missing_or_unknown():
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for name in SCHEMA["required"]:
        assert not validator.is_valid({key: value for key, value in INDEX[0].items() if key != name})
    assert not validator.is_valid(INDEX[0] | {"surprise": 1})


def test_parameters_are_schemas_that_their_defaults_follow(entry):
    for schema in entry["parameters"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(schema["default"], schema)


def test_a_list_of_containers_that_is_left_out_has_its_reason_on_the_page(entry):
    if set(entry["container_lists"]) != CONTAINER_LISTS:
        looks_at = next(
            line for line in (folder_of(entry) / "README.md").read_text().splitlines() if "Looks at" in line
        )
        assert "(" in looks_at


def test_remediation_says_where_its_value_comes_from(entry):
    for step in entry["remediation"]:
        assert not ("value" in step and "parameter" in step)
        if step["operation"] in {"set", "create"} and not step["needs_human"]:
            assert "value" in step or "parameter" in step


def test_the_template_is_named_after_its_kind_and_carries_our_id(entry):
    template = document(folder_of(entry) / "template.yaml")
    assert template["metadata"]["name"] == entry["kind"].lower()
    assert template["metadata"]["annotations"]["jade.dev/policy-id"] == entry["id"]
    assert template["spec"]["crd"]["spec"]["names"]["kind"] == entry["kind"]
    schema = template["spec"]["crd"]["spec"]["validation"]["openAPIV3Schema"]
    assert set(schema.get("properties", {})) == set(entry["parameters"])
    code = engines(template)
    assert list(code) == [ENGINES[name] for name in reversed(entry["engines"])]
    assert code["Rego"]["version"] == "v1"
    assert code["Rego"]["rego"].startswith(f"package {entry['package']}\n")
    assert all("\npackage lib." in library for library in code["Rego"]["libs"])


def engines(template):
    """Give the sources of a template by engine, in their order."""
    (target,) = template["spec"]["targets"]
    return {code["engine"]: code["source"] for code in target["code"]}


def test_a_policy_is_said_in_cel_or_its_page_says_why_not(entry):
    said = section(entry, "## CEL")
    written = (folder_of(entry) / "policy.cel.yaml").is_file()
    assert (entry["engines"] == ["Rego", "CEL"]) == written == (folder_of(entry) / "vap.yaml").is_file()
    assert said.startswith("The template holds the rule" if written else "None: ")


def test_cel_fails_closed_and_refers_only_to_what_is_defined_before(entry):
    if "CEL" not in entry["engines"]:
        pytest.skip("this policy has no CEL")
    cel = engines(document(folder_of(entry) / "template.yaml"))["K8sNativeValidation"]
    assert cel["failurePolicy"] == "Fail"
    known = {"anyObject", "params"}
    for variable in cel.get("variables", []):
        assert set(references(variable["expression"])) <= known
        known.add(variable["name"])
    for validation in cel["validations"]:
        assert validation.get("message") or validation.get("messageExpression")
        for text in validation.values():
            assert set(references(text)) <= known


def test_the_admission_policy_says_what_the_template_says(entry):
    """gator evaluates no ValidatingAdmissionPolicy, so its expressions are compared with the template's."""
    if "CEL" not in entry["engines"]:
        pytest.skip("this policy has no CEL")
    policy, binding = yaml.load_all((folder_of(entry) / "vap.yaml").read_text(), yaml.CSafeLoader)
    cel = engines(document(folder_of(entry) / "template.yaml"))["K8sNativeValidation"]
    spec = policy["spec"]
    assert (policy["apiVersion"], policy["kind"]) == (
        "admissionregistration.k8s.io/v1",
        "ValidatingAdmissionPolicy",
    )
    assert [variable["name"] for variable in spec["variables"][:2]] == ["anyObject", "params"]
    assert spec["variables"][2:] == cel.get("variables", [])
    assert spec["validations"] == cel["validations"]
    assert spec["failurePolicy"] == cel["failurePolicy"]
    assert spec["paramKind"] == {"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": entry["kind"]}
    rules = spec["matchConstraints"]["resourceRules"]
    assert [rule["apiGroups"] for rule in rules] == [group["apiGroups"] for group in entry["match"]["kinds"]]
    for rule, group in zip(rules, entry["match"]["kinds"], strict=True):
        assert rule["operations"] == ["CREATE", "UPDATE"]
        resources = [name for name in rule["resources"] if "/" not in name]
        assert [name[:3] for name in resources] == [kind.lower()[:3] for kind in group["kinds"]]
        assert ("pods/ephemeralcontainers" in rule["resources"]) == ("pods" in resources)
    constraint = document(folder_of(entry) / "constraint.yaml")
    assert binding["kind"] == "ValidatingAdmissionPolicyBinding"
    assert binding["spec"] == {
        "policyName": policy["metadata"]["name"],
        "paramRef": {"name": constraint["metadata"]["name"], "parameterNotFoundAction": "Deny"},
        "validationActions": ["Deny"],
    }


def test_jade_reads_the_rego_of_a_template_that_holds_cel_too():
    library = load_library(POLICIES / "gatekeeper")
    assert library.problems == ()
    for entry in INDEX:
        code = engines(document(folder_of(entry) / "template.yaml"))
        assert library.policy(entry["id"]).module.text.strip() == code["Rego"]["rego"].strip()


def test_a_policy_that_looks_around_asks_gatekeeper_for_the_data(entry):
    template = document(folder_of(entry) / "template.yaml")
    said = template["metadata"]["annotations"].get("metadata.gatekeeper.sh/requires-sync-data")
    wanted = [
        f"{group}/{version}/{kind}".lstrip("/")
        for alternatives in (json.loads(said.strip('"')) if said else [])
        for need in alternatives
        for group in need["groups"]
        for version in need["versions"]
        for kind in need["kinds"]
    ]
    assert wanted == entry["inventory"]
    source = engines(template)["Rego"]
    assert bool(wanted) == any("data.inventory" in text for text in (source["rego"], *source["libs"]))


def test_the_constraint_matches_what_the_index_says(entry):
    constraint = document(folder_of(entry) / "constraint.yaml")
    assert constraint["kind"] == entry["kind"]
    assert constraint["metadata"]["annotations"]["jade.dev/policy-id"] == entry["id"]
    assert constraint["spec"]["match"] == entry["match"]
    defaults = {name: schema["default"] for name, schema in entry["parameters"].items()}
    assert constraint["spec"].get("parameters", {}) == defaults


def test_the_page_has_its_sections_in_order(entry):
    lines = (folder_of(entry) / "README.md").read_text().splitlines()
    assert [line for line in lines if line.startswith("## ")] == [
        "## Avoid",
        "## Prefer",
        "## Rationale",
        "## Parameters",
        "## Remediation",
        "## CEL",
        "## References",
    ]


def test_examples_on_the_page_are_the_fixtures(entry):
    page = (folder_of(entry) / "README.md").read_text()
    examples = [block.partition("```")[0] for block in page.split("```yaml\n")[1:]]
    fixtures = sorted((folder_of(entry) / "fixtures").glob("*.yaml"))
    shown = [
        document(path)
        for verdict in ("denied", "allowed")
        for path in fixtures
        if path.stem.startswith(verdict)
    ]
    assert [yaml.safe_load(example) for example in examples] == shown
