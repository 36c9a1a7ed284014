"""The field that makes a policy fail, where the policy names none: by its message, else by experiment."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import structlog
from cachetools import LRUCache

from jade_common.cache import Cache
from jade_common.errors import TransientError
from jade_common.identity import canonical, derived_id
from jade_policy.errors import PolicyError
from jade_policy.library import Library
from jade_policy.locate import Outcome, constants_of, located, stated_path, variants_of
from jade_policy.locate.constants import Scalar
from jade_policy.opa.syntax import syntax_trees
from jade_policy.policies import Policy
from jade_policy.reads import Read, reads_of
from jade_policy.verdicts import Review, Verdict
from jade_ranker.adapters.verdicts import decoded, encoded
from jade_ranker.domain.questions import QuestionError, prepared

log = structlog.get_logger("jade.ranker")

KEPT = 20_000
"""Fields that stay in this process, 1 kB each: findings about a resource come in flocks."""

SCHEMA = "fields-1"
"""Raised when fields are found in another way."""


class Judge(Protocol):
    """What judges variants: the Rego engine."""

    def judge(self, reviews: Sequence[Review], *, only: frozenset[str] | None = None) -> list[list[Verdict]]:
        """The verdicts of each review, of the policies ``only``, in the library's order."""


class Looks(NamedTuple):
    """What a policy looks at."""

    reads: tuple[Read, ...]
    constants: tuple[Scalar, ...]


class Locator:
    """Finds fields for one library. What a policy reads is found out once, when it is first asked for."""

    def __init__(self, judge: Judge, library: Library, opa: Path) -> None:
        """Experiment with ``judge``, which judges by ``library``; parse policies with ``opa``."""
        self._judge = judge
        self._policies = {policy.id: policy for policy in library.policies}
        self._parameters = {
            (policy.id, constraint.name): constraint.parameters
            for policy in library.policies
            for constraint in library.constraints_of(policy.id)
        }
        self._opa = opa
        self._looks: dict[tuple[str, str | None], Looks] = {}

    def located(self, review: Review, verdict: Verdict) -> Verdict:
        """The verdict with a field for each violation that names none, as far as one is found.

        Blocks for one bulk request to the engine (two where the fields that the policy reads explain nothing).
        """
        obj = review.object
        if (
            verdict.verdict != "violated"
            or obj is None
            or all(one.path is not None for one in verdict.violations)
        ):
            return verdict
        stated = [
            one if one.path is not None else one._replace(path=stated_path(obj, one.message))
            for one in verdict.violations
        ]
        verdict = verdict._replace(violations=tuple(stated))
        if any(one.path is None for one in stated):
            verdict = self.by_experiment(review, obj, verdict)
        return verdict

    def by_experiment(self, review: Review, obj: Mapping[str, object], verdict: Verdict) -> Verdict:
        """The verdict with the fields that an experiment shows, for each violation that names none."""
        looks = self._looks_at(verdict)
        for reads in (looks.reads, ()) if looks.reads else ((),):
            variants = variants_of(obj, reads, looks.constants)
            reviews = [review._replace(object=variant.obj) for variant in variants]
            judged = self._judge.judge(reviews, only=frozenset({verdict.policy_id}))
            outcomes = [
                Outcome(variant, one)
                for variant, answers in zip(variants, judged, strict=True)
                for one in answers
                if one.constraint == verdict.constraint
            ]
            if any(one.verdict.transient for one in outcomes):
                raise TransientError(f"{verdict.policy_id} could not be asked about variants of a resource")
            policy = self._policies[verdict.policy_id]
            found = located(obj, verdict, outcomes, f"{policy.id} {policy.kind or ''} {policy.title}")
            if found:
                placed = [
                    one._replace(path=found.get(number, one.path))
                    for number, one in enumerate(verdict.violations)
                ]
                return verdict._replace(violations=tuple(placed))
        return verdict

    def _looks_at(self, verdict: Verdict) -> Looks:
        key = verdict.policy_id, verdict.constraint
        looks = self._looks.get(key)
        if looks is None:
            looks = self._looks[key] = self._parsed(self._policies[verdict.policy_id], self._parameters[key])
        return looks

    def _parsed(self, policy: Policy, parameters: Mapping[str, object]) -> Looks:
        try:
            trees = syntax_trees([policy], self._opa)
        except (
            PolicyError
        ):  # it was compiled before: OPA is short of something now, and the resource's own fields do
            return Looks((), ())
        return Looks(reads_of(policy, trees), constants_of(trees[policy.module], parameters))


class Locating:
    """Finds fields for a batch, and keeps them in the cache beside the verdicts."""

    def __init__(self, locator: Locator, cache: Cache, *, policies: str) -> None:
        """Ask ``locator`` what ``cache`` does not know.

        Args:
            locator: Who experiments.
            cache: Shared by all workers.
            policies: What a verdict depends on besides the resource: library and version of the engine.
        """
        self._locator = locator
        self._cache = cache
        self._policies = policies
        self._here: LRUCache[str, Verdict] = LRUCache(KEPT)

    async def of(self, asked: Sequence[tuple[Review, Verdict]]) -> list[Verdict]:
        """Each verdict with its field, or as it is where none is found; an engine in trouble costs only the field."""
        keys = [self._key(review, verdict) for review, verdict in asked]
        wanted = {key: pair for key, pair in zip(keys, asked, strict=True) if key not in self._here}
        values = await self._cache.get_many(list(wanted)) if wanted else []
        known = {key: self._here[key] for key in keys if key in self._here}
        known |= {
            key: found[0]
            for key, value in zip(wanted, values, strict=True)
            if value is not None and (found := decoded(value))
        }
        missing = {key: pair for key, pair in wanted.items() if key not in known}
        if missing:
            fresh = await asyncio.to_thread(self._all, missing)
            await self._cache.set_many({key: encoded([one]) for key, one in fresh.items()})
            known |= fresh
        self._here.update(known)
        return [known.get(key, verdict) for key, (_, verdict) in zip(keys, asked, strict=True)]

    def _all(self, missing: Mapping[str, tuple[Review, Verdict]]) -> dict[str, Verdict]:
        found: dict[str, Verdict] = {}
        for key, (review, verdict) in missing.items():
            try:
                found[key] = self._locator.located(prepared(review), verdict)
            except (TransientError, QuestionError) as error:
                log.warning("field_not_found", policy=verdict.policy_id, error=str(error)[:300])
        return found

    def _key(self, review: Review, verdict: Verdict) -> str:
        of = f"{verdict.policy_id}/{verdict.constraint}"
        return f"fields:{derived_id(SCHEMA, self._policies, of, canonical(tuple(review)))}"
