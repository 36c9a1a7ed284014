"""`jade scan` with the real engine: what it finds, what it says when something is wrong, and its exit codes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jade_cli import outputs

pytestmark = pytest.mark.integration

JADE = Path(sys.executable).with_name("jade")
BROKEN = "a: [\n"


def report(done):
    return json.loads(done.out)


def policies(done):
    return sorted({finding["policy_id"] for finding in report(done)["findings"]})


def test_findings_of_a_folder(jade, shop):
    done = jade("scan", shop, "-o", "json")
    (finding,) = [one for one in report(done)["findings"] if one["policy_id"] == "deny-privileged-pods"]
    assert finding["severity"] == "critical"
    assert finding["constraint"] == "deny-privileged-pods"
    assert finding["source"] == {"path": f"{shop}/cart.yaml", "line": 13}
    assert finding["path"] == "/spec/containers/0/securityContext/privileged"
    assert finding["resource"] == {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "cart"}
    assert list(finding)[:2] == ["fingerprint", "policy_id"]
    summary = report(done)["summary"]
    assert (summary["files"], summary["documents"], summary["skipped"]) == (3, 2, 1)
    assert list(report(done)) == ["schema", "findings", "suppressed", "unread", "suppressions", "summary"]
    assert done.code == 1
    assert done.err.splitlines()[-1].startswith("jade: failed: ")
    assert "--fail-on low" in done.err.splitlines()[-1]


def test_the_same_bytes_again(jade, shop):
    assert jade("scan", shop, "-o", "json").out == jade("scan", shop, "-o", "json").out


def test_fingerprints_stay_when_lines_move(jade, shop):
    before = report(jade("scan", shop, "-o", "json"))["findings"]
    text = (shop / "cart.yaml").read_text()
    (shop / "cart.yaml").write_text(f"# moved\n\n{text}")
    after = report(jade("scan", shop, "-o", "json"))["findings"]
    assert [one["fingerprint"] for one in after] == [one["fingerprint"] for one in before]
    assert [one["source"]["line"] for one in after] == [one["source"]["line"] + 2 for one in before]


@pytest.mark.parametrize("output", outputs.names())
@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("clean", 0),
        ("below", 0),
        ("none", 0),
        ("failing", 1),
        ("unread", 3),
        ("unread and failing", 3),
        ("gone", 3),
    ],
)
def test_exit_code_is_the_same_for_every_output(jade, shop, output, state, code):
    flags = []
    if state in {"clean", "unread"}:
        (shop / "cart.yaml").unlink()
    if state == "below":
        text = (shop / "cart.yaml").read_text().replace("privileged: true", "privileged: false")
        (shop / "cart.yaml").write_text(text)
        flags = ["--fail-on", "critical"]
    if state == "none":
        flags = ["--fail-on", "none"]
    if state.startswith("unread"):
        (shop / "broken.yaml").write_text(BROKEN)
    if state == "gone":
        flags = ["nope"]
    assert jade("scan", shop, "-o", output, *flags).code == code


def test_one_bad_document_costs_nothing_else(jade, shop):
    alone = report(jade("scan", shop, "-o", "json"))["findings"]
    odd = "apiVersion: v1\nkind: Pod\nmetadata: {name: odd}\nspec: {containers: 5}\n"
    (shop / "cart.yaml").write_text(f"{(shop / 'cart.yaml').read_text()}---\n{BROKEN}---\n{odd}")
    done = jade("scan", shop, "nope", "-o", "json")
    assert report(done)["findings"] == alone
    assert [(one["path"], one.get("line")) for one in report(done)["unread"]] == [
        (f"{shop}/cart.yaml", 15),
        (f"{shop}/cart.yaml", 20),
        ("nope", None),
    ]
    assert done.code == 3


def test_a_path_without_anything_for_kubernetes_is_an_error(jade, shop):
    done = jade("scan", shop / "values.yaml", "-o", "json")
    assert [one["path"] for one in report(done)["unread"]] == [f"{shop}/values.yaml"]
    assert done.code == 3


def test_the_scanned_documents_are_the_cluster(jade, shop):
    assert "require-network-policy" in policies(jade("scan", shop, "-o", "json"))
    (shop / "net.yaml").write_text(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: all, namespace: shop}\n"
        "spec: {podSelector: {}, policyTypes: [Ingress]}\n"
    )
    done = jade("scan", shop, "-o", "json")
    assert "require-network-policy" not in policies(done)
    assert report(done)["unread"] == []


SELECTING = """\
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: none}
spec:
  crd: {spec: {names: {kind: None}}}
  targets:
    - target: admission.k8s.gatekeeper.sh
      rego: |
        package none
        violation[{"msg": "not here"}] { input.review.object }
---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: None
metadata: {name: labelled}
spec: {match: {kinds: [{apiGroups: [""], kinds: [Pod]}], namespaceSelector: {matchLabels: {team: a}}}}
"""


def test_a_namespace_that_is_read_after_its_pods_counts(jade, shop, tmp_path):
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "none.yaml").write_text(SELECTING)
    flags = ("--library", tmp_path / "library", "-o", "json")
    undecided = jade("scan", shop / "cart.yaml", *flags)
    assert (undecided.code, report(undecided)["summary"]["undecided"]) == (0, 1)
    (shop / "namespace.yaml").write_text(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: a}}\n"
    )
    assert policies(jade("scan", shop, *flags)) == ["none"]


def test_no_secret_comes_out(jade, shop):
    for output in outputs.names():
        done = jade("scan", shop, "-o", output)
        assert "hunter2" not in done.out + done.err


def test_output_file(jade, shop, tmp_path):
    expected = jade("scan", shop, "-o", "sarif").out
    done = jade("scan", shop, "-o", "sarif", "--output-file", tmp_path / "x.sarif")
    assert (done.code, done.out) == (1, "")
    assert (tmp_path / "x.sarif").read_text() == expected
    assert jade("scan", shop, "--output-file", tmp_path / "no" / "x").code == 3


def test_settings_come_from_the_file_then_the_environment_then_flags(jade, shop, tmp_path, monkeypatch):
    (tmp_path / "jade.yaml").write_text("scan: {output: json, fail_on: none, exclude: [values.yaml]}\n")
    done = jade("scan", shop)
    assert (done.code, report(done)["summary"]["skipped"]) == (0, 0)
    monkeypatch.setenv("JADE_SCAN_FAIL_ON", "critical")
    assert jade("scan", shop).code == 1
    assert jade("scan", shop, "--fail-on", "none").code == 0
    assert jade("scan", shop, "-o", "github", "--fail-on", "none").out.startswith("::")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["scan"], "PATH"),
        (["scan", "x", "--fail-in", "low"], "--fail-on"),
        (["scan", "x", "--fail-on", "lo"], "low"),
        (["scan", "x", "-o", "xml"], "sarif"),
        (["scan", "x", "-o", "json", "-o", "sarif"], "mixed on stdout"),
        (["scan", "x", "--fail-on-new"], "--baseline"),
        (["scna", "x"], "scan"),
        (["scan", "x", "--library", "y", "--via-bus"], "exclude each other"),
    ],
)
def test_wrong_usage_says_what_would_be_right(jade, arguments, said):
    done = jade(*arguments)
    assert done.code == 2
    assert said in done.err
    assert done.out == ""
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "text",
    [
        "scan: {fail_on: loud}",
        "scan: [",
        "scan: {output: xml}",
        "scan: {output: [json, sarif]}",
        "scan: {fail_on_new: true}",
    ],
)
def test_wrong_settings_are_wrong_usage(jade, shop, tmp_path, text):
    (tmp_path / "jade.yaml").write_text(text)
    done = jade("scan", shop)
    assert done.code == 2
    assert "Traceback" not in done.err


def test_a_policy_that_cannot_be_used_makes_the_scan_incomplete(jade, shop, tmp_path):
    library = tmp_path / "library"
    library.mkdir()
    (library / "good.rego").write_text(
        'package good\n\nviolation contains {"msg": "no"} if input.review.kind.kind == "Pod"\n'
    )
    (library / "bad.rego").write_text("package bad\n\nviolation contains x if\n")
    done = jade("scan", shop, "--library", library, "-o", "json")
    assert policies(done) == ["good"]
    assert [one["path"] for one in report(done)["unread"]] == ["bad.rego"]
    assert done.code == 3


def test_a_policy_that_fails_is_said_to_have_failed(jade, shop, tmp_path):
    library = tmp_path / "library"
    library.mkdir()
    (library / "torn.rego").write_text(
        'package torn\n\nviolation contains {"msg": "x"} if name == "z"\n\nname := "a" if input.review.object.kind\n\n'
        'name := "b" if input.review.object.kind\n'
    )
    done = jade("scan", shop, "--library", library, "-o", "json")
    assert report(done)["findings"] == []
    assert len(report(done)["unread"]) == 2
    assert "torn could not be evaluated on Pod shop/cart" in done.out
    assert done.code == 3


def test_library_that_is_not_there(jade, shop):
    done = jade("scan", shop, "--library", "nope")
    assert (done.code, done.out) == (3, "")
    assert "nope does not exist" in done.err


def started(*arguments):
    return subprocess.Popen(
        [JADE, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_stdin_has_the_name_that_it_is_given(shop):
    process = started("scan", "-", "--stdin-filename", "rendered.yaml", "-o", "github")
    out, _ = process.communicate((shop / "cart.yaml").read_bytes(), timeout=60)
    assert b"file=rendered.yaml,line=13,title=deny-privileged-pods" in out
    assert process.returncode == 1


def test_reader_that_goes_away_is_no_error(shop):
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        [JADE, "scan", shop], stdout=write, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(write)
    assert process.returncode == 1
    assert b"Traceback" not in process.stderr
    assert b"Broken" not in process.stderr


def test_ctrl_c_ends_it_with_130_and_without_a_word(shop):
    process = started("rank")
    process.stdin.write(b'{"id": 1, "finding": {"title": "privileged"}}\n')
    process.stdin.flush()
    assert process.stdout.readline().startswith(b'{"id":1,')
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"")


def test_colours_only_when_forced(shop):
    environment = {
        name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}
    }
    plain = subprocess.run(
        [JADE, "scan", shop], capture_output=True, env=environment, check=False, timeout=60
    )
    forced = environment | {"FORCE_COLOR": "1"}
    coloured = subprocess.run([JADE, "scan", shop], capture_output=True, env=forced, check=False, timeout=60)
    assert b"\x1b[" not in plain.stdout + plain.stderr
    assert b"\x1b[1;31mcritical" in coloured.stdout
