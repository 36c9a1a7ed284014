"""The queries in plain words of `queries/`, and the words that a query shares with its policy."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml

from jade_ranker.domain.words import SPLIT, words

REPOSITORY = Path(__file__).resolve().parents[2]
QUERIES = REPOSITORY / "tests/evals/queries"
INDEX = REPOSITORY / "data/policies/index.jsonl"

Split = Literal["dev", "held_out"]
Voice = Literal["developer", "oncall", "auditor", "manager", "newcomer", "consultant"]

NO_TEXT = frozenset({"digest"})
"""Fields of the index whose letters are no words."""

GLUE = frozenset(
    [
        *("i", "me", "my", "we", "our", "us", "you", "your", "they", "them"),
        *("was", "were", "will", "would", "could", "may", "might", "want", "need"),
        *("who", "what", "how", "why", "than", "then", "there", "these", "those"),
        *("but", "so", "because", "while", "until", "just", "still", "never", "too", "even"),
        *("every", "each", "some", "more", "something", "anything", "nothing", "somebody"),
        *("into", "out", "up", "about", "through", "under", "after", "before"),
        *("app", "apps"),  # every policy of workloads names the API group apps
        "t",  # what `words` leaves of "don't" and "can't"
    ]
)
"""Words that a sentence is held together by and that name no policy: pronouns, auxiliaries, question words,
conjunctions and prepositions that `words` does not drop. At most sixty, since each widens what may be shared."""


class PlainQuery(NamedTuple):
    """A need in a person's own words."""

    id: str
    query: str
    policies: tuple[str, ...]
    """The policy it was written for, then those of the library that say it just as well."""
    voice: Voice
    split: Split


class Uncovered(NamedTuple):
    """A finding for which the library holds no policy."""

    id: str
    query: str
    message: str | None
    topic: str
    split: Split


def plain_queries() -> list[PlainQuery]:
    """The queries in plain words, in the order of their file."""
    rows = _rows(QUERIES / "plain_words.jsonl")
    return [PlainQuery(**{**row, "policies": tuple(row["policies"])}) for row in rows]


def uncovered() -> list[Uncovered]:
    """The findings that no policy covers, in the order of their file."""
    return [Uncovered(**{"message": None, **row}) for row in _rows(QUERIES / "no_policy.jsonl")]


@cache
def policy_texts() -> Mapping[str, tuple[str, ...]]:
    """By policy, every text that the index and the METADATA of its `policy.rego` hold."""
    return {
        row["id"]: (
            *_texts({key: value for key, value in row.items() if key not in NO_TEXT}),
            *_texts(_metadata(REPOSITORY / "data/policies" / row["path"] / "policy.rego")),
        )
        for row in _rows(INDEX)
    }


@cache
def policy_words(policy: str) -> frozenset[str]:
    """What `policy` says, as `content` writes words."""
    return frozenset(word for text in policy_texts()[policy] for word in content(text))


def shared_words(query: str, policy: str) -> list[str]:
    """The content words of ``query`` that `policy` says too, as the query writes them."""
    said = policy_words(policy)
    return [word for word in SPLIT.findall(query) if said.intersection(content(word))]


def content(text: str) -> list[str]:
    """The content words of ``text``, as stems.

    `words` leaves short plurals and doubled letters, so "logs" and "running" would not meet "log" and "run".

    >>> content("We are running jobs that log too much"), content("runs, logs")
    (['run', 'job', 'log', 'much'], ['run', 'log'])
    """
    kept = " ".join(word for word in SPLIT.findall(text) if word.lower() not in GLUE)
    return [_short(word) for word in words(kept)]


SHORTEST = 3
"""Letters that a word keeps when `_short` cuts it."""


def _short(stem: str) -> str:
    if stem.endswith("s") and len(stem) > SHORTEST:
        stem = stem[:-1]
    return stem[:-1] if len(stem) > SHORTEST and stem[-1] == stem[-2] else stem


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, held in value.items():
            if key == "parameters" and isinstance(held, Mapping):
                yield from held
            yield from _texts(held)
    elif isinstance(value, Sequence):
        for held in value:
            yield from _texts(held)


def _metadata(path: Path) -> Any:
    lines = path.read_text("utf-8").splitlines()
    start = lines.index("# METADATA")
    end = next(number for number in range(start, len(lines)) if not lines[number].startswith("#"))
    return yaml.safe_load("\n".join(line[2:] for line in lines[start + 1 : end]))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
