"""Answers over the bus say what the engine said."""

from jade_cli.scan.bus import judgement
from jade_cli.scan.offline import judgement as offline_judgement
from jade_policy.verdicts import Verdict, Violation
from jade_ranker.domain.answers import policy_of
from jade_ranker.domain.ranking import Ranked


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
