"""Where verdicts come from: this process, the cache, the engine; and what is never kept."""

import pytest
from prometheus_client import CollectorRegistry

from jade_common.cache import MemoryCache
from jade_policy.verdicts import Review, Verdict, Violation
from jade_ranker.adapters.verdicts import Verdicts, decoded, encoded

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}, "spec": {"containers": []}}
VIOLATED = Verdict("p", "c", "violated", "pod", (Violation("m", "/spec"), Violation("n")))


class CountingJudge:
    """Answers everything with the verdicts it was given, and counts the resources."""

    def __init__(self, *verdicts: Verdict) -> None:
        self.verdicts = list(verdicts)
        self.asked = 0

    def judge(self, reviews):
        self.asked += len(reviews)
        return [list(self.verdicts) for _ in reviews]


def verdicts(judge, cache, policies="library:1") -> Verdicts:
    return Verdicts(judge, cache, policies=policies, registry=CollectorRegistry())


async def test_engine_is_asked_once_a_resource_also_by_another_process():
    judge, cache = CountingJudge(VIOLATED), MemoryCache()
    here = verdicts(judge, cache)
    first = await here.of([Review(POD), Review(POD), Review(dict(reversed(POD.items())))])
    assert await here.of([Review(POD)]) == first[:1]
    assert await verdicts(judge, cache).of([Review(POD)]) == first[:1]
    assert judge.asked == 1
    assert first[0].verdicts == (VIOLATED,)


@pytest.mark.parametrize(
    "other",
    [
        {"policies": "library:2"},
        {"review": Review(POD | {"metadata": {"name": "y"}})},
        {"review": Review(POD, inventory={"namespace": {}})},
        {"review": Review(POD, operation="UPDATE")},
        {"review": Review(POD, user_info={"username": "x"})},
    ],
)
async def test_whatever_a_verdict_depends_on_is_in_its_key(other):
    judge, cache = CountingJudge(VIOLATED), MemoryCache()
    await verdicts(judge, cache).of([Review(POD)])
    await verdicts(judge, cache, other.get("policies", "library:1")).of([other.get("review", Review(POD))])
    assert judge.asked == 2


async def test_unknown_that_may_pass_is_not_kept_and_a_lasting_one_is():
    for transient, asked in ((True, 2), (False, 1)):
        judge = CountingJudge(Verdict("p", None, "unknown", reason="r", transient=transient))
        here = verdicts(judge, MemoryCache())
        await here.of([Review(POD)])
        await here.of([Review(POD)])
        assert judge.asked == asked


async def test_cache_that_lies_is_not_believed():
    judge, cache = CountingJudge(VIOLATED), MemoryCache()
    poisoned = encoded([Verdict("p", "c", "passed")]).replace(b"passed", b"violat")
    key = verdicts(judge, cache).key(Review(POD))
    await cache.set_many({f"verdicts:{key}": poisoned})
    (judged,) = await verdicts(judge, cache).of([Review(POD)])
    assert (judged.verdicts, judge.asked) == ((VIOLATED,), 1)


def test_encoding_gives_the_same_verdicts_back():
    rows = [
        VIOLATED,
        Verdict("q", None, "unknown", reason="why"),
        Verdict("r", "d", "passed", enforcement="warn"),
    ]
    assert decoded(encoded(rows)) == tuple(rows)
    assert decoded(b"") is None
