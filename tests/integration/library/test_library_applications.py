"""Whole applications: the good ones violate nothing, the bad ones exactly what their golden file says."""

import json
import subprocess

import pytest
import yaml

pytestmark = pytest.mark.usefixtures("whole_library")

APPLICATIONS = ("positive/shop", "negative/shop")


def named(obj):
    metadata = obj["metadata"]
    name = "/".join(metadata[key] for key in ("namespace", "name") if key in metadata)
    return f"{obj['apiVersion']}/{obj['kind']} {name}"


@pytest.fixture(scope="module")
def applications_judged(applications, matching, judge, case, inventory_of):
    answers = {}
    for application in APPLICATIONS:
        objects = [
            obj
            for path in sorted((applications / application).glob("*.yaml"))
            for obj in yaml.safe_load_all(path.read_text())
        ]
        inventory = inventory_of(objects)
        judged = judge([case(matching(obj), obj, inventory=inventory) for obj in objects])
        answers[application] = {
            named(obj): sorted(policy for policy, paths in violated.items() if paths)
            for obj, violated in zip(objects, judged, strict=True)
        }
    return answers


def test_the_positive_application_passes_every_policy(applications_judged):
    resources = applications_judged["positive/shop"]
    assert len(resources) >= 10
    assert {name: violated for name, violated in resources.items() if violated} == {}


def test_the_negative_application_violates_what_its_golden_file_says(applications, applications_judged):
    golden = json.loads((applications / "negative" / "expected.json").read_text())
    assert {"shop": applications_judged["negative/shop"]} == golden


def test_every_policy_is_violated_by_some_negative_application(applications_judged, sources):
    violated = {policy for policies in applications_judged["negative/shop"].values() for policy in policies}
    assert violated == {source.id for source in sources}


@pytest.mark.parametrize("application", APPLICATIONS)
def test_conftest_combined_sees_the_network_policies(
    application, conftest_binary, policies, applications, applications_judged
):
    command = [
        conftest_binary,
        "test",
        "--combine",
        "--output",
        "json",
        "--no-fail",
        "--policy",
        str(policies / "conftest"),
    ]
    done = subprocess.run(
        [*command, str(applications / application)], capture_output=True, text=True, timeout=60, check=False
    )
    found = {
        failure["metadata"]["policy"]
        for result in json.loads(done.stdout)
        for failure in result.get("failures", [])
    }
    assert found == {policy for violated in applications_judged[application].values() for policy in violated}
