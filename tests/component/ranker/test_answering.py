"""Answers to lines and findings: what is kept of texts and resources, when it is read again, and when forgotten."""

import asyncio
from typing import NamedTuple, cast

import numpy as np
import pytest
from nats.aio.msg import Msg
from prometheus_client import CollectorRegistry

from jade_common.cache import MemoryCache
from jade_common.cloudevents import Attributes
from jade_common.delivery import Received
from jade_common.errors import InvalidEventError
from jade_common.events import FindingRanked, ScanFinding
from jade_common.publishing import encode
from jade_policy.library import Library
from jade_policy.policies import Policy, RegoModule
from jade_policy.verdicts import Verdict, Violation
from jade_ranker.adapters.answering import Answering
from jade_ranker.adapters.verdicts import Verdicts
from jade_ranker.domain.ranking import Contribution, Ranked, Ranking

LIBRARY = Library(
    (Policy("p", "P", RegoModule('package p\n\nviolation contains {"msg": "m"}\n', 1, ("p",), "p.rego")),)
)
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "namespace": "shop"}, "spec": {}}
TITLE = "It sees every process"
WORDS = {"tool": "t", "rule_id": "R1", "title": TITLE}
VECTOR = np.ones(3, np.float32)


def sent(outcome):
    """The one event of an outcome, as whoever reads it gets it."""
    (outgoing,) = outcome
    return FindingRanked.model_validate_json(encode(outgoing.event))


class Text(NamedTuple):
    """What the ranker below makes of a text."""

    ranker: str
    text: str
    meant: bool


class Telling:
    """Ranks the one policy; the answer's model tells who made what of it."""

    def __init__(self, name: str = "first") -> None:
        self.name = name
        self.texts: list[Text] = []
        self.resources = 0

    def unjudged(self):
        return f"{self.name} of nothing", Verdict("p", None, "unknown")

    def of_resource(self, verdicts, facts):
        self.resources += 1
        return f"{self.name} of a resource", verdicts[0]

    def of_text(self, finding, vector):
        self.texts.append(Text(self.name, finding.title, vector is not None))
        return self.texts[-1]

    def rank(self, of_resource, of_text, path, *, top, explained):
        made, verdict = of_resource
        features = (Contribution(f"top {top} at {path}", 1.0, 2.0),) if explained else ()
        text = "" if of_text is None else f", {of_text.ranker} of a text{' by meaning' * of_text.meant}"
        return Ranking((Ranked(verdict, 1.0, features=features),), none_applies=False, model=f"{made}{text}")


class Switched:
    """Serves what it is told to; vectors are there, late, or never."""

    by_meaning = True

    def __init__(self) -> None:
        self.ranker = Telling()
        self.vectors_there: dict[str, np.ndarray] = {}
        self.asked: list[tuple[list[str], bool]] = []
        self.meanwhile = lambda: None

    def current(self):
        return self.ranker

    async def vectors(self, texts, *, wait):
        self.asked.append((list(texts), wait))
        self.meanwhile()
        if wait:
            return dict.fromkeys(texts, VECTOR)
        return {text: self.vectors_there[text] for text in texts if text in self.vectors_there}


class Judge:
    """Finds every resource at fault, and counts them."""

    def __init__(self, verdict) -> None:
        self.verdict = verdict
        self.asked = 0

    def judge(self, reviews):
        self.asked += len(reviews)
        return [[self.verdict] for _ in reviews]


class Located:
    """Finds the same field for every verdict."""

    def __init__(self) -> None:
        self.asked = []

    async def of(self, asked):
        self.asked += asked
        return [verdict._replace(violations=(Violation("m", "/spec/hostPID"),)) for _, verdict in asked]


class Place:
    """An answering with all its parts at hand."""

    def __init__(self, verdict) -> None:
        self.rankers, self.judge, self.located = Switched(), Judge(verdict), Located()
        verdicts = Verdicts(self.judge, MemoryCache(), policies="p:1", registry=CollectorRegistry())
        self.answering = Answering(LIBRARY, verdicts, self.located, self.rankers, engine="1", resources=10)

    async def line(self, *, top=5, **line):
        (row,) = await self.answering.lines([{"id": "i", **line}], top)
        return row

    async def models(self, *findings, looking="in time"):
        """Who made what of each finding."""
        received = [
            Received(one, Attributes(str(number), "", "", "c"), cast("Msg", None))
            for number, one in enumerate(findings)
        ]
        outcomes = await self.answering.findings(received, looking=looking)
        return [one if isinstance(one, InvalidEventError) else sent(one).model for one in outcomes]

    @property
    def texts(self):
        return self.rankers.ranker.texts


@pytest.fixture
def place():
    return Place(Verdict("p", None, "violated", None, (Violation("m", "/spec/hostPID"),)))


SEEN = ScanFinding(tool="t", rule_id="R1", title=TITLE)
PLAIN, MEANT = ("first of nothing, first of a text", "first of nothing, first of a text by meaning")


async def test_a_text_is_read_once_however_often_it_is_seen(place):
    place.rankers.vectors_there = {TITLE: VECTOR}
    assert await place.models(SEEN, SEEN, SEEN) == [MEANT] * 3
    assert await place.models(SEEN) == [MEANT]
    assert place.texts == [Text("first", TITLE, meant=True)]
    assert place.rankers.asked == [([TITLE], False)]


async def test_a_text_is_read_again_when_its_vector_comes_late(place):
    assert await place.models(SEEN) == [PLAIN]
    assert await place.models(SEEN) == [PLAIN]
    assert len(place.texts) == 1, "nothing new was known of it"
    place.rankers.vectors_there = {TITLE: VECTOR}
    assert await place.models(SEEN) == [MEANT]
    place.rankers.vectors_there = {}
    assert await place.models(SEEN) == [MEANT]
    assert [one.meant for one in place.texts] == [False, True]


async def test_a_text_is_read_once_where_nothing_looks_at_what_it_means(place):
    place.rankers.by_meaning = False
    await place.models(SEEN)
    await place.models(SEEN)
    assert len(place.texts) == 1
    assert place.rankers.asked == []


async def test_how_meaning_is_looked_at_is_the_callers_choice(place):
    assert await place.models(SEEN, looking="never") == [PLAIN]
    assert place.rankers.asked == []
    assert await place.models(SEEN, looking="always") == [MEANT]
    assert place.rankers.asked == [([TITLE], True)]
    assert await place.models(SEEN, looking="never") == [PLAIN]
    assert await place.models(SEEN, looking="in time") == [PLAIN]
    assert await place.models(SEEN, looking="always") == [MEANT]


async def test_texts_that_differ_in_what_is_embedded_alone_are_asked_for_together(place):
    other = ScanFinding(tool="t", rule_id="R2", title="No limits")
    await place.models(SEEN, other, SEEN)
    assert place.rankers.asked == [([TITLE, "No limits"], False)]


async def test_a_resource_is_made_once_and_forgotten_with_the_model(place):
    for _ in range(2):
        assert (await place.line(resource=POD, finding=WORDS))["model"] == (
            "first of a resource, first of a text"
        )
    first, place.rankers.ranker = place.rankers.ranker, Telling("second")
    row = await place.line(resource=POD, finding=WORDS)
    assert row["model"] == "second of a resource, second of a text"
    assert (await place.line(finding=WORDS))["model"] == "second of nothing, second of a text"
    assert (first.resources, place.rankers.ranker.resources) == (1, 1)
    assert (len(first.texts), len(place.texts)) == (1, 1)
    assert place.judge.asked == 1, "verdicts do not hang on the model"


async def test_an_answer_that_a_new_model_overtakes_is_made_by_one_model(place):
    def swap():
        place.rankers.ranker = Telling("second")

    place.rankers.meanwhile = swap
    overtaken = await place.line(resource=POD, finding=WORDS)
    assert overtaken["model"] == "first of a resource, first of a text"
    place.rankers.meanwhile = lambda: None
    assert (await place.line(resource=POD, finding=WORDS))[
        "model"
    ] == "second of a resource, second of a text"


async def test_of_two_who_wait_each_is_answered_by_the_model_that_he_began_with(place):
    waiting, go_on = asyncio.Event(), asyncio.Event()
    plain = place.rankers.vectors

    async def held(texts, *, wait):
        if not go_on.is_set():
            waiting.set()
            await go_on.wait()
        return await plain(texts, wait=wait)

    place.rankers.vectors = held
    first = asyncio.create_task(place.line(resource=POD, finding=WORDS))
    await waiting.wait()
    place.rankers.ranker = Telling("second")
    go_on.set()
    second = await place.line(resource=POD, finding=WORDS)
    assert second["model"] == "second of a resource, second of a text"
    assert (await first)["model"] == "first of a resource, first of a text"


async def test_what_may_pass_is_not_kept():
    place = Place(Verdict("p", None, "unknown", reason="OPA is away", transient=True))
    for _ in range(2):
        await place.line(resource=POD)
    assert place.rankers.ranker.resources == place.judge.asked == 2


async def test_a_line_is_answered_with_its_finding_and_its_field(place):
    (row,) = await place.answering.lines(
        [{"id": 1, "resource": POD, "finding": WORDS | {"path": "/spec/hostPID"}}], 3, explained=True
    )
    assert row["policies"][0]["features"] == [
        {"feature": "top 3 at /spec/hostPID", "value": 1.0, "weight": 2.0, "added": 2.0}
    ]
    assert row["problem"] == {"tool": "t", "rule_id": "R1", "subject": "Pod shop/x", "path": "/spec/hostPID"}
    (event,) = await place.answering.findings(
        [
            Received(
                ScanFinding(**WORDS, resource=POD, path="/spec/hostPID"),
                Attributes("c", "", "", "c"),
                cast("Msg", None),
            )
        ]
    )
    assert sent(event).problem_id == row["problem_id"], "a line and an event are one problem"


async def test_a_line_of_the_rule_that_asks_about_a_resource_is_no_text(place):
    rule = {"tool": "jade", "rule_id": "resource", "title": TITLE}
    row = await place.line(resource=POD, finding=rule)
    assert row["model"] == "first of a resource"
    assert row["problem"]["subject"] == "Pod shop/x"
    assert place.texts == []
    assert "must carry its resource" in (await place.line(finding=rule))["error"]
    (refused,) = await place.models(ScanFinding(tool="jade", rule_id="resource"))
    assert isinstance(refused, InvalidEventError)


@pytest.mark.parametrize("field", ["tool", "rule_id", "title", "message"])
async def test_a_word_of_another_type_costs_only_its_line(place, field):
    rows = await place.answering.lines(
        [{"id": 1, "finding": WORDS | {field: ["x"]}}, {"id": 2, "finding": WORDS}], 5
    )
    assert f"`{field}` must be a text" in rows[0]["error"]
    assert rows[1]["model"] == PLAIN


async def test_a_reject_among_findings_says_what_it_is(place):
    line = {"reject": {"report": "r.json", "where": "results[3]", "reason": "not a result: ID is missing"}}
    (row,) = await place.answering.lines([line], 5)
    assert row["id"] is None
    assert "a reject of `jade ingest`" in row["error"]
    assert "results[3]: not a result: ID is missing" in row["error"]


@pytest.mark.parametrize("finding", [7, "x", []])
async def test_a_finding_that_is_no_object_is_said(place, finding):
    assert "`finding` must be an object" in (await place.line(finding=finding))["error"]


@pytest.mark.parametrize(
    "extra", [{"path": 7}, {"path": ""}, {"rule_aliases": "x"}, {"rule_aliases": [1, None]}]
)
async def test_odd_notes_of_a_finding_are_passed_over(place, extra):
    row = await place.line(resource=POD, finding=WORDS | extra)
    assert row["problem"] == {"tool": "t", "rule_id": "R1", "subject": "Pod shop/x"}


async def test_a_field_that_no_policy_names_is_looked_for():
    place = Place(Verdict("p", None, "violated", None, (Violation("m"),)))
    row = await place.line(resource=POD, finding=WORDS)
    assert row["policies"][0]["path"] == "/spec/hostPID"
    assert len(place.located.asked) == 1


async def test_more_texts_at_once_than_are_kept_are_answered_all_the_same(place, monkeypatch):
    monkeypatch.setattr("jade_ranker.adapters.answering.TEXTS", 2)
    place.rankers.ranker = Telling("second")
    texts = [f"text {number}" for number in range(5)]
    place.rankers.vectors_there = dict.fromkeys(texts, VECTOR)
    lines = [{"id": text, "finding": {"tool": "t", "rule_id": "R1", "title": text}} for text in texts]
    rows = await place.answering.lines(lines, 5)
    assert [row["model"] for row in rows] == ["second of nothing, second of a text by meaning"] * 5
    assert [one.text for one in place.texts] == texts
