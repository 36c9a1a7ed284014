"""Questions to OPA in bulk, and the way back when one of them fails.

Many documents and policies go in one request. When that fails, the request is taken apart until the policy
and the document that are to blame stand alone; they are `unknown`, all others get their answers. A policy
that was to blame once is asked apart from the others from then on, and one that keeps exceeding the limit
is left alone for a while.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from jade_policy.errors import EngineError
from jade_policy.opa.bundle import Bundle, Mode
from jade_policy.opa.client import DisconnectedError, EvaluationError, LimitExceededError, OpaClient
from jade_policy.opa.inventories import Inventories, Inventory, InventoryError
from jade_policy.opa.plan import Task
from jade_policy.opa.process import OpaProcess

RESTART_LIMIT_SECONDS = 5.0  # OPA is back in 0.2 s; a busy machine may take longer
HEALTH_LIMIT_SECONDS = 2.0  # OPA says so in 1 ms; killing one that is only starved helps nobody
STRIKES = 2  # documents on which a policy may exceed the limit before it is left alone
SUSPENSION_SECONDS = 60.0  # a slow minute of the machine must not silence a policy for good
MAX_NAMES = 1024  # combinations of units that are remembered; there are about as many as kinds
_UNDEFINED = "the policy has no answer: its rule is undefined"


class _Named(NamedTuple):
    """Units as a document names them, and those in mode `plain` in the order of their answers."""

    plain: tuple[str, ...]
    json: bytes


class Question(NamedTuple):
    """One document and the units that are asked about it."""

    task: Task
    units: tuple[str, ...]

    @property
    def needing_inventory(self) -> frozenset[str]:
        """Those of its units that look at what the cluster holds."""
        return frozenset(unit for unit in self.units if self.task.wanted[unit][0].unit.reads_inventory)


class Asker:
    """Puts questions to one OPA; any number of threads may do so at once."""

    def __init__(self, client: OpaClient, process: OpaProcess, bundle: Bundle, limit_seconds: float) -> None:
        self._client, self._process, self._limit = client, process, limit_seconds
        self._bundle = bundle
        self._modes: Mapping[str, Mode] = {unit.key: unit.mode for unit in bundle.units.values()}
        self._inventories = Inventories(client)
        self._lock = threading.Lock()
        self._apart: set[str] = set()
        self._strikes: dict[str, int] = {}
        self._suspended_until: dict[str, float] = {}
        self._names: dict[tuple[str, ...], _Named] = {}

    def ask(self, questions: Sequence[Question], inventory: Inventory | None) -> None:
        """Fill the answers of the questions' tasks, with an exception where there is no answer."""
        for group in self._grouped(questions):
            self._ask(group, inventory, retry=True)

    def _grouped(self, questions: Sequence[Question]) -> Iterator[list[Question]]:
        """The questions without the units that are asked apart, then each of those; suspended ones fail."""
        suspended = self._suspended()
        apart = self._apart
        if not apart and not suspended:
            yield list(questions)
            return
        for question in questions:
            for unit in question.units:
                if unit in suspended:
                    question.task.answers[unit] = EngineError(
                        f"took longer than {self._limit:g} s on {STRIKES} resources; "
                        f"it is not asked again for {SUSPENSION_SECONDS:.0f} s"
                    )
        yield from _selected(questions, lambda unit: unit not in suspended and unit not in apart)
        for one in sorted(apart - suspended):
            yield from _selected(questions, one.__eq__)

    def _ask(self, questions: list[Question], inventory: Inventory | None, *, retry: bool) -> None:
        """Ask, and on a failure ask again for less, down to one policy and one document."""
        try:
            self._query(questions, inventory)
        except InventoryError as error:
            others = without_inventory(questions, error)
            if others:
                self._ask(others, None, retry=retry)
        except EvaluationError as error:
            self._take_apart(questions, inventory, error)
        except LimitExceededError as error:
            if not self._client.healthy(HEALTH_LIMIT_SECONDS):
                self._process.kill()
            self._one_by_one(questions, inventory, error)
        except DisconnectedError as error:
            back = self._process.wait_back(RESTART_LIMIT_SECONDS)
            if back and retry:
                self._ask(questions, inventory, retry=False)
            elif back:  # it died twice over these questions: one of them kills it
                self._one_by_one(questions, inventory, error)
            else:
                fail(questions, error)

    def _query(self, questions: Sequence[Question], inventory: Inventory | None) -> None:
        documents = b",".join(self._document(question) for question in questions)
        if inventory is None:
            answers = self._client.query(
                "jade/main/answers", b'{"input":{"documents":[%b]}}' % documents, self._limit
            )
        else:
            answers = self._inventories.query(inventory, documents, self._limit)
        if not isinstance(answers, list) or len(answers) != len(questions):
            raise EvaluationError("OPA answered for another number of documents than were asked about")
        for question, (plain, *others) in zip(questions, answers, strict=True):
            self._take(question, plain, others)

    def _take(self, question: Question, plain: list[Any], others: list[dict[str, Any]]) -> None:
        names = self._named(question.units).plain
        if len(names) != len(plain):
            raise EvaluationError(_UNDEFINED)
        found = question.task.answers
        found.update(zip(names, plain, strict=True))
        if len(names) < len(question.units):
            found.update({unit: answer for each in others for unit, answer in each.items()})
            for unit in question.units:
                if unit not in found:
                    found[unit] = EvaluationError(_UNDEFINED)

    def _document(self, question: Question) -> bytes:
        return b'{"jade":%b,"review":%b}' % (self._named(question.units).json, question.task.document)

    def _named(self, units: tuple[str, ...]) -> "_Named":
        """How a document names units; most resources of a kind are asked about the same ones."""
        named = self._names.get(units)
        if named is None:
            by_mode: dict[str, list[str]] = {}
            for unit in units:
                by_mode.setdefault(self._modes[unit], []).append(unit)
            named = _Named(tuple(by_mode.get("plain", ())), orjson.dumps(by_mode))
            if len(self._names) < MAX_NAMES:
                self._names[units] = named
        return named

    def _take_apart(
        self, questions: list[Question], inventory: Inventory | None, error: EvaluationError
    ) -> None:
        """After an error that comes back at once: the policy that OPA names, else halves."""
        culprit = _unit_of(error.file)
        units = {unit for question in questions for unit in question.units}
        if culprit in units and len(units) > 1:
            with self._lock:
                self._apart = self._apart | {culprit}
            parts = [
                *_selected(questions, lambda unit: unit != culprit),
                *_selected(questions, lambda unit: unit == culprit),
            ]
        elif len(questions) > 1:
            middle = len(questions) // 2
            parts = [questions[:middle], questions[middle:]]
        elif len(units) > 1:
            parts = [[Question(questions[0].task, (unit,))] for unit in questions[0].units]
        else:
            fail(questions, EvaluationError(self._bundle.in_authors_words(str(error))))
            return
        for part in parts:
            self._ask(part, inventory, retry=True)

    def _one_by_one(self, questions: list[Question], inventory: Inventory | None, error: EngineError) -> None:
        """After an error that costs time: document by document, then policy by policy."""
        if len(questions) > 1:
            parts = [[question] for question in questions]
        elif len(questions[0].units) > 1:
            parts = [[Question(questions[0].task, (unit,))] for unit in questions[0].units]
        else:
            self._strike(questions[0].units[0])
            fail(questions, error)
            return
        for part in parts:
            for group in self._grouped(part):  # what was found to blame meanwhile is set apart at once
                self._ask(group, inventory, retry=False)

    def _strike(self, unit: str) -> None:
        with self._lock:
            self._apart = self._apart | {unit}
            self._strikes[unit] = self._strikes.get(unit, 0) + 1
            if self._strikes[unit] >= STRIKES:
                self._strikes[unit] = 0
                self._suspended_until[unit] = time.monotonic() + SUSPENSION_SECONDS

    def _suspended(self) -> frozenset[str]:
        if not self._suspended_until:
            return frozenset()
        now = time.monotonic()
        with self._lock:
            self._suspended_until = {
                unit: until for unit, until in self._suspended_until.items() if until > now
            }
            return frozenset(self._suspended_until)


def _selected(questions: Sequence[Question], wanted: Callable[[str], bool]) -> Iterator[list[Question]]:
    """The questions with the wanted units only, unless none is left."""
    chosen = [
        Question(question.task, units)
        for question in questions
        if (units := tuple(unit for unit in question.units if wanted(unit)))
    ]
    if chosen:
        yield chosen


def _unit_of(file: str) -> str | None:
    """The unit that a file of the bundle belongs to; None for a library's."""
    return file.split("_", 1)[0] if file.startswith("u") else None


def fail(questions: Sequence[Question], error: EngineError) -> None:
    """Give the error as the answer to all of the questions."""
    for question in questions:
        question.task.answers.update(dict.fromkeys(question.units, error))


def without_inventory(questions: Sequence[Question], error: InventoryError) -> list[Question]:
    """What can be asked without an inventory; the error is the answer to all else."""
    others = []
    for question in questions:
        needing = question.needing_inventory
        fail([question._replace(units=tuple(needing))], error)
        rest = tuple(unit for unit in question.units if unit not in needing)
        if rest:
            others.append(question._replace(units=rest))
    return others
