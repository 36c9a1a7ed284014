"""Manifests as a report: a finding a resource, and every document that could not be read is a reject."""

from jade_common.events import ReportFile, ScanReport
from jade_ingest.domain.findings import findings_of

TWO = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\nkind: [\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\n"


def test_a_finding_a_resource_and_a_reject_for_the_broken_document():
    ingested = findings_of(ScanReport(files=(ReportFile(path="pods.yaml", content=TWO),)))
    assert [
        (one.finding.resource["metadata"]["name"], one.finding.source.line) for one in ingested.findings
    ] == [
        ("a", 1),
        ("b", 7),
    ]
    (reject,) = ingested.rejects
    assert reject.where.startswith("pods.yaml:")


def test_text_in_place_of_files_is_read_from_stdin():
    ingested = findings_of(ScanReport(format="manifests", content=TWO))
    assert {one.finding.source.path for one in ingested.findings} == {"stdin"}
    assert {(one.finding.tool, one.finding.rule_id) for one in ingested.findings} == {("jade", "resource")}


def test_report_of_which_nothing_can_be_read_is_refused_with_the_reasons():
    import pytest

    from jade_common.errors import InvalidEventError

    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{new}: &{new} [{','.join(['*' + old] * 10)}]\n" for old, new in ["ab", "bc", "cd", "de", "ef", "fg"]
    )
    with pytest.raises(InvalidEventError, match=r"nothing could be read: bomb\.yaml:5: .*50.?000"):
        findings_of(ScanReport(files=(ReportFile(path="bomb.yaml", content=bomb),)))
