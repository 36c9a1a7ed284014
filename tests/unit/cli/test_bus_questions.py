"""Answers over the bus say what the engine said."""

from jade_cli.scan import offline
from jade_cli.scan.bus import notable
from jade_policy.verdicts import Verdict, Violation
from jade_ranker.domain.answers import policy_of
from jade_ranker.domain.ranking import Ranked


def test_an_answer_row_is_the_verdict_that_the_engine_gave():
    verdicts = [
        Verdict("p", "c", "violated", violations=(Violation("one", "/a"),)),
        Verdict("p", None, "violated", violations=(Violation("one"), Violation("two", "/b"))),
        Verdict("p", "c", "violated", via="pod", violations=(Violation("one"),)),
        Verdict("p", "c", "unknown", reason="too slow"),
        Verdict("p", "c", "unknown", reason="needs v1/Service", needs_cluster=True),
        Verdict("p", "c", "passed", via="pod"),
        Verdict("p", "c", "not_applicable", reason="its match excludes this resource"),
    ]
    rows = [policy_of(Ranked(verdict, 1.0)) for verdict in verdicts]
    assert notable(rows) == list(offline.notable(verdicts)) == verdicts[:5]


def test_only_what_needs_the_cluster_says_so_in_its_row():
    for needing in (True, False):
        verdict = Verdict("p", "c", "unknown", reason="r", needs_cluster=needing)
        assert ("needs_cluster" in policy_of(Ranked(verdict, 1.0))) == needing
