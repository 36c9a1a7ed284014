"""Reports of nearly the right shape: any value in any place gives findings, named rejects or one clear refusal."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jade_common.errors import InvalidEventError
from jade_common.events import ReportFile, ScanFinding
from jade_ingest.domain import content
from jade_ingest.domain.findings import Identified, Reading
from jade_ingest.domain.rejects import Aside, Reject

HERE = Path(__file__).parent
SHOP = (
    ReportFile(path="manifests/shop.yaml", content=(HERE / "manifests" / "shop.yaml").read_text("utf-8")),
)
MAX_EXAMPLES = 25  # for each of some thirty fixtures: a third of a second each

SHAPES = {
    path.name: json.loads(path.read_text("utf-8"))
    for path in sorted((HERE / "reports").glob("*.[js]*"))
    if path.suffix in {".json", ".sarif"} and path.name != "kyverno-test.json"
} | {
    "gatekeeper-audit.log": json.loads(
        (HERE / "reports" / "gatekeeper-audit.log").read_text("utf-8").splitlines()[3]
    ),
    "gatekeeper-export.jsonl": json.loads(
        (HERE / "reports" / "gatekeeper-export.jsonl").read_text("utf-8").splitlines()[1]
    ),
    "kyverno rows": [{"POLICY": "p", "RULE": "r", "RESOURCE": "v1/Pod/a/b", "RESULT": "Fail", "REASON": "x"}],
}

odd_text = st.sampled_from(
    [
        "",
        "a/b",
        "../..",
        "spec.containers[",
        "[0]",
        "x" * 5000,
        "\x1b[31mred",
        "\ud800",
        "~2",
        "Deployment cart",
        "1e999",
    ]
) | st.text(max_size=12)
leaf = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.sampled_from([0, -1, 1.5, 10**18, 1e308])
    | odd_text
)
value = st.recursive(
    leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_text, inner, max_size=3)
)


def places(node, path=()):
    yield path
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, member in members:
        yield from places(member, (*path, key))


def changed(report, path, action, new):
    """A copy with one place replaced, removed, or put into a list."""
    if not path:
        return new
    report = copy.deepcopy(report)
    parent = report
    for key in path[:-1]:
        parent = parent[key]
    if action == "remove":
        del parent[path[-1]]
    else:
        parent[path[-1]] = [parent[path[-1]], new] if action == "wrap" else new
    return report


def outcome(data: bytes, files, format_=None):
    try:
        return list(Reading(data, files, format=format_))
    except InvalidEventError as error:
        return str(error)


@pytest.mark.parametrize("name", sorted(SHAPES))
@settings(
    max_examples=MAX_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_report_of_nearly_the_right_shape_never_breaks(name, data, monkeypatch):
    report = SHAPES[name]
    for _ in range(data.draw(st.integers(1, 3), "changes")):
        path = data.draw(st.sampled_from(sorted(places(report), key=repr)), "path")
        action = data.draw(st.sampled_from(["replace", "remove", "wrap"]), "action")
        report = changed(report, path, action, data.draw(value, "new"))
    text = json.dumps(report).encode()
    files = data.draw(st.sampled_from([(), SHOP]))
    whole = outcome(text, files)
    if isinstance(whole, list):
        for entry in whole:
            assert isinstance(entry, Identified | Reject | Aside)
            if isinstance(entry, Identified):
                # What leaves is a valid event, and can be written.
                ScanFinding.model_validate_json(entry.finding.model_dump_json())
            elif isinstance(entry, Reject):
                assert entry.where
                assert entry.reason
        with monkeypatch.context() as patch:
            patch.setattr(content, "WHOLE", 0)
            assert outcome(text, files) == whole


def test_deep_and_wide_reports_are_no_danger(monkeypatch):
    deep = b'{"SchemaVersion": 2, "Results": ' + b"[" * 5000 + b"]" * 5000 + b"}"
    wide = json.dumps({"SchemaVersion": 2, "Results": [], **{f"k{n}": n for n in range(5000)}}).encode()
    for whole in (content.WHOLE, 0):
        monkeypatch.setattr(content, "WHOLE", whole)
        outcome(deep, ())
        assert outcome(wide, ()) == []


def test_line_range_of_a_million_lines_does_not_fill_the_memory():
    entry = {
        "ID": "KSV-0001",
        "Message": "Deployment 'cart'",
        "CauseMetadata": {"StartLine": 8, "EndLine": 2**31 - 1},
    }
    report = {
        "SchemaVersion": 2,
        "Results": [{"Target": "shop.yaml", "Class": "config", "Misconfigurations": [entry]}],
    }
    (found,) = outcome(json.dumps(report).encode(), SHOP)
    assert found.finding.source.line == 8


def test_yaml_that_is_cut_off_says_so():
    result = "- {policy: a, result: fail, resources: [{kind: Pod, name: x}]}\n"
    whole = f"apiVersion: openreports.io/v1alpha1\nkind: Report\nresults:\n{result * 3}summary:\n  fail: 3\n"
    for kept, rejects in ((len(whole), 0), (whole.index("summary"), 0), (whole.index("summary") - 1, 1)):
        entries = list(Reading(whole[:kept].encode()))
        assert len([one for one in entries if isinstance(one, Identified)]) == 3
        assert [one.reason for one in entries if isinstance(one, Reject)] == [
            "cut off: it ends in the middle of a line, and has no summary"
        ] * rejects
