"""Verdicts of a whole library on many resources: by policies that OPA compiled, and by one OPA server for all else."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from jade_policy.errors import EngineError
from jade_policy.library import Library
from jade_policy.opa.answers import NOTHING, AnswerError, read_answer
from jade_policy.opa.asker import Question, without_inventory
from jade_policy.opa.check import compile_library
from jade_policy.opa.client import EvaluationError
from jade_policy.opa.folder import EngineFolder
from jade_policy.opa.inventories import Inventory, InventoryError
from jade_policy.opa.plan import Binding, Planner, Task
from jade_policy.opa.server import Server
from jade_policy.opa.wasm.compiled import Compiled
from jade_policy.policies import Problem
from jade_policy.verdicts import Review, Verdict, Violation

CLIENT_THREADS = 2  # one encodes and decodes while OPA answers the other; a third gains nothing on two cores
DOCUMENTS_PER_REQUEST = 25  # 20 to 100 are equally fast, and fewer have to share one limit
BYTES_PER_REQUEST = 512 * 1024
LIMIT_SECONDS = 1.0  # of one request; 25 documents and 50 policies take 0.1 s on a slow core


class Engine:
    """A library, compiled, with an OPA process of its own for what is not.

    Use it as a context manager, or call `start` and `close`. All methods may be called from several threads.

    Attributes:
        library: what is judged by: after `start`, the given library less what does not compile.
        version: the OPA's release, once started; a verdict depends on it.
        opa: the program.
    """

    def __init__(
        self, library: Library, *, opa: Path, limit_seconds: float = LIMIT_SECONDS, compiled: bool = True
    ) -> None:
        """An engine that is not started yet.

        Args:
            library: What to judge by.
            opa: The program.
            limit_seconds: How long a policy may take over a resource.
            compiled: Whether policies may be compiled; else OPA interprets all of them, which takes four times longer.
        """
        self.library = library
        self.version = ""
        self.opa, self._limit, self._compiled = opa, limit_seconds, compiled
        self._running: _Running | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was left out of the library and why, with file and line."""
        return self.library.problems

    @property
    def restarts(self) -> int:
        """How often OPA had to be started again."""
        return self._running.server.process.restarts if self._running is not None else 0

    @property
    def pid(self) -> int | None:
        """The OPA process that serves now; None also where none was needed so far."""
        return self._running.server.process.pid if self._running is not None else None

    def start(self) -> Self:
        """Compile the library; start OPA and wait until it serves, unless all of the library is compiled.

        Raises:
            EngineError: OPA cannot be run, or not with this library.
        """
        if self._running is None:
            running = _Running(self.library, self.opa, self._limit, self._compiled)
            self.library, self.version, self._running = running.library, running.version, running
        return self

    def close(self) -> None:
        """Stop OPA and remove its files."""
        running, self._running = self._running, None
        if running is not None:
            running.close()

    def healthy(self) -> bool:
        """Whether questions are answered now."""
        return self._running is not None and self._running.server.healthy()

    @property
    def needing_cluster(self) -> frozenset[str]:
        """The policies whose verdict may depend on a review's inventory; all others say the same without one.

        Raises:
            EngineError: the engine is not started.
        """
        return self._started().needing_cluster

    def judge(self, reviews: Sequence[Review], *, only: frozenset[str] | None = None) -> list[list[Verdict]]:
        """Judge each review by every constraint of the library, in the library's order.

        A policy that fails, or an OPA that is gone, gives `unknown` with the reason, never `passed`.

        Args:
            reviews: What to judge.
            only: Ids of the policies to judge by, where it is not all.

        Raises:
            EngineError: the engine is not started.
        """
        return self._started().judge(reviews, only)

    def _started(self) -> "_Running":
        if self._running is None:
            raise EngineError("the engine is not started; call start() or use it as a context manager")
        return self._running

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Running:
    """Everything that exists between `start` and `close`."""

    def __init__(self, library: Library, opa: Path, limit_seconds: float, compiled: bool) -> None:
        with ExitStack() as undone:
            engine_folder = EngineFolder()
            undone.callback(engine_folder.remove)
            folder = engine_folder.path
            self.library, self._bundle = compile_library(library, opa, folder / "bundle")
            self.server = Server(opa, self._bundle, folder, limit_seconds)
            undone.callback(self.server.close)
            self._compiled = Compiled.of(self._bundle, opa, folder, limit_seconds) if compiled else None
            units = {unit.key for unit in self._bundle.units.values()}
            if self._compiled is None or not units <= self._compiled.units:
                self.server.start()
            self.version = self._compiled.version if self._compiled is not None else self.server.version()
            self._threads = undone.enter_context(
                ThreadPoolExecutor(CLIENT_THREADS, thread_name_prefix="opa-client")
            )
            self._ended = undone.pop_all()
        everything = Planner(self.library, self._bundle)
        self.needing_cluster = everything.needing_cluster
        self._planners: dict[frozenset[str] | None, Planner] = {None: everything}  # callers ask for two parts

    def close(self) -> None:
        self._ended.close()

    def judge(self, reviews: Sequence[Review], only: frozenset[str] | None) -> list[list[Verdict]]:
        planner = self._planners.get(only)
        if planner is None:
            planner = self._planners[only] = Planner(self.library, self._bundle, only)
        verdicts: list[list[Verdict]] = []
        tasks: list[Task] = []
        for number, review in enumerate(reviews):
            decided, open_tasks = planner.plan(number, review)
            verdicts.append(decided)
            tasks += open_tasks
        requests = list(_requests(tasks, reviews))
        if len(requests) == 1:
            self._ask(*requests[0])
        else:
            list(self._threads.map(lambda request: self._ask(*request), requests))
        for task in tasks:
            of_review, as_pod = verdicts[task.number], task.pod_pointer is not None
            for unit, bindings in task.wanted.items():
                answer = task.answers[unit]
                if answer == NOTHING:
                    for binding in bindings:
                        of_review[binding.place] = binding.passed[as_pod]
                else:
                    for binding, verdict in _verdicts(task, bindings, answer):
                        of_review[binding.place] = verdict
        return verdicts

    def _ask(self, questions: list[Question], inventory: Inventory | None) -> None:
        if self._compiled is not None:
            questions = self._compiled.answer(questions, inventory)
        if questions:
            self.server.ask(questions, inventory)


def _requests(
    tasks: Sequence[Task], reviews: Sequence[Review]
) -> Iterator[tuple[list[Question], Inventory | None]]:
    """Questions that go together: about the same inventory or none, and not too many or too large."""
    plain: list[Question] = []
    inventories: dict[int, tuple[Mapping[str, Any], list[Question]]] = {}
    for task in tasks:
        inventory = reviews[task.number].inventory
        question = Question(task, tuple(task.wanted))
        if inventory is not None and question.needing_inventory:
            inventories.setdefault(id(inventory), (inventory, []))[1].append(question)
        else:
            plain.append(question)
    for inventory, questions in inventories.values():
        try:
            known = Inventory.of(inventory)
        except InventoryError as error:
            plain += without_inventory(questions, error)
            continue
        for chunk in _chunks(questions):
            yield chunk, known
    for chunk in _chunks(plain):
        yield chunk, None


def _chunks(questions: Sequence[Question]) -> Iterator[list[Question]]:
    chunk: list[Question] = []
    size = 0
    for question in questions:
        size += len(question.task.document)
        if chunk and (len(chunk) == DOCUMENTS_PER_REQUEST or size > BYTES_PER_REQUEST):
            yield chunk
            chunk, size = [], len(question.task.document)
        chunk.append(question)
    if chunk:
        yield chunk


def _verdicts(task: Task, bindings: Sequence[Binding], answer: Any) -> Iterator[tuple[Binding, Verdict]]:
    via = None if task.pod_pointer is None else "pod"
    reason: str | None = None
    violations: tuple[Violation, ...] = ()
    only_warnings = transient = False
    if isinstance(answer, EngineError):
        reason, transient = str(answer), not isinstance(answer, EvaluationError)
    else:
        try:
            violations, only_warnings = read_answer(bindings[0].unit, answer, task.pod_pointer or "")
        except AnswerError as error:
            reason = str(error)
    for binding in bindings:
        if reason is not None:
            yield binding, binding.verdict("unknown", via=via, reason=reason, transient=transient)
        elif not violations:
            yield binding, binding.verdict("passed", via=via)
        elif only_warnings:
            yield binding, binding.verdict("violated", via=via, violations=violations, enforcement="warn")
        else:
            yield binding, binding.verdict("violated", via=via, violations=violations)
