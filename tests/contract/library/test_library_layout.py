"""What programs may rely on: the index's fields, and the names and annotations of the templates."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

import jade_policy

POLICIES = Path(jade_policy.__file__).parent / "policies_data"
INDEX = [json.loads(line) for line in (POLICIES / "index.jsonl").read_text().splitlines()]
SCHEMA = json.loads((POLICIES / "index.schema.json").read_text())
CONTAINER_LISTS = {"containers", "initContainers", "ephemeralContainers"}


def folder_of(entry):
    return POLICIES / entry["path"]


def document(path):
    return yaml.safe_load(path.read_text())


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
        assert step["path"].startswith(("{violation}", "{container}", "{pod_spec}", "{namespace}"))
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
    (target,) = template["spec"]["targets"]
    (code,) = target["code"]
    assert code["engine"] == "Rego"
    assert code["source"]["version"] == "v1"
    assert code["source"]["rego"].startswith(f"package {entry['package']}\n")
    assert all("\npackage lib." in library for library in code["source"]["libs"])


def test_a_policy_that_looks_around_asks_gatekeeper_for_the_data(entry):
    template = document(folder_of(entry) / "template.yaml")
    said = template["metadata"]["annotations"].get("metadata.gatekeeper.sh/requires-sync-data")
    wanted = [
        f"{group}/{version}/{kind}"
        for alternatives in (json.loads(said.strip('"')) if said else [])
        for need in alternatives
        for group in need["groups"]
        for version in need["versions"]
        for kind in need["kinds"]
    ]
    assert wanted == entry["inventory"]
    assert bool(wanted) == ("data.inventory" in template["spec"]["targets"][0]["code"][0]["source"]["rego"])


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
