"""Answers of the units that are compiled."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import orjson
import wasmtime

from jade_policy.opa.answers import NOTHING
from jade_policy.opa.asker import Question
from jade_policy.opa.bundle import Bundle
from jade_policy.opa.inventories import Inventory
from jade_policy.opa.wasm.build import module_of
from jade_policy.opa.wasm.instance import Instance, Undecided
from jade_policy.opa.wasm.kept import Module, cache_folder
from jade_policy.opa.wasm.source import ENTRY_POINT, Content, content_of

MAX_IDLE = 4  # instances that are kept for the next question; each may hold an inventory
STRIKES = 3  # resources on which a unit may be at a loss before it is left to the interpreter; one if that took long
MAX_NAMES = 1024  # combinations of units that are remembered; there are about as many as kinds


class _Asked(NamedTuple):
    """The units of a question that are compiled, and how the module knows them."""

    compiled: tuple[str, ...]
    json: bytes


class _Desk:
    """An instance, and what is held in it."""

    def __init__(self, instance: Instance, parameters: bytes) -> None:
        self.instance = instance
        self.entry_point = instance.entry_points[ENTRY_POINT]
        self.data = instance.hold(_data(parameters, b"{}"))
        self.inventory = ""
        self.content = Content.ALIKE  # of the inventory
        self.data_with_inventory = 0


class Compiled:
    """A module that answers; any number of threads may ask it.

    Attributes:
        version: the release of the OPA that compiled it.
    """

    @classmethod
    def of(cls, bundle: Bundle, opa: Path, folder: Path, limit_seconds: float) -> Self | None:
        """Of a bundle that compiles, if need be in ``folder``; None where nothing of it can be had as a module."""
        module = module_of(bundle, opa, folder)
        if not module.units:
            return None
        parameters = orjson.dumps(orjson.loads(bundle.files["data.json"])["jade"])
        try:
            return cls(module, parameters, limit_seconds)
        except (wasmtime.WasmtimeError, Undecided):
            return None

    def __init__(self, module: Module, parameters: bytes, limit_seconds: float) -> None:
        """Make machine code of a module that has units, or take it from the cache.

        Args:
            module: what is asked.
            parameters: what the units find at `data.jade`, as JSON.
            limit_seconds: how long resources may take that are asked about together.

        Raises:
            wasmtime.WasmtimeError: this is no module.
            Undecided: the parameters cannot be held.
        """
        config = wasmtime.Config()
        config.consume_fuel = True
        _use_cache(config)
        self._engine = wasmtime.Engine(config)
        self._module = wasmtime.Module(self._engine, module.code)
        self._parameters, self._limit = parameters, limit_seconds
        self.version = module.version
        self._lock = threading.Lock()
        self._units = frozenset(module.units)
        self._calculating = frozenset(module.calculating)
        self._names: dict[tuple[tuple[str, ...], Content], _Asked] = {}
        self._strikes: dict[str, int] = {}
        self._unusable: set[str] = set()  # inventories
        self._idle = [self._new()]

    @property
    def units(self) -> frozenset[str]:
        """Those that are answered here; a unit that is at a loss more often than not is none of them any more."""
        return self._units

    def answer(self, questions: Sequence[Question], inventory: Inventory | None) -> list[Question]:
        """Fill the answers of the questions' tasks.

        Returns:
            What is left for OPA's interpreter.
        """
        desk = self._take(inventory)
        if desk is None:
            return list(questions)
        asked = [
            self._asked(question.units, self._content(desk, question, inventory)) for question in questions
        ]
        together = [pair for pair in zip(questions, asked, strict=True) if pair[1].compiled]
        try:
            self._ask(desk, together, inventory)
        except Undecided:
            try:
                desk = self._apart(together, inventory)
            except Undecided:  # there is no room for another instance
                return list(_left(questions))
        self._give_back(desk)
        return list(_left(questions))

    def _ask(
        self, desk: _Desk, pairs: Sequence[tuple[Question, _Asked]], inventory: Inventory | None
    ) -> None:
        """Ask about several documents at once: another thread may run meanwhile, and has to be waited for after."""
        documents = b",".join(
            b'{"jade":%b,"review":%b}' % (asked.json, question.task.document) for question, asked in pairs
        )
        data = desk.data if inventory is None else desk.data_with_inventory
        found = desk.instance.ask(desk.entry_point, b'{"documents":[%b]}' % documents, data, self._limit)
        for (question, asked), violations in zip(pairs, found, strict=True):
            answers: dict[str, Any] = dict.fromkeys(asked.compiled, NOTHING)
            answers.update(violations)
            question.task.answers.update(answers)

    def _apart(self, pairs: Sequence[tuple[Question, _Asked]], inventory: Inventory | None) -> _Desk:
        """Ask about each document alone, and where that fails, each unit."""
        desk = self._ready(self._new(), inventory)
        for question, asked in pairs:
            try:
                self._ask(desk, [(question, asked)], inventory)
            except Undecided:
                desk = self._one_by_one(question, asked.compiled, inventory)
        return desk

    def _one_by_one(self, question: Question, units: Sequence[str], inventory: Inventory | None) -> _Desk:
        """Ask each unit alone, and remember those that are at a loss."""
        desk = self._ready(self._new(), inventory)
        for unit in units:
            try:
                self._ask(desk, [(question, self._asked((unit,), Content.ALIKE))], inventory)
            except Undecided as undecided:
                desk = self._ready(self._new(), inventory)
                with self._lock:
                    self._strikes[unit] = self._strikes.get(unit, 0) + 1
                    if undecided.spent or self._strikes[unit] >= STRIKES:
                        self._units -= {unit}
                        self._names = {}
        return desk

    def _content(self, desk: _Desk, question: Question, inventory: Inventory | None) -> Content:
        """The worst of a document and the inventory that it is seen with."""
        return max(content_of(question.task.document), Content.ALIKE if inventory is None else desk.content)

    def _asked(self, units: tuple[str, ...], content: Content) -> _Asked:
        names, key = self._names, (units, content)
        asked = names.get(key)
        if asked is None:
            known = {
                Content.ALIKE: self._units,
                Content.FRACTIONS: self._units - self._calculating,
                Content.UNLIKE: frozenset[str](),
            }[content]
            compiled = tuple(unit for unit in units if unit in known)
            asked = _Asked(compiled, orjson.dumps(dict.fromkeys(compiled, True)))
            if len(names) < MAX_NAMES:
                names[key] = asked
        return asked

    def _take(self, inventory: Inventory | None) -> _Desk | None:
        """An instance that holds the inventory; None where none can."""
        name = "" if inventory is None else inventory.name
        with self._lock:
            if name in self._unusable:
                return None
            fitting = [desk for desk in self._idle if desk.inventory == name] or [
                desk for desk in self._idle if not name or not desk.inventory
            ]
            if fitting:
                self._idle.remove(fitting[-1])
        try:
            return self._ready(fitting[-1] if fitting else self._new(), inventory)
        except Undecided:
            if name:
                with self._lock:
                    self._unusable.add(name)
            return None

    def _ready(self, desk: _Desk, inventory: Inventory | None) -> _Desk:
        """With the inventory held.

        Raises:
            Undecided: it cannot be.
        """
        if inventory is not None and desk.inventory != inventory.name:
            desk.content = content_of(inventory.document)
            desk.data_with_inventory = desk.instance.hold(_data(self._parameters, inventory.document))
            desk.inventory = inventory.name
        return desk

    def _give_back(self, desk: _Desk) -> None:
        with self._lock:
            self._idle = [*self._idle, desk][-MAX_IDLE:]

    def _new(self) -> _Desk:
        """Another instance.

        Raises:
            Undecided: there is no room for it.
        """
        try:
            return _Desk(Instance(self._engine, self._module), self._parameters)
        except wasmtime.WasmtimeError as error:
            raise Undecided(error) from error


def _left(questions: Sequence[Question]) -> Iterator[Question]:
    """What has no answer yet."""
    for question in questions:
        answers = question.task.answers
        left = tuple(unit for unit in question.units if unit not in answers)
        if left:
            yield question._replace(units=left)


def _data(parameters: bytes, inventory: bytes) -> bytes:
    return b'{"jade":%b,"inventory":%b}' % (parameters, inventory)


def _use_cache(config: wasmtime.Config) -> None:
    """Let wasmtime keep machine code beside the modules, if there is a place for it."""
    folder = cache_folder()
    if folder is None:
        return
    settings = folder / "cache.toml"
    try:
        if not settings.exists():
            folder.mkdir(parents=True, exist_ok=True)
            settings.write_text(f"[cache]\ndirectory = {orjson.dumps(str(folder / 'code')).decode()}\n")
        config.cache = str(settings)
    except (OSError, wasmtime.WasmtimeError):
        return
