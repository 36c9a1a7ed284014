"""The queries in plain words are what they say: each in other words than its policy, none in both halves."""

from collections import Counter, defaultdict

import pytest
from plain_words import GLUE, content, plain_queries, policy_texts, shared_words, uncovered

from jade_policy.library import own_library

POLICIES = {policy.id: policy for policy in own_library().policies}
QUERIES = plain_queries()
UNCOVERED = uncovered()
MOST_GLUE = 60
LEAST_QUERIES, LEAST_UNCOVERED = 226, 100
SHORTEST, LONGEST = 4, 30
"""Words of a query."""
MOST_GOLD = 3
VOICES = {"developer", "oncall", "auditor", "manager", "newcomer", "consultant"}
HALVES = {"dev", "held_out"}


def normal(text: str) -> str:
    return " ".join(text.lower().split())


def topic(policy: str) -> str:
    return next((tag for tag in POLICIES[policy].tags if ":" not in tag), "none")


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_every_policy_is_asked_for_twice_or_more(policy):
    assert sum(query.policies[0] == policy for query in QUERIES) >= 2


@pytest.mark.parametrize("policy", sorted({query.policies[0] for query in QUERIES}))
def test_no_query_shares_a_content_word_with_its_policy(policy):
    shared = {
        f"{query.id} {query.query!r}": found
        for query in QUERIES
        if query.policies[0] == policy and (found := shared_words(query.query, policy))
    }
    assert not shared, f"{policy} says these words by now, so reword them in plain_words.jsonl: {shared}"


def test_sizes():
    assert len(QUERIES) >= LEAST_QUERIES
    assert len(UNCOVERED) >= LEAST_UNCOVERED
    assert len(GLUE) <= MOST_GLUE
    assert [query.query for query in QUERIES if not SHORTEST <= len(query.query.split()) <= LONGEST] == []


def test_gold_is_of_the_library_short_and_without_repetition():
    for query in QUERIES:
        assert set(query.policies) <= set(POLICIES), query.id
        assert 1 <= len(query.policies) == len(set(query.policies)) <= MOST_GOLD, query.id
    assert {query.voice for query in QUERIES} == VOICES


def test_no_query_is_there_twice():
    texts = Counter(normal(query) for query in [*(q.query for q in QUERIES), *(u.query for u in UNCOVERED)])
    ids = Counter([*(q.id for q in QUERIES), *(u.id for u in UNCOVERED)])
    assert [one for one, times in (texts + ids).items() if times > 1] == []


def test_each_policy_is_in_one_half_and_each_topic_in_both():
    halves = defaultdict(set)
    for query in QUERIES:
        halves[query.policies[0]].add(query.split)
    assert {policy for policy, found in halves.items() if len(found) > 1} == set()
    split = {policy: found.pop() for policy, found in halves.items()}
    assert abs(Counter(split.values())["dev"] - len(split) / 2) <= len(split) * 0.05  # 50/50 by policy
    topics = defaultdict(list)
    for policy, half in split.items():
        topics[topic(policy)].append(half)
    assert {name for name, found in topics.items() if len(found) > 1 and set(found) != HALVES} == set()


def test_each_uncovered_topic_is_in_one_half():
    halves = defaultdict(set)
    for finding in UNCOVERED:
        halves[finding.topic].add(finding.split)
    assert {topic for topic, found in halves.items() if len(found) > 1} == set()
    assert set().union(*halves.values()) == HALVES


def test_whatever_a_policy_says_is_found_in_a_query():
    metadata = "\n".join(policy_texts()["deny-bare-pods"])
    assert "Nothing puts a pod back that was created" in metadata  # the rationale, of policy.rego alone
    assert "exemptAnnotations" in metadata  # the name of a parameter
    assert "Pods and controllers" in metadata  # a reference
    assert shared_words("nobody noticed that we had started it without a Deployment", "deny-bare-pods") == [
        "noticed",
        "Deployment",
    ]


def test_short_plurals_and_doubled_letters_are_no_way_round():
    assert content("logs running keys") == content("log run key")
