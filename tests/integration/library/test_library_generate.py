"""Nothing that is generated is stale, and the generator says what is, or what is wrong with a source."""

import shutil

import pytest

from jade_policy.generate.__main__ import main

pytestmark = pytest.mark.usefixtures("whole_library")


FEW = ("deny-host-ports", "deny-latest-tag", "deny-privileged-pods", "deny-unsafe-sysctls")


@pytest.fixture(scope="module")
def small(policies, opa, tmp_path_factory):
    """A library of a few policies: the whole one takes seconds to write."""
    folder = tmp_path_factory.mktemp("small") / "policies"
    for name in ("lib", *FEW):
        shutil.copytree(policies / "gatekeeper" / name, folder / "gatekeeper" / name)
    assert main(["write", "--library", str(folder), "--opa", opa]) == 0
    return folder


@pytest.fixture
def copied(small, tmp_path):
    shutil.copytree(small, tmp_path / "policies")
    return tmp_path / "policies"


def test_the_library_is_not_stale(opa, capsys):
    assert main(["check", "--opa", opa]) == 0, capsys.readouterr().out


def test_check_names_each_file_that_is_wrong_and_write_puts_it_right(opa, copied, capsys):
    source = copied / "gatekeeper" / "deny-host-ports" / "policy.rego"
    source.write_text(source.read_text().replace("title: Deny host ports", "title: Deny ports of the host"))
    (copied / "gatekeeper" / "deny-latest-tag" / "suite.yaml").unlink()
    (copied / "conftest" / "policies" / "gone.rego").write_text("package gone\n")
    fixture = copied / "gatekeeper" / "deny-unsafe-sysctls" / "fixtures" / "denied-unsafe.yaml"
    fixture.write_text(fixture.read_text().replace("orders-db", "stock-db"))
    arguments = ["--library", str(copied), "--opa", opa]

    assert main(["check", *arguments]) == 1
    wrong = capsys.readouterr().out.splitlines()
    assert wrong == [
        "stale: gatekeeper/deny-host-ports/README.md",
        "stale: gatekeeper/deny-host-ports/template.yaml",
        "missing: gatekeeper/deny-latest-tag/suite.yaml",
        "stale: gatekeeper/deny-unsafe-sysctls/README.md",
        "stale: index.jsonl",
        "left over: conftest/policies/gone.rego",
    ]
    assert main(["write", *arguments]) == 0
    assert capsys.readouterr().out.splitlines() == wrong
    assert main(["check", *arguments]) == 0


def test_only_the_named_policies_are_read_and_written(opa, copied, capsys):
    gatekeeper = copied / "gatekeeper"
    for policy in ("deny-host-ports", "deny-latest-tag"):
        source = gatekeeper / policy / "policy.rego"
        source.write_text(source.read_text().replace("title: Deny", "title: Never allow"))
    (gatekeeper / "deny-unsafe-sysctls" / "policy.rego").write_text("package half {")
    (copied / "conftest" / "policies" / "gone.rego").write_text("package gone\n")
    arguments = ["--library", str(copied), "--opa", opa, "--only", "deny-host-ports, deny-latest-tag"]

    assert main(["check", *arguments]) == 1
    wrong = capsys.readouterr().out.splitlines()
    assert wrong == [
        f"stale: gatekeeper/{policy}/{file}"
        for policy in ("deny-host-ports", "deny-latest-tag")
        for file in ("README.md", "template.yaml")
    ]
    assert main(["write", *arguments]) == 0
    assert main(["check", *arguments]) == 0
    assert "title: Never allow" in (gatekeeper / "deny-host-ports" / "template.yaml").read_text()
    assert main(["check", *arguments[:-1], "deny-nothing"]) == 2
    assert "--only takes ids of policies" in capsys.readouterr().err


def test_what_follows_from_cel_comes_and_goes_with_it(opa, copied, capsys):
    folder = copied / "gatekeeper" / "deny-privileged-pods"
    arguments = ["--library", str(copied), "--opa", opa, "--only", "deny-privileged-pods"]
    (folder / "policy.cel.yaml").unlink()
    assert main(["write", *arguments]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "stale: gatekeeper/deny-privileged-pods/README.md",
        "stale: gatekeeper/deny-privileged-pods/suite.yaml",
        "stale: gatekeeper/deny-privileged-pods/template.yaml",
        "left over: gatekeeper/deny-privileged-pods/vap.yaml",
    ]
    assert not (folder / "vap.yaml").exists()
    assert "K8sNativeValidation" not in (folder / "template.yaml").read_text()
    assert "violations: 1" in (folder / "suite.yaml").read_text()

    (folder / "policy.cel.yaml").write_text("validations: [{expression: variables.windows, message: No.}]\n")
    assert main(["write", *arguments]) == 0
    assert "missing: gatekeeper/deny-privileged-pods/vap.yaml" in capsys.readouterr().out
    assert "violations: 'yes'" in (folder / "suite.yaml").read_text()

    source = folder / "policy.rego"
    source.write_text(
        source.read_text().replace("#   rationale:", "#   without_cel: It counts.\n#   rationale:")
    )
    assert main(["check", *arguments]) == 2
    assert "`without_cel`, but there is a policy.cel.yaml" in capsys.readouterr().err


def test_code_changes_the_digest_and_prose_does_not(opa, copied):
    def digests():
        assert main(["write", "--library", str(copied), "--opa", opa]) == 0
        return [
            line.rpartition('"digest": ')[2] for line in (copied / "index.jsonl").read_text().splitlines()
        ]

    before = digests()
    source = copied / "gatekeeper" / "deny-host-ports" / "policy.rego"
    source.write_text(source.read_text().replace("title: Deny host ports", "title: Deny ports of the host"))
    assert digests() == before
    source.write_text(source.read_text().replace("in {null, 0}", "in {null, 0, 1}"))
    after = digests()
    assert [old == new for old, new in zip(before, after, strict=True)].count(False) == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("policy.rego", "severity: medium", "severity: grave", "METADATA: severity 'grave' is none of"),
        (
            "policy.rego",
            "id: deny-host-ports",
            "id: deny-ports",
            "must be the folder's name, 'deny-host-ports'",
        ),
        ("policy.rego", "#   features: [hostPort=true]\n", "", "METADATA: custom lacks ['features']"),
        ("policy.rego", "hostPort=true]", "hostPort]", "must look like `image.tag=latest`"),
        ("policy.rego", "kinds: [workloads]", "kinds: [pods]", "'pods' is no kind"),
        ("policy.rego", "#       default: []\n", "", "parameter allowedPorts lacks `default`"),
        ("policy.rego", "operation: remove", "operation: erase", "operation 'erase' is none of"),
        ("policy.rego", "JadeDenyHostPorts", "JadeDenyLatestTag", "belongs to deny-host-ports already"),
        ("policy.rego", "# scope: package", "# scope: rule", "opa cannot read the policies"),
        ("policy.rego", "package deny_host_ports", "package host_ports", "must be `package deny_host_ports`"),
        ("policy.rego", "data.lib.kubernetes as", "data.lib.nothing as", "there is no lib/nothing.rego"),
        ("policy.rego", "host_port := port.hostPort", "host_port := := 1", "opa cannot read the policies"),
        (
            "fixtures/denied-ingress.yaml",
            "# violates: ",
            "# offends: ",
            "denied-ingress.yaml:2: 'offends' is neither",
        ),
        (
            "fixtures/allowed-zero.yaml",
            "apiVersion:",
            "# violates: /spec\napiVersion:",
            "an allowed one none",
        ),
        ("fixtures/denied-ingress.yaml", "# A proxy", "# inventory: x.yaml\n# A proxy", "is neither"),
        (
            "fixtures/allowed-zero.yaml",
            "\napiVersion:",
            "\n# inventory: x.yaml\napiVersion:",
            "there is no file",
        ),
    ],
)
def test_a_wrong_source_is_named_with_its_file(opa, copied, capsys, file, old, new, complaint):
    path = copied / "gatekeeper" / "deny-host-ports" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert main(["check", "--library", str(copied), "--opa", opa]) == 2
    said = capsys.readouterr().err
    assert complaint in said
    assert str(copied) in said


def test_without_opa_it_says_what_to_do(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("JADE_OPA_BIN", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 2
    assert "make setup" in capsys.readouterr().err
