"""Whoever writes a report does not decide how long its findings are read."""

import re

import pytest

from jade_common.events import ScanFinding
from jade_policy.library import Library
from jade_ranker.adapters.asking import finding_question
from jade_ranker.domain.crosswalk import Crosswalk
from jade_ranker.domain.pairs import Pairs
from jade_ranker.domain.questions import LONGEST, MAX_NAME, MAX_TEXT, Finding, Question, question
from jade_ranker.domain.reasons import Reasons
from jade_ranker.domain.thesaurus import Thesaurus

BYTES = 65_536
"""Of a message, as `scan.finding` allows it."""

HOSTILE = ("A-", "C-", "a", "A", "0a", "b", "ed", "ckv-a-", "privileged container ", "a.", "é", "_", "aB")


def asked_on_the_bus(message: str) -> Finding:
    asked = finding_question(ScanFinding(tool="any", rule_id="R7", message=message))
    assert isinstance(asked, Question)
    assert asked.finding is not None
    return asked.finding


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_is_read_as_far_as_it_is_bounded(piece: str, small_library: Library) -> None:
    finding = asked_on_the_bus((piece * BYTES)[:BYTES])
    # Patterns that look for words try each end of a long one: 64 kB of letters took minutes.
    assert len(finding.message) <= MAX_TEXT
    assert max(map(len, re.split(r"[^\w-]+", finding.message))) <= LONGEST
    pairs = Pairs(small_library, {}, Thesaurus.load(), Crosswalk())
    assert Reasons.spoken(finding, pairs.said(finding).concepts).finding == finding


def test_lines_are_read_as_the_bus_is() -> None:
    message = "privileged " * BYTES
    line = {"tool": "any", "rule_id": "R7" * MAX_NAME, "title": "x" * BYTES, "message": message}
    finding = question({"finding": line}).finding
    assert finding == Finding("any", ("R7" * MAX_NAME)[:MAX_NAME], " ", message[:MAX_TEXT])
    assert asked_on_the_bus(message[:BYTES]).message == finding.message


def test_what_people_write_is_read_as_it_stands() -> None:
    said = (
        'Container "app" of Deployment "shop/a": securityContext.allowPrivilegeEscalation is not false. ' * 9
    )
    assert asked_on_the_bus(said).message == said
