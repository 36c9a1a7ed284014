"""Every fixture gets the verdict and the paths that it claims, whoever evaluates."""

import json
import shutil
import subprocess

import pytest
import yaml


def objects_in(path):
    return [obj for obj in yaml.safe_load_all(path.read_text()) if obj is not None]


@pytest.fixture(scope="module")
def everything(sources, case, inventory_of):
    """Each fixture, to be judged by all policies."""
    ids = [source.id for source in sources]
    return [
        (
            source,
            fixture,
            case(
                ids,
                objects_in(fixture.path)[0],
                inventory=inventory_of(objects_in(fixture.inventory) if fixture.inventory else []),
            ),
        )
        for source in sources
        for fixture in source.fixtures
    ]


@pytest.fixture(scope="module")
def judged(everything, judge):
    return judge([case for _, _, case in everything])


def test_each_fixture_violates_exactly_what_it_says(everything, judged):
    assert {
        fixture.path: answers[source.id]
        for (source, fixture, _), answers in zip(everything, judged, strict=True)
    } == {fixture.path: sorted(fixture.violates) for _, fixture, _ in everything}


def test_parameters_default_in_rego_as_metadata_says(everything, judge, case):
    with_parameters = [(source, item) for source, _, item in everything if source.metadata.parameters]
    assert with_parameters
    asked = [
        case([source.id], item.obj, parameters, item.inventory)
        for source, item in with_parameters
        for parameters in ({}, source.metadata.defaults, None, dict.fromkeys(source.metadata.parameters))
    ]
    answers = judge(asked)
    for start in range(0, len(answers), 4):
        group = answers[start : start + 4]
        assert group == [group[0]] * 4, asked[start]


def test_gator_agrees(gator, policies, sources):
    done = subprocess.run(
        [gator, "verify", f"{policies}/gatekeeper/..."],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    for source in sources:
        assert f"{source.id}/suite.yaml" in output


def test_gator_notices_a_broken_template(gator, policies, tmp_path):
    shutil.copytree(policies / "gatekeeper" / "deny-host-ports", tmp_path / "policy")
    template = tmp_path / "policy" / "template.yaml"
    template.write_text(template.read_text().replace("in {null, 0}", "in {null, 0, 80, 443, 9100}"))
    done = subprocess.run(
        [gator, "verify", str(tmp_path / "policy")], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 1


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


def test_conftest_agrees_on_every_policy(conftest_binary, policies, sources, everything, judged):
    referential = {source.id for source in sources if source.metadata.inventory}
    alone = [
        (fixture, answers)
        for (_, fixture, _), answers in zip(everything, judged, strict=True)
        if fixture.inventory is None
    ]
    found = run_conftest(conftest_binary, policies, *(fixture.path for fixture, _ in alone))
    assert found == {
        (str(fixture.path), policy, path)
        for fixture, answers in alone
        for policy, paths in answers.items()
        for path in paths
        if policy not in referential
    }


def test_conftest_agrees_where_an_inventory_is_given(
    conftest_binary, policies, everything, judged, inventory_of, tmp_path
):
    by_inventory = {}
    for (source, fixture, _), answers in zip(everything, judged, strict=True):
        if fixture.inventory is not None:
            by_inventory.setdefault(fixture.inventory, []).append((source, fixture, answers))
    assert by_inventory
    for inventory, group in by_inventory.items():
        data = tmp_path / "inventory.json"
        data.write_text(json.dumps({"inventory": inventory_of(objects_in(inventory))}))
        found = run_conftest(
            conftest_binary, policies, "--data", data, *(fixture.path for _, fixture, _ in group)
        )
        assert found == {
            (str(fixture.path), policy, path)
            for _, fixture, answers in group
            for policy, paths in answers.items()
            for path in paths
        }


def test_conftest_takes_parameters(conftest_binary, policies, tmp_path):
    data = tmp_path / "parameters.yaml"
    data.write_text("parameters: {deny-host-ports: {allowedPorts: [80, 443]}}\n")
    fixture = policies / "gatekeeper" / "deny-host-ports" / "fixtures" / "denied-ingress.yaml"
    found = run_conftest(conftest_binary, policies, "--data", data, fixture)
    assert found
    assert "deny-host-ports" not in {policy for _, policy, _ in found}


def test_gator_reads_which_data_a_template_needs(gator, sources):
    templates = [f"--filename={source.folder / 'template.yaml'}" for source in sources]
    command = [gator, "sync", "test", "--force-omit-gvk-manifest", *templates]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    needed = {source.metadata.kind.lower(): source.metadata.inventory for source in sources}
    for kind, inventory in needed.items():
        assert (f"{kind}:" in done.stdout + done.stderr) == bool(inventory)
    assert "networking.k8s.io/v1:NetworkPolicy" in done.stdout + done.stderr
