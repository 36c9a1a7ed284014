"""Every fixture gets the verdict and the paths that it claims, whoever evaluates."""

import json
import subprocess
from collections import defaultdict

import pytest


@pytest.fixture(scope="module")
def everything(sources, case, fixture_objects, matching):
    """Each fixture, to be judged by all policies that match its kind."""
    return [
        (source, fixture, case(matching(obj), obj, inventory=inventory))
        for source in sources
        for fixture in source.fixtures
        for obj, inventory in [fixture_objects[fixture.path]]
    ]


@pytest.fixture(scope="module")
def judged(everything, judge):
    return judge([case for _, _, case in everything])


def test_each_fixture_violates_exactly_what_it_says(everything, judged):
    assert {
        fixture.path: answers.get(source.id, [])
        for (source, fixture, _), answers in zip(everything, judged, strict=True)
    } == {fixture.path: sorted(fixture.violates) for _, fixture, _ in everything}


def test_parameters_default_in_rego_as_metadata_says(everything, judge, case):
    with_parameters = [(source, item) for source, _, item in everything if source.metadata.parameters]
    asked = [
        case([source.id], item.obj, parameters, item.inventory)
        for source, item in with_parameters
        for parameters in ({}, source.metadata.defaults, None, dict.fromkeys(source.metadata.parameters))
    ]
    answers = judge(asked)
    for start in range(0, len(answers), 4):
        group = answers[start : start + 4]
        assert group == [group[0]] * 4, asked[start]


@pytest.mark.usefixtures("whole_library")
def test_no_two_policies_have_the_same_verdict_on_everything(sources, judged, judge, case, matching, request):
    """The fixtures of all policies tell nearly all of them apart; real manifests are asked about the others."""
    verdicts = {source.id: tuple(bool(answers.get(source.id)) for answers in judged) for source in sources}
    twins = alike(verdicts)
    if twins:
        manifests = request.getfixturevalue("real_manifests")
        ids = sorted(id_ for group in twins for id_ in group)
        answers = judge([case([id_ for id_ in matching(obj) if id_ in ids], obj) for obj in manifests])
        twins = alike({id_: (verdicts[id_], tuple(bool(found.get(id_)) for found in answers)) for id_ in ids})
    assert twins == []


def alike(verdicts):
    """Give the groups of policies whose verdicts are the same."""
    groups = defaultdict(list)
    for policy, answers in verdicts.items():
        groups[answers].append(policy)
    return [group for group in groups.values() if len(group) > 1]


def run_conftest(binary, policies, *arguments):
    """Give the violations that conftest finds: (file, policy, path)."""
    command = [
        binary,
        "test",
        "--policy",
        str(policies / "conftest"),
        "--output",
        "json",
        "--no-fail",
        *map(str, arguments),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        (result["filename"], failure["metadata"]["policy"], failure["metadata"]["path"])
        for result in json.loads(done.stdout)
        for failure in result.get("failures", [])
    }


@pytest.mark.usefixtures("whole_library")
def test_conftest_agrees_on_every_policy(conftest_binary, policies, sources, everything, judged):
    """Conftest takes long to read manifests: it is asked about one denied and one allowed fixture of each."""
    referential = {source.id for source in sources if source.metadata.inventory}
    first = {
        (source.id, fixture.denied): (fixture, answers)
        for (source, fixture, _), answers in reversed(list(zip(everything, judged, strict=True)))
        if fixture.inventory is None
    }
    alone = list(first.values())
    found = run_conftest(conftest_binary, policies, *(fixture.path for fixture, _ in alone))
    assert found == {
        (str(fixture.path), policy, path)
        for fixture, answers in alone
        for policy, paths in answers.items()
        for path in paths
        if policy not in referential
    }


@pytest.mark.usefixtures("whole_library")
def test_conftest_agrees_where_an_inventory_is_given(conftest_binary, policies, everything, judged, tmp_path):
    """Ask about as many inventories as take some seconds: one of each kind that a policy needs to know."""
    by_needs = {}
    for (source, fixture, item), answers in zip(everything, judged, strict=True):
        if fixture.inventory is not None and fixture.denied:
            group = by_needs.setdefault(source.metadata.inventory, (fixture.inventory, item.inventory, []))
            if group[0] == fixture.inventory:
                group[2].append((fixture, answers))
    assert by_needs
    for _, inventory, group in by_needs.values():
        data = tmp_path / "inventory.json"
        data.write_text(json.dumps({"inventory": inventory}))
        found = run_conftest(
            conftest_binary, policies, "--data", data, *(fixture.path for fixture, _ in group)
        )
        assert found == {
            (str(fixture.path), policy, path)
            for fixture, answers in group
            for policy, paths in answers.items()
            for path in paths
        }


@pytest.mark.usefixtures("whole_library")
def test_conftest_takes_parameters(conftest_binary, policies, tmp_path):
    data = tmp_path / "parameters.yaml"
    data.write_text("parameters: {deny-host-ports: {allowedPorts: [80, 443]}}\n")
    fixture = policies / "gatekeeper" / "deny-host-ports" / "fixtures" / "denied-ingress.yaml"
    found = run_conftest(conftest_binary, policies, "--data", data, fixture)
    assert found
    assert "deny-host-ports" not in {policy for _, policy, _ in found}


def test_gator_reads_which_data_a_template_needs(gator, sources):
    if not any(source.metadata.inventory for source in sources):
        pytest.skip("none of these policies looks around in the cluster")
    templates = [f"--filename={source.folder / 'template.yaml'}" for source in sources]
    command = [gator, "sync", "test", "--force-omit-gvk-manifest", *templates]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    needed = {source.metadata.kind.lower(): source.metadata.inventory for source in sources}
    for kind, inventory in needed.items():
        assert (f"{kind}:" in done.stdout + done.stderr) == bool(inventory)
