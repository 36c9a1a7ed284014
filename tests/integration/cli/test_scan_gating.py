"""What a pipeline builds on: several outputs at once, baselines, suppressions, and what each says in every format."""

import json

import pytest
import yaml

from jade_cli import outputs

pytestmark = pytest.mark.integration

PRIVILEGED = "deny-privileged-pods"


def report(done):
    return json.loads(done.out)


def annotate(shop, value, policy=PRIVILEGED):
    text = (shop / "cart.yaml").read_text()
    line = f'  annotations: {{ignore.jade.dev/{policy}: "{value}"}}\n'
    (shop / "cart.yaml").write_text(text.replace("  namespace: shop\n", f"  namespace: shop\n{line}"))


def configure(tmp_path, **entry):
    (tmp_path / "jade.yaml").write_text(yaml.safe_dump({"scan": {"suppressions": [entry]}}))


def test_several_outputs_of_one_scan(jade, shop, tmp_path):
    done = jade("scan", shop, "-o", "github", "-o", "sarif=s.sarif", "-o", "json=r.json")
    assert done.code == 1
    assert done.out == jade("scan", shop, "-o", "github").out
    assert (tmp_path / "s.sarif").read_text() == jade("scan", shop, "-o", "sarif").out
    assert (tmp_path / "r.json").read_text() == jade("scan", shop, "-o", "json").out
    silent = jade("scan", shop, "-o", "json=r.json")
    assert (silent.code, silent.out) == (1, "")
    assert silent.err.splitlines()[-1].startswith("jade: failed: ")


def test_several_outputs_by_the_settings(jade, shop, tmp_path, monkeypatch):
    (tmp_path / "jade.yaml").write_text("scan: {output: [json, sarif=s.sarif]}\n")
    assert report(jade("scan", shop))["schema"] == "jade.scan/v1"
    assert (tmp_path / "s.sarif").exists()
    monkeypatch.setenv("JADE_SCAN_OUTPUT", "github")
    assert jade("scan", shop).out.startswith("::")
    monkeypatch.setenv("JADE_SCAN_OUTPUT", '["markdown", "json=other.json"]')
    assert jade("scan", shop).out.startswith("## Jade failed")
    assert (tmp_path / "other.json").exists()


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_baseline_tells_new_from_known(jade, shop, form):
    jade("scan", shop, "-o", f"{form}=baseline")
    gate = ("--baseline", "baseline", "--fail-on-new", "-o", "json")
    same = jade("scan", shop, *gate)
    assert same.code == 0
    assert {finding["new"] for finding in report(same)["findings"]} == {False}
    assert "--fail-on low --fail-on-new" in same.err.splitlines()[-1]
    text = (shop / "cart.yaml").read_text()
    (shop / "cart.yaml").rename(shop / "renamed.yaml")
    (shop / "renamed.yaml").write_text(f"# moved\n\n---\n{text}")
    moved = jade("scan", shop, *gate)
    assert moved.code == 0
    assert report(moved)["summary"]["baseline"] == report(same)["summary"]["baseline"]
    (shop / "more.yaml").write_text(text.replace("name: cart\n  namespace", "name: till\n  namespace"))
    more = jade("scan", shop, *gate)
    assert more.code == 1
    new = [finding for finding in report(more)["findings"] if finding["new"]]
    assert {finding["resource"]["name"] for finding in new} == {"till"}
    assert report(more)["summary"]["failing"] == len([one for one in new if one["severity"] != "info"])
    assert jade("scan", shop, *gate, "--fail-on", "none").code == 0
    (shop / "more.yaml").unlink()
    (shop / "renamed.yaml").unlink()
    gone = jade("scan", shop, "--baseline", "baseline", "-o", "json")
    assert report(gone)["summary"]["baseline"]["gone"] == report(same)["summary"]["findings"] - len(
        report(gone)["findings"]
    )


def test_a_baseline_alone_changes_no_exit_code(jade, shop):
    jade("scan", shop, "-o", "json=baseline")
    assert jade("scan", shop, "--baseline", "baseline").code == 1


def test_a_baseline_that_cannot_be_read_ends_it(jade, shop):
    done = jade("scan", shop, "--baseline", "gone", "--fail-on-new")
    assert (done.code, done.out) == (3, "")
    assert "the baseline gone cannot be read" in done.err


@pytest.mark.parametrize("by", ["annotation", "jade.yaml"])
@pytest.mark.parametrize("output", outputs.names())
def test_what_is_suppressed_is_counted_in_every_output(jade, shop, tmp_path, output, by):
    if by == "annotation":
        annotate(shop, "it must; until=2999-12-31")
    else:
        configure(tmp_path, policy=PRIVILEGED, reason="it must", until="2999-12-31", resource="Pod shop/cart")
    done = jade("scan", shop, "--fail-on", "critical", "-o", output)
    assert done.code == 0
    assert done.err.splitlines()[-1].endswith(", 1 suppressed")
    counted = {
        "table": "; 1 more suppressed",
        "markdown": "<summary>1 finding suppressed</summary>",
        "json": '"suppressed": 1,',
        "yaml": "suppressed: 1\n",
        "sarif": '"justification": "it must"',
        "junit": 'skipped="1"',
        "github": "::notice title=jade::1 finding suppressed",
        "gitlab": '"description": "1 finding suppressed"',
        "openreports": "skip: 1\n",
        "policyreport": "skip: 1\n",
    }
    assert counted[output] in done.out


def test_a_suppressed_finding_says_by_whom_why_and_how_long(jade, shop):
    annotate(shop, "it must; until=2999-12-31")
    found = report(jade("scan", shop, "-o", "json"))
    (held,) = found["suppressed"]
    assert held["policy_id"] == PRIVILEGED
    assert held["suppressed"] == {"by": "annotation", "reason": "it must", "until": "2999-12-31"}
    assert PRIVILEGED not in {finding["policy_id"] for finding in found["findings"]}
    (use,) = found["suppressions"]
    assert use["source"] == {"path": f"{shop}/cart.yaml", "line": 6}
    assert (use["state"], use["findings"]) == ("active", 1)


@pytest.mark.parametrize("output", outputs.names())
@pytest.mark.parametrize(
    ("value", "policy"), [("2020-01-31", PRIVILEGED), ("2999-01-31", "deny-host-namespaces")]
)
def test_what_expired_or_is_not_needed_is_said_in_every_output(jade, shop, output, value, policy):
    annotate(shop, f"it must; until={value}", policy)
    done = jade("scan", shop, "--fail-on", "critical", "-o", output)
    assert done.code == 1
    said = "expired on 2020-01-31" if policy == PRIVILEGED else "is no longer needed"
    assert f"jade: {shop}/cart.yaml:6: the suppression of {policy} {said}" in done.err
    assert said in " ".join(done.out.split())


@pytest.mark.parametrize(
    ("value", "said"),
    [("it must", "does not say when it expires"), ("; until=2999-12-31", "gives no reason")],
)
def test_an_annotation_without_reason_or_day_is_an_error(jade, shop, value, said):
    annotate(shop, value)
    done = jade("scan", shop, "-o", "json")
    assert done.code == 3
    (unread,) = report(done)["unread"]
    assert unread["line"] == 6
    assert said in unread["reason"]
    assert PRIVILEGED in {finding["policy_id"] for finding in report(done)["findings"]}


@pytest.mark.parametrize("missing", ["policy", "reason", "until"])
def test_an_entry_without_reason_or_day_is_wrong_usage(jade, shop, tmp_path, missing):
    entry = {"policy": PRIVILEGED, "reason": "it must", "until": "2999-12-31"}
    for given in (None, ""):
        configure(tmp_path, **{key: value for key, value in entry.items() if key != missing}, **(
            {} if given is None else {missing: given}
        ))  # fmt: skip
        done = jade("scan", shop)
        assert (done.code, done.out) == (2, "")
        assert f"suppressions.0.{missing}" in done.err


def test_an_entry_with_a_misspelt_key_is_wrong_usage(jade, shop, tmp_path):
    configure(tmp_path, policy=PRIVILEGED, reason="it must", until="2999-12-31", path=["x"])
    assert jade("scan", shop).code == 2


def test_what_expires_is_new_to_a_baseline(jade, shop):
    annotate(shop, "it must; until=2999-12-31")
    jade("scan", shop, "-o", "json=baseline")
    text = (shop / "cart.yaml").read_text()
    (shop / "cart.yaml").write_text(text.replace("2999", "2020"))
    done = jade("scan", shop, "--baseline", "baseline", "--fail-on-new", "-o", "json")
    assert done.code == 1
    assert [one["policy_id"] for one in report(done)["findings"] if one["new"]] == [PRIVILEGED]


def test_no_secret_in_a_reason_comes_out(jade, shop):
    annotate(shop, "password=hunter2hunter2; until=2999-12-31")
    for output in ("json", "sarif", "markdown"):
        assert "hunter2" not in jade("scan", shop, "-o", output).out


def test_nothing_for_kubernetes_may_be_allowed(jade, shop):
    (shop / "cart.yaml").unlink()
    done = jade("scan", shop / "values.yaml", "--allow-empty", "-o", "json")
    assert (done.code, report(done)["unread"]) == (0, [])
    assert jade("scan", "gone", "--allow-empty").code == 3
