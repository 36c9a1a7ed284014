"""One instance of a compiled module: its memory, the documents in it, and questions to it.

The interface is OPA's, see https://www.openpolicyagent.org/docs/wasm: memory is shared, documents are addresses in it,
and what an evaluation allocates lies above a mark to which the next one returns.
"""

import ctypes
from collections.abc import Callable
from typing import Any, Final

import orjson
import wasmtime

MEMORY_BYTES = 512 * 1024 * 1024  # of one instance; an inventory takes ten times its JSON
INSTRUCTIONS_A_SECOND = 500_000_000  # on a slow core; they are counted, since nothing here watches a clock
HOLD_LIMIT_SECONDS = 10.0  # as OPA's server has for an inventory
_PAGE = 65_536
_ALIGNED = 8


class _RefusedError(Exception):
    """The module called a function that it does not bring, or gave up."""


class Undecided(Exception):  # noqa: N818  # no error: somebody else is asked
    """The module gave no answer: it has met what only OPA itself does, a conflict, or one of its limits.

    Attributes:
        spent: whether it took all the time that it had.
    """

    def __init__(self, reason: object) -> None:
        super().__init__(str(reason))
        self.spent = isinstance(reason, wasmtime.Trap) and reason.trap_code is wasmtime.TrapCode.OUT_OF_FUEL


class Instance:
    """A module with memory of its own, for one thread at a time. After `Undecided` it must not be asked again."""

    def __init__(self, engine: wasmtime.Engine, module: wasmtime.Module) -> None:
        """An instance of a module that OPA compiled.

        Raises:
            wasmtime.WasmtimeError: it is none of OPA's.
        """
        self._store = wasmtime.Store(engine)
        self._store.set_limits(memory_size=MEMORY_BYTES)
        self._store.set_fuel(INSTRUCTIONS_A_SECOND)
        imports: list[wasmtime.Memory | wasmtime.Func] = []
        for needed in module.imports:
            if isinstance(needed.type, wasmtime.MemoryType):
                self._memory = wasmtime.Memory(self._store, needed.type)
                imports.append(self._memory)
            elif isinstance(needed.type, wasmtime.FuncType):
                imports.append(wasmtime.Func(self._store, needed.type, _refuse))
        self._exports = wasmtime.Instance(self._store, module, imports).exports(self._store)
        self._evaluate = self._function("opa_eval")
        self._top: int = self._function("opa_heap_ptr_get")(self._store)
        self.entry_points: Final[dict[str, int]] = self._object("entrypoints")
        self.foreign: Final[frozenset[str]] = frozenset(self._object("builtins"))

    def hold(self, document: bytes) -> int:
        """Keep a JSON document until the instance is gone; give its address. It may take `HOLD_LIMIT_SECONDS`.

        Raises:
            Undecided: it is no JSON, or too large.
        """
        try:
            self._store.set_fuel(int(HOLD_LIMIT_SECONDS * INSTRUCTIONS_A_SECOND))
            self._function("opa_heap_ptr_set")(self._store, self._top)
            place = self._function("opa_malloc")(self._store, len(document))
            self._memory.write(self._store, document, place)
            address: int = self._function("opa_json_parse")(self._store, place, len(document))
            self._top = self._function("opa_heap_ptr_get")(self._store)
        except (wasmtime.WasmtimeError, wasmtime.Trap, _RefusedError) as error:
            raise Undecided(error) from error
        if not address:
            raise Undecided("this is no JSON")
        return address

    def ask(self, entry_point: int, question: bytes, data: int, seconds: float) -> Any:
        """Evaluate a rule.

        Args:
            entry_point: its number, see `entry_points`.
            question: `input`, as JSON.
            data: the address of `data`.
            seconds: how long it may take, about.

        Returns:
            Its value, None where it is undefined. Sets are lists.

        Raises:
            Undecided: it has none that could be trusted.
        """
        heap = _aligned(self._top + len(question))
        try:
            self._store.set_fuel(int(seconds * INSTRUCTIONS_A_SECOND))
            missing = heap - self._memory.data_len(self._store)
            if missing > 0:
                self._memory.grow(self._store, missing // _PAGE + 1)
            self._memory.write(self._store, question, self._top)
            address = self._evaluate(self._store, 0, entry_point, data, self._top, len(question), heap, 0)
            results = orjson.loads(self._text(address))
        except (wasmtime.WasmtimeError, wasmtime.Trap, _RefusedError, ValueError) as error:
            raise Undecided(error) from error
        return results[0]["result"] if results else None

    def _object(self, name: str) -> dict[str, int]:
        """What the module says of itself."""
        value = self._function(name)(self._store)
        found: dict[str, int] = orjson.loads(self._text(self._function("opa_json_dump")(self._store, value)))
        return found

    def _function(self, name: str) -> Callable[..., Any]:
        found = self._exports[name]
        if not isinstance(found, wasmtime.Func):
            raise wasmtime.WasmtimeError(f"the module's {name} is no function")
        return found

    def _text(self, address: int) -> bytes:
        base = ctypes.addressof(self._memory.data_ptr(self._store).contents)
        return ctypes.string_at(base + address)


def _refuse(*_: Any) -> Any:
    """In place of what the module imports: `opa_abort`, and functions of OPA that it does not bring."""
    raise _RefusedError


def _aligned(address: int) -> int:
    return -(-address // _ALIGNED) * _ALIGNED
