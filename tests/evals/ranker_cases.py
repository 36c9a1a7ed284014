"""The questions that the ranker is judged by, each with the policies that are right."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from labelled import Case, ReportCase
from plain_words import PlainQuery, Split, Uncovered

from jade_policy.library import Library
from jade_policy.verdicts import Review, Verdict
from jade_ranker.adapters.verdicts import facts_of
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.rewording import as_scanners_say

REWORDED = 3
"""Other wordings of each of our titles."""
REWORDED_SEED = 77
"""Not the seed of `jade_ranker.train.examples`: the titles are those of the training, the wordings are not."""

CONSISTENT = 0.5
"""The share of a rule's failing fixtures on which a policy must flip to be what the rule is about."""
FEWEST_FLIPPED = 2
"""Of one fixture, nothing can be said of how often."""


class Seen(NamedTuple):
    """What is known of a resource.

    Attributes:
        verdicts: one of each constraint, in the library's order.
        facts: what its features say.
    """

    kind: str
    verdicts: tuple[Verdict, ...]
    facts: frozenset[str]

    @property
    def violated(self) -> frozenset[str]:
        """The policies that it violates."""
        return frozenset(one.policy_id for one in self.verdicts if one.verdict == "violated")


class Query(NamedTuple):
    """A question.

    Attributes:
        finding: None where only a resource is asked about.
        seen: None where there is no resource.
        gold: the policies that are right; empty where none is.
        consistent: those of `gold` that flip in half of the rule's fixtures, see `consistent`; None where not asked.
        twin: for a resource alone, the nearest one on which the policies of `gold` pass.
    """

    finding: Finding | None
    seen: Seen | None
    gold: frozenset[str]
    consistent: frozenset[str] | None = None
    twin: Seen | None = None


class Questions(NamedTuple):
    """Questions of one sort.

    Attributes:
        name: begins the names of their figures.
        title: what the table calls them.
        known: whether their findings have rules that a crosswalk may know.
    """

    name: str
    title: str
    queries: tuple[Query, ...]
    known: bool = False


def labelled_questions(cases: Sequence[Case]) -> list[Questions]:
    """Other tools' own tests: each row in every form in which it may be asked."""
    cases = [case for case in cases if case.gold]
    spoken = [case for case in cases if case.message]
    golds = consistent(cases)
    whole = _questions(
        "labelled_resource", "finding and resource", cases, _whole, with_resource=True, known=True
    )
    return [
        _judged_twice(whole, golds),
        _questions("labelled_title_resource", "bare title and resource", cases, _title, with_resource=True),
        _judged_twice(_questions("labelled_text", "rule and title", cases, _rule, known=True), golds),
        _questions("labelled_title", "bare title", cases, _title),
        _questions("labelled_message_resource", "message and resource", spoken, _message, with_resource=True),
        _questions("labelled_message", "message", spoken, _message),
    ]


def resource_questions(cases: Sequence[Case]) -> Questions:
    """Resources without a word, each with its twin."""
    return Questions(
        "labelled_alone",
        "resource alone",
        tuple(Query(None, _failing(one), one.gold, twin=_passing(one)) for one in cases if one.gold),
    )


def report_questions(cases: Sequence[ReportCase]) -> list[Questions]:
    """Findings of real reports, of rules of which it is certain what they are about."""
    cases = sorted((case for case in cases if case.certain), key=lambda case: case.tool)
    return [
        _questions("report_resource", "finding and resource", cases, _whole, with_resource=True, known=True),
        _questions("report_text", "rule and title", cases, _rule, known=True),
    ]


def plain_questions(queries: Iterable[PlainQuery], split: Split) -> Questions:
    """Needs in a person's own words."""
    return Questions(
        "plain",
        "plain words",
        tuple(
            Query(Finding("", "", one.query), None, frozenset(one.policies))
            for one in queries
            if one.split == split
        ),
    )


def reworded_questions(library: Library) -> Questions:
    """Our own titles, worded by rule as scanners would."""
    chance = Random(REWORDED_SEED)
    return Questions(
        "reworded",
        "our titles, reworded",
        tuple(
            Query(Finding("", "", as_scanners_say(policy.title, chance)), None, frozenset({policy.id}))
            for policy in library.policies
            for _ in range(REWORDED)
        ),
    )


def none_questions(
    uncovered: Sequence[Uncovered], cases: Sequence[Case], plain: Questions, split: Split
) -> list[Questions]:
    """Findings that no policy is about (no gold) among findings that some is about."""
    nobody = [one for one in uncovered if one.split == split]
    findings = [Finding("", "", one.query, one.message or "") for one in nobody]
    # One case of each title: a title that is asked ten times is one question.
    first = list(
        {(case.tool, case.title): case for case in reversed([one for one in cases if one.gold])}.values()
    )
    alone = [Query(finding, None, frozenset()) for finding in findings]
    beside = [
        Query(finding, _failing(first[number % len(first)]), frozenset())
        for number, finding in enumerate(findings)
    ]
    return [
        Questions("none_titles", "beside titles", (*alone, *(Query(_rule(one), None, one.gold) for one in first))),
        Questions(
            "none_titles_resource",
            "beside titles, with resources",
            (*beside, *(Query(_whole(one), _failing(one), one.gold) for one in first)),
        ),
        Questions("none_plain", "beside plain words", (*alone, *plain.queries)),
    ]  # fmt: skip


def consistent(cases: Sequence[Case]) -> list[frozenset[str]]:
    """Of each case, the gold without what flipped by chance: a twin may differ in more than what the rule is about.

    Of a rule that flips several fixtures, the policies that flip in half of them are left.
    """
    times = Counter((case.tool, case.rule_id) for case in cases)
    flips = Counter((case.tool, case.rule_id, policy) for case in cases for policy in case.gold)
    found = []
    for case in cases:
        rule = case.tool, case.rule_id
        least = CONSISTENT * times[rule] if times[rule] >= FEWEST_FLIPPED else 1
        found.append(frozenset(one for one in case.gold if flips[*rule, one] >= least))
    return found


def translated(questions: Questions, names: Mapping[str, str]) -> Questions:
    """The same questions to a library whose policies have other ids, in the same order."""
    return questions._replace(queries=tuple(_translated(one, names) for one in questions.queries))


def _translated(query: Query, names: Mapping[str, str]) -> Query:
    return query._replace(
        gold=frozenset(names[one] for one in query.gold),
        consistent=None,
        seen=_renamed(query.seen, names),
        twin=_renamed(query.twin, names),
    )


def _renamed(seen: Seen | None, names: Mapping[str, str]) -> Seen | None:
    if seen is None:
        return None
    verdicts = (one._replace(policy_id=names[one.policy_id]) for one in seen.verdicts)
    return seen._replace(verdicts=tuple(verdicts))


def _questions(
    name: str,
    title: str,
    cases: Sequence[Case] | Sequence[ReportCase],
    finding: Callable[[Case | ReportCase], Finding],
    *,
    with_resource: bool = False,
    known: bool = False,
) -> Questions:
    queries = (Query(finding(one), _failing(one) if with_resource else None, one.gold) for one in cases)
    return Questions(name, title, tuple(queries), known)


def _judged_twice(questions: Questions, golds: Sequence[frozenset[str]]) -> Questions:
    queries = (one._replace(consistent=gold) for one, gold in zip(questions.queries, golds, strict=True))
    return questions._replace(queries=tuple(queries))


def _whole(case: Case | ReportCase) -> Finding:
    return Finding(case.tool, case.rule_id, case.title, case.message)


def _rule(case: Case | ReportCase) -> Finding:
    return Finding(case.tool, case.rule_id, case.title)


def _title(case: Case | ReportCase) -> Finding:
    return Finding("", "", case.title)


def _message(case: Case | ReportCase) -> Finding:
    return Finding("", "", "", case.message)


def _failing(case: Case | ReportCase) -> Seen:
    inventory = case.inventory if isinstance(case, Case) else None
    facts = facts_of(Review(case.resource, inventory=inventory))
    return Seen(str(case.resource.get("kind")), tuple(case.verdicts), facts)


def _passing(case: Case) -> Seen | None:
    if case.twin is None:
        return None
    facts = facts_of(Review(case.twin, inventory=case.twin_inventory))
    return Seen(str(case.twin.get("kind")), tuple(case.twin_verdicts), facts)
