"""Every builtin that may be evaluated in Wasm gives what OPA gives, whatever it is called with."""

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from jade_policy.opa.wasm.instance import Instance, Undecided
from jade_policy.opa.wasm.native import GUARDED, GUARDS, SAME, UNLIKE

pytestmark = pytest.mark.integration

SECONDS = 3.0  # of a rule with all its calls
UNDECIDED = "left to OPA"
# Guards say it, instead of calling something foreign: then one question has the answers to all calls.
SAYING = re.sub(r"yaml\.marshal\(\w+\)", f'"{UNDECIDED}"', GUARDS)


# Odd values of every type. {"set": …} is a set, which JSON does not have, and {"sum": …} a number that is computed: in
# Wasm such a number is kept differently from one that is read.
POOLS: dict[str, list[Any]] = json.loads(Path(__file__).with_name("wasm_arguments.json").read_bytes())
OTHERS = POOLS["others"]
MIXED = [
    *OTHERS,
    "x",
    ["b", 1],
    {"b": {"c": [1]}},
    {"set": ["a", "b"]},
    {"set": [1, "a"]},
    10,
    "10",
    {"sum": 10},
]
ANY = [each for pool in ("arrays", "sets", "objects", "numbers") for each in POOLS[pool][::2]]
POOLS |= {
    "any": [*MIXED, *ANY, *POOLS["nested"], *POOLS["strings"][::4]],
    "mixed": MIXED,
    "trees": [*POOLS["arrays"], *POOLS["sets"], *POOLS["objects"], *OTHERS],
    "numbers_and_sets": [*POOLS["numbers"], *POOLS["sets"], "1"],
    "numbers": [*POOLS["numbers"], "1", None, [1], {"set": [1]}, True],
    "strings": [*POOLS["strings"], *OTHERS],
    "arrays": [*POOLS["arrays"], *OTHERS],
    "sets": [*POOLS["sets"], *POOLS["nested"], *OTHERS],
    "objects": [*POOLS["objects"], *OTHERS],
    # More than fit into the cache of compiled ones, and deeper than OPA goes.
    "patterns": [*POOLS["patterns"], *(f"^k{number}x*$" for number in range(110)), "(" * 600],
}
# Builtins: how they are called (@ is the name), and where x, y and z are taken from.
TABLE = """
plus: x + y: numbers numbers
mul: x * y: numbers numbers
rem: x % y: numbers numbers
minus: x - y: numbers_and_sets numbers_and_sets
and: x & y: sets sets
or: x | y: sets sets
equal: x == y: any any
neq: x != y: any any
gt: x > y: any any
gte: x >= y: any any
lt: x < y: any any
lte: x <= y: any any
eq: [true | x = y]: any any
assign: x: any
internal.member_2: x in y: mixed trees
internal.member_3: x, y in z: keys mixed trees
is_array is_boolean is_null is_number is_object is_set is_string type_name: @(x): any
all any count max min product sort sum: @(x): any
lower upper trim_space strings.reverse base64.encode base64url.encode: @(x): strings
startswith endswith contains split: @(x, y): strings short
trim trim_left trim_right trim_prefix trim_suffix: @(x, y): strings short
to_number: $"{to_number(x)}": strings
indexof: @(y, x): short strings
replace: @(y, x, z): short strings few
substring: @(x, y, z): strings places places
concat: @(x, y): short trees
strings.replace_n: @(x, y): objects strings
regex.match re_match: @(x, y): patterns texts
glob.match: @(x, y, z): globs delimiters texts
array.concat: @(x, y): arrays arrays
array.slice: @(x, y, z): arrays places places
array.reverse array.flatten: @(x): arrays
intersection union: @(x): sets
set_diff: @(x, y): sets sets
bits.and bits.or bits.xor: @(x, y): numbers numbers
bits.lsh bits.rsh: @(x, y): numbers places
bits.negate: @(x): numbers
object.filter object.remove: @(x, y): objects keys
object.get: @(x, y, z): objects keys places
object.keys: @(x): objects
object.union: @(x, y): objects objects
numbers.range: @(x, y): places places
walk: {[p, v] | walk(x, [p, v])}: trees
graph.reachable: @(x, y): graphs keys
"""  # `to_number` as text: OPA takes numbers that it cannot write
CALLS: dict[str, tuple[str, ...]] = {
    name: (expression.replace("@", name), *pools.split())
    for names, expression, pools in (line.split(": ") for line in TABLE.strip().splitlines())
    for name in names.split()
}
DEPRECATED = frozenset({"all", "any", "re_match", "set_diff"})  # there in Rego v0 only
VALUES = """package values

import rego.v1

made(x) := {nested(each) | some each in x.set} if is_array(x.set)
else := x.sum + 0 if is_number(x.sum)
else := [nested(each) | some each in x] if is_array(x)
else := {key: nested(each) | some key, each in x} if is_object(x)
else := x

nested(x) := {each | some each in x.set} if is_array(x.set)
else := x.sum + 0 if is_number(x.sum)
else := x

shown(x) := {"set": sort(x)} if is_set(x)
else := {"array": [bare(each) | some each in x]} if is_array(x)
else := x

bare(x) := {"set": sort(x)} if is_set(x)
else := x
"""


class Telling(Instance):
    """An instance that keeps the text of its last answer: 1 and 1.0 are different messages."""

    told = b""

    def _text(self, address: int) -> bytes:
        self.told = super()._text(address)
        return self.told


class Module:
    """The rules of some builtins, one each, for all arguments that `input` names by their places."""

    def __init__(
        self, opa: Path, compile_to_wasm: Any, folder: Path, calls: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.opa = opa
        self.calls = calls
        self.pools = {pool: POOLS[pool] for call in calls.values() for pool in call[1:]}
        self.data = json.dumps({"raw": self.pools}, ensure_ascii=False).encode()
        self.all = list(range(max(len(pool) for pool in self.pools.values())))
        self.plain = self._write(folder / "plain", {})
        bundle = self._write(folder / "guarded", GUARDED)
        self.engine, self.module = compile_to_wasm(bundle, [f"calls/{_rule(name)}" for name in calls])

    def expected(self) -> dict[str, dict[tuple[int, ...], Any]]:
        """What OPA says, by builtin and by the places of the arguments."""
        question = json.dumps(dict.fromkeys("ijk", self.all))
        output = _run(self.opa, "eval", "-f", "json", "-I", "-b", self.plain, "data.calls", stdin=question)
        value = _read(output)["result"][0]["expressions"][0]["value"]
        return {name: dict(_answers(value[_rule(name)])) for name in self.calls}

    def actual(self, name: str) -> dict[tuple[int, ...], Any]:
        """What Wasm says, with `UNDECIDED` where it leaves the question to OPA."""
        self._start()
        return self._ask(name, [self.all] * (len(self.calls[name]) - 1))

    def _start(self) -> None:
        self.instance = Telling(self.engine, self.module)
        self.address = self.instance.hold(self.data)

    def _ask(self, name: str, axes: list[list[int]]) -> dict[tuple[int, ...], Any]:
        question = json.dumps(dict(zip("ijk", axes, strict=False))).encode()
        entry = self.instance.entry_points[f"calls/{_rule(name)}"]
        try:
            self.instance.ask(entry, question, self.address, SECONDS)
            return dict(_answers(_read(self.instance.told)[0]["result"]))
        except Undecided:
            self._start()
        axis = next((place for place, places in enumerate(axes) if len(places) > 1), None)
        if axis is None:
            return {tuple(places[0] for places in axes): UNDECIDED}
        found: dict[tuple[int, ...], Any] = {}
        for place in range(len(self.pools[self.calls[name][axis + 1]])):
            found |= self._ask(name, [*axes[:axis], [place], *axes[axis + 1 :]])
        return found

    def _write(self, folder: Path, guarded: Mapping[str, str]) -> Path:
        old = "\n".join(self._rules(DEPRECATED & self.calls.keys(), guarded))
        new = "\n".join(self._rules(self.calls.keys() - DEPRECATED, guarded))
        pools = "\n".join(
            f"{_rule(pool)} := [values.made(x) | some x in data.raw[{pool!r}]]" for pool in self.pools
        )
        files = {
            "data.json": self.data.decode(),
            "values.rego": VALUES,
            "guards.rego": SAYING,
            "old.rego": f"package calls\n{old}\n",
            "pools.rego": f"package pools\nimport data.values\nimport rego.v1\n{pools}\n".replace("'", '"'),
            "new.rego": f"package calls\nimport rego.v1\n{new}\n",
            ".manifest": json.dumps({"rego_version": 1, "file_rego_versions": {"/old.rego": 0}}),
        }
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text)
        return folder

    def _rules(self, names: Iterable[str], guarded: Mapping[str, str]) -> Iterator[str]:
        for name in sorted(names):
            expression, *pools = self.calls[name]
            expression = expression.replace(f"{name}(", f"{guarded.get(name, name)}(")
            arguments = "; ".join(
                f"{axis} := input.{axis}[_]; {variable} := data.pools.{_rule(pool)}[{axis}]"
                for axis, variable, pool in zip("ijk", "xyz", pools, strict=False)
            )
            row = f"[[{', '.join('ijk'[: len(pools)])}], data.values.shown(r)]"
            yield f"{_rule(name)} := [{row} | {arguments}; r := {expression}]"


def _rule(name: str) -> str:
    return f"of_{re.sub('[^a-z0-9]', '_', name)}"


def _run(*command: Any, stdin: str = "") -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, input=stdin)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _read(text: str | bytes) -> Any:
    """JSON in which a number is its text."""
    return json.loads(text, parse_int=_number, parse_float=_number)


def _number(text: str) -> str:
    return f"number {text}"


def _answers(rows: Any) -> Iterator[tuple[tuple[int, ...], Any]]:
    for places, answer in rows:
        yield tuple(int(place.removeprefix("number ")) for place in places), _ordered(answer)


def _ordered(answer: Any) -> Any:
    """Sets, and what is in one, in one order."""
    if isinstance(answer, dict):
        if answer.keys() == {"set"}:
            return {"set": sorted(map(_within, answer["set"]), key=repr)}
        return {key: _ordered(value) for key, value in sorted(answer.items())}
    return [_ordered(each) for each in answer] if isinstance(answer, list) else answer


def _within(answer: Any) -> Any:
    return sorted(map(_within, answer), key=repr) if isinstance(answer, list) else _ordered(answer)


def test_every_builtin_is_called() -> None:
    assert CALLS.keys() == SAME | GUARDED.keys()


@pytest.mark.parametrize("part", range(6))
def test_builtins(opa: Path, compile_to_wasm: Any, tmp_path: Path, part: int) -> None:
    module = Module(opa, compile_to_wasm, tmp_path, {name: CALLS[name] for name in sorted(CALLS)[part::6]})
    differences: list[str] = []
    for name, expected in module.expected().items():
        actual = module.actual(name)
        undecided = {places for places, answer in actual.items() if answer == UNDECIDED}
        assert len(undecided) < len(actual) / 2, f"{name} is hardly ever decided"
        # Replacing "" comes between the bytes of a letter, which leaves no text to tell.
        assert name in GUARDED or name == "strings.replace_n" or not undecided, f"{name} needs a guard"
        differences += [
            f"{name}: {[POOLS[pool][place] for pool, place in zip(CALLS[name][1:], places, strict=True)]}: "
            f"{expected.get(places)} in OPA, {actual.get(places)} in Wasm"
            for places in sorted((expected.keys() | actual.keys()) - undecided)
            if expected.get(places) != actual.get(places)
        ]
    assert differences == []


def test_a_guard_leaves_the_question_to_opa(compile_to_wasm: Any, tmp_path: Path) -> None:
    (tmp_path / "guards.rego").write_text(GUARDS)
    (tmp_path / "asks.rego").write_text("package asks\n\nanswer := data.jade.guards.number(input)\n")
    instance = Instance(*compile_to_wasm(tmp_path, ["asks/answer"]))
    assert instance.foreign == {"yaml.marshal"}
    nothing = instance.hold(b"{}")
    assert instance.ask(0, b'"12"', nothing, SECONDS) == 12
    assert instance.ask(0, b'"12m"', nothing, SECONDS) is None
    with pytest.raises(Undecided):
        instance.ask(0, b'"1.2"', nothing, SECONDS)


def test_letters(opa: Path, compile_to_wasm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All there are, in both cases; OPA's Unicode is younger than that in C."""
    letters = UNLIKE.sub("", "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000))
    monkeypatch.setitem(
        POOLS, "letters", [letters[start : start + 4096] for start in range(0, len(letters), 4096)]
    )
    module = Module(
        opa, compile_to_wasm, tmp_path, {name: (f"{name}(x)", "letters") for name in ("lower", "upper")}
    )
    for name, expected in module.expected().items():
        assert module.actual(name) == expected
