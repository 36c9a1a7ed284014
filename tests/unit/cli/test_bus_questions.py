"""Questions stay within what the bus takes, and answers say what the engine said."""

from jade_cli.scan.bus import batched, judgement
from jade_cli.scan.offline import judgement as offline_judgement
from jade_policy.verdicts import Verdict, Violation
from jade_ranker.domain.answers import policy_of
from jade_ranker.domain.ranking import Ranked


def test_batches_keep_order_count_and_size():
    lines = [{"id": number, "x": "y" * 100} for number in range(250)]
    by_count = list(batched(lines, 100, 1_000_000))
    by_size = list(batched(lines, 100, 1_200))
    assert [len(batch) for batch in by_count] == [100, 100, 50]
    assert all(1 <= len(batch) <= 10 for batch in by_size)
    assert [line for batch in by_size for line in batch] == lines
    assert [len(batch) for batch in batched(lines[:3], 100, 10)] == [1, 1, 1]
    assert list(batched([], 100, 10)) == []


def test_an_answer_row_is_the_verdict_that_the_engine_gave():
    verdicts = [
        Verdict("p", "c", "violated", violations=(Violation("one", "/a"),)),
        Verdict("p", None, "violated", violations=(Violation("one"), Violation("two", "/b"))),
        Verdict("p", "c", "unknown", reason="too slow"),
        Verdict("p", "c", "passed", via="pod"),
        Verdict("p", "c", "not_applicable", reason="its match excludes this resource"),
    ]
    for verdict in verdicts:
        assert judgement(policy_of(Ranked(verdict, 1.0, (), (0, 0, "p", "")))) == offline_judgement(verdict)
