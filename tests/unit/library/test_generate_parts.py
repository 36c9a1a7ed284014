"""The generator's parts that need no OPA."""

from pathlib import Path

import pytest
import yaml

from jade_policy.generate.errors import SourceError
from jade_policy.generate.fixtures import read_fixtures
from jade_policy.generate.kinds import KindGroup, expand_kinds
from jade_policy.generate.metadata import parse_metadata
from jade_policy.generate.yaml_text import to_yaml

PATH = Path("deny-things/policy.rego")


def annotation(**custom):
    return {
        "title": "Deny things",
        "description": "No\n  things.",
        "related_resources": [{"ref": "https://example.com", "description": "Why"}],
        "custom": {
            "id": "deny-things",
            "kind": "JadeDenyThings",
            "severity": "low",
            "severity_reason": "They are small.",
            "reliability": "high",
            "tags": ["things"],
            "features": ["thing=true"],
            "kinds": ["Service", "networking.k8s.io/Ingress"],
            "rationale": "Because.",
            "remediation": [
                {
                    "path": "{violation}",
                    "operation": "set",
                    "value": False,
                    "behaviour_changing": False,
                    "needs_human": False,
                    "note": "None.",
                }
            ],
            **custom,
        },
    }


def test_metadata_is_typed():
    metadata = parse_metadata(annotation(), PATH)
    assert metadata.description == "No things."
    assert metadata.kinds == ["Ingress", "Service"]
    assert metadata.match == (KindGroup("", ("Service",)), KindGroup("networking.k8s.io", ("Ingress",)))
    assert metadata.container_lists == ("containers", "initContainers", "ephemeralContainers")
    assert metadata.remediation[0].as_json() == {
        "path": "{violation}",
        "operation": "set",
        "value": False,
        "behaviour_changing": False,
        "needs_human": False,
        "note": "None.",
    }


@pytest.mark.parametrize(
    ("custom", "complaint"),
    [
        ({"surprise": 1}, "unknown fields ['surprise']"),
        ({"kind": "jadeDenyThings"}, "kind 'jadeDenyThings' must match"),
        ({"reliability": "low"}, "reliability 'low' is none of"),
        ({"inventory": ["NetworkPolicy"]}, "must be group/version/Kind"),
        ({"container_lists": {"lists": ["containers"], "reason": ""}}, "`reason`"),
        ({"container_lists": {"lists": ["sidecars"], "reason": "x"}}, "`lists`"),
        ({"parameters": {"names": {"type": "array", "default": []}}}, "parameter names lacks `description`"),
        ({"remediation": [{"path": "{violation}"}]}, "a remediation step lacks `operation`"),
        ({"tags": ["soc:2"]}, "tag 'soc:2' names none of the frameworks ['cis', 'mitre', 'nsa', 'pss']"),
        ({"tags": ["Container"]}, "tag 'Container' must look like"),
        ({"tags": ["pss:privileged"]}, "tag 'pss:privileged' must look like"),
        ({"tags": ["cis:5.2"]}, "tag 'cis:5.2' must look like"),
        ({"tags": ["nsa:pods"]}, "tag 'nsa:pods' must look like"),
        ({"tags": ["mitre:T1611.1"]}, "tag 'mitre:T1611.1' must look like"),
    ],
)
def test_wrong_metadata_is_refused_with_its_file(custom, complaint):
    with pytest.raises(SourceError) as error:
        parse_metadata(annotation(**custom), PATH)
    assert str(error.value).startswith("deny-things/policy.rego: METADATA: ")
    assert complaint in str(error.value)


STEP = annotation()["custom"]["remediation"][0]


@pytest.mark.parametrize(
    "path", ["", "/spec", "{pod}/a", "{container}a", "{container}/", "a{violation}", "{a}/{b}"]
)
def test_a_remediation_path_starts_with_what_is_known(path):
    with pytest.raises(SourceError, match="must be a JSON pointer behind"):
        parse_metadata(annotation(remediation=[STEP | {"path": path}]), PATH)


@pytest.mark.parametrize(
    "start", ["violation", "container", "pod_spec", "pod_template", "resource", "namespace"]
)
def test_a_remediation_path_may_go_on_behind_its_start(start):
    for path in (f"{{{start}}}", f"{{{start}}}/spec/a~1b/-"):
        steps = [STEP | {"path": path, "operation": "add-item"}]
        assert parse_metadata(annotation(remediation=steps), PATH).remediation[0].path == path


def test_tags_of_frameworks_and_topics():
    tags = [
        "pss:baseline",
        "pss:restricted",
        "cis:5.2.11",
        "nsa:authn-authz",
        "mitre:T1611",
        "mitre:T1552.007",
        "a-b",
    ]
    assert parse_metadata(annotation(tags=tags), PATH).tags == tuple(tags)


def test_a_policy_may_say_why_it_has_no_cel():
    assert parse_metadata(annotation(), PATH).without_cel == ""
    assert parse_metadata(annotation(without_cel="It\n  counts."), PATH).without_cel == "It counts."


@pytest.mark.parametrize("field", ["title", "description", "related_resources"])
def test_metadata_without_prose_is_refused(field):
    with pytest.raises(SourceError, match=f"`{field}` is missing"):
        parse_metadata(annotation() | {field: None}, PATH)


def test_workloads_stand_for_every_kind_with_a_pod_template():
    groups = {group.api_group: group.kinds for group in expand_kinds(["workloads"], PATH)}
    assert groups[""] == ("Pod", "PodTemplate", "ReplicationController")
    assert groups["apps"] == ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")
    assert groups["batch"] == ("CronJob", "Job")


def test_a_fixture_says_what_it_claims(tmp_path):
    (tmp_path / "allowed.yaml").write_text("# Fine.\nkind: Pod\n")
    (tmp_path / "denied-a.yaml").write_text(
        "# Bad.\n# inventory: beside.yaml\n# violates: /a\n# needs: /c\n# violates: /b\nkind: Pod\n"
    )
    (tmp_path / "beside.yaml").write_text("kind: Service\n")
    allowed, denied = read_fixtures(tmp_path)
    assert (allowed.name, allowed.denied, allowed.violates, allowed.inventory) == ("allowed", False, (), None)
    assert (denied.title, denied.denied, denied.violates) == ("Bad.", True, ("/a", "/b"))
    assert denied.needs == ("/c",)
    assert denied.inventory == tmp_path / "beside.yaml"
    assert denied.manifest == "kind: Pod\n"


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"allowed.yaml": "# Fine.\n"}, "needs at least one denied"),
        ({"denied.yaml": "# Bad.\n# violates: /a\n"}, "needs at least one allowed"),
        (
            {"denied.yaml": "# Bad.\n# violates: /a\n", "allowed.yaml": "# Fine.\n# needs: /b\n"},
            "an allowed fixture has no fault",
        ),
        ({"denied.yaml": "# Bad.\n", "allowed.yaml": "# Fine.\n"}, "a denied fixture names what it violates"),
        ({"allowed.yaml": "kind: Pod\n"}, "allowed.yaml:1: the first line must be a comment"),
    ],
)
def test_a_fixture_that_claims_nothing_is_refused(tmp_path, files, complaint):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(SourceError, match=complaint):
        read_fixtures(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "a\n\tb\n",
        "a\n\n\tb",
        "\tb\n",
        " a\nb\n",
        "\n",
        "a: b # c\n",
        "…\nb\n",
        "a \nb\n",
        "",
        "true",
        "\ta\n\n\n",
    ],
)
def test_yaml_gives_back_any_text(text):
    assert yaml.safe_load(to_yaml({"rego": text, "list": [{"rego": text}]})) == {
        "rego": text,
        "list": [{"rego": text}],
    }


def test_code_is_written_as_a_literal_block():
    assert "rego: |\n  package a\n\n  b if {\n  \tc\n  }\n" in to_yaml(
        {"rego": "package a\n\nb if {\n\tc\n}\n"}
    )
