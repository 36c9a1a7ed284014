"""Whole applications: the good ones violate nothing, the bad ones exactly what their golden file says.

After a change of a policy or an application, `JADE_WRITE_EXPECTED=1 pytest THIS_FILE` writes the golden file anew: read
what changed in it as you would read code.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.usefixtures("whole_library")

FIXTURES = Path(__file__).parents[3] / "data" / "fixtures"
EXPECTED = FIXTURES / "negative" / "expected.json"
POSITIVE = sorted(path.name for path in (FIXTURES / "positive").iterdir() if path.is_dir())
NEGATIVE = sorted(path.name for path in (FIXTURES / "negative").iterdir() if path.is_dir())
APPLICATIONS = [f"positive/{name}" for name in POSITIVE] + [f"negative/{name}" for name in NEGATIVE]


def named(obj):
    metadata = obj["metadata"]
    place = f"{metadata['namespace']}/" if "namespace" in metadata else ""
    return f"{obj['apiVersion']}/{obj['kind']} {place}{metadata['name']}"


@pytest.fixture(scope="module")
def objects():
    """Give the objects of each application; one application is what one cluster holds."""
    return {
        application: [
            obj
            for path in sorted((FIXTURES / application).glob("*.yaml"))
            for obj in yaml.safe_load_all(path.read_text())
        ]
        for application in APPLICATIONS
    }


@pytest.fixture(scope="module")
def judged(objects, matching, judge, case, inventory_of):
    """Give the policies that each resource of each application violates; one process judges them all."""
    cases = []
    for application in APPLICATIONS:
        inventory = inventory_of(objects[application])
        cases += [case(matching(obj), obj, inventory=inventory) for obj in objects[application]]
    answers = iter(judge(cases))
    return {
        application: {
            named(obj): sorted(policy for policy, paths in next(answers).items() if paths)
            for obj in objects[application]
        }
        for application in APPLICATIONS
    }


@pytest.mark.parametrize("application", APPLICATIONS)
def test_every_resource_has_a_name_of_its_own(objects, judged, application):
    """Otherwise one of two would be judged and nobody would see it."""
    assert len(judged[application]) == len(objects[application]) >= 8


@pytest.mark.parametrize("name", POSITIVE)
def test_positive_application_passes_every_policy(judged, name):
    assert {resource: violated for resource, violated in judged[f"positive/{name}"].items() if violated} == {}


def test_negative_applications_violate_what_the_golden_file_says(judged):
    found = {name: judged[f"negative/{name}"] for name in NEGATIVE}
    if os.environ.get("JADE_WRITE_EXPECTED"):
        EXPECTED.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")
    assert found == json.loads(EXPECTED.read_text())


def test_every_policy_is_violated_by_some_negative_application(judged, sources):
    violated = {
        policy for name in NEGATIVE for policies in judged[f"negative/{name}"].values() for policy in policies
    }
    assert violated == {source.id for source in sources}


def test_every_policy_is_asked_about_some_positive_application(objects, matching, sources):
    """A policy that none of their resources concerns would be passed by an empty folder as well."""
    asked = {policy for name in POSITIVE for obj in objects[f"positive/{name}"] for policy in matching(obj)}
    assert asked == {source.id for source in sources}


@pytest.mark.parametrize("application", APPLICATIONS)
def test_conftest_combined_says_the_same(application, conftest_binary, policies, judged):
    command = [conftest_binary, "test", "--combine", "--output", "json", "--no-fail"]
    command += ["--policy", str(policies / "conftest"), str(FIXTURES / application)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    found = {
        failure["metadata"]["policy"]
        for result in json.loads(done.stdout)
        for failure in result.get("failures", [])
    }
    assert found == {policy for violated in judged[application].values() for policy in violated}
