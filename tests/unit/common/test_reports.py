"""Benchmarks and evaluations leave a table for people and figures for programs."""

import json

from jade_common.reports import write_report


def test_a_report_is_a_table_and_a_flat_file(tmp_path, capsys):
    path = write_report(
        "eval-ranker", {"hit_at_5": 0.93}, [("hit@5", "0.930"), ("n", "12")], tmp_path / "new"
    )
    assert json.loads(path.read_text()) == {"hit_at_5": 0.93}
    assert capsys.readouterr().out.splitlines() == ["hit@5  0.930", "n      12", f"written to {path}"]
