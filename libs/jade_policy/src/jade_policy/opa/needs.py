"""What a document must hold for a policy to find anything: names of fields, from OPA's own compiled form.

A policy about hostPort finds nothing where no field of that name stands, which a search for six bytes tells sooner than
OPA. The plan that `opa build` makes says in which order what must be defined; here it is run over sets of names instead
of values. A step that looks up a field of the document fails where the document has no field of that name at all, and
with it everything behind that step.

Whatever is not certain needs nothing: what a step gives that is not known, `with`, negation, comprehensions, defaults,
keys and constants that the policy itself brings. A policy that may fail (two values for one rule) needs what must be
there before it can fail, so that it fails as it would have.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from jade_policy.opa.unknowns import (
    ALWAYS,
    ANYTHING,
    MAX_ALTERNATIVES,
    NEVER,
    OF_THE_DOCUMENT,
    Alternatives,
    Unknown,
    both,
    either,
    together,
)

MAX_OUTCOMES = 50_000  # of functions for different arguments; 113 policies take 900

_Node = Mapping[str, Any]

_LITERAL = frozenset({"string", "number", "boolean", "null"})
_PARTS_OF = frozenset(
    {"object.get", "object.union", "object.remove", "object.filter", "array.concat", "array.slice"}
)
"""Built-in functions whose values hold no key that none of their arguments holds."""

_WITHOUT_VALUE = frozenset(
    {"EqualStmt", "NotEqualStmt", "IsArrayStmt", "IsObjectStmt", "IsSetStmt", "IsDefinedStmt"}
    | {"IsUndefinedStmt", "BreakStmt", "NopStmt", "ReturnLocalStmt"}
)
_NUMBERS = frozenset(
    {"AssignIntStmt", "LenStmt", "MakeNumberFloatStmt", "MakeNumberIntStmt", "MakeNumberRefStmt"}
)


_NEW = {
    "MakeArrayStmt": Unknown(frozenset(), None, frozenset(), None, NEVER),
    "MakeNullStmt": Unknown(frozenset(), frozenset({None})),
    "MakeObjectStmt": Unknown(frozenset(), None, frozenset(), frozenset(), NEVER),
    "MakeSetStmt": Unknown(frozenset(), None, frozenset(), None, NEVER),
}


class Outcome(NamedTuple):
    """What a function gives, and what is needed for it to be defined, to have members, and to fail the query."""

    value: Unknown
    defined: Alternatives
    members: Alternatives
    fails: Alternatives


class UnreadableError(ValueError):
    """The plan holds something that is not known here."""


def needs_of(plan: _Node, rules: Mapping[str, Iterable[Sequence[str]]]) -> dict[str, Alternatives]:
    """What a document needs for any of some rules to have an answer.

    Args:
        plan: as `opa build --target plan` writes it.
        rules: the paths of rules below `data`, by a name for them together.

    Returns:
        The alternatives by that name. What always may have an answer is left out.
    """
    analysis = _Analysis(plan)
    found = {}
    for name, paths in rules.items():
        try:
            needed = NEVER
            for path in paths:
                needed = either(needed, analysis.answers(".".join(("g0.data", *path))))
        except (UnreadableError, RecursionError):
            continue
        if needed != ALWAYS:
            found[name] = needed
    return found


class _Analysis:
    def __init__(self, plan: _Node) -> None:
        self.strings = [each["value"] for each in plan["static"].get("strings", ())]
        self.builtins = {each["name"]: each["decl"] for each in plan["static"].get("builtin_funcs") or ()}
        self._functions = {each["name"]: each for each in plan["funcs"].get("funcs") or ()}
        self._outcomes: dict[tuple[str, tuple[Unknown, ...]], Outcome | None] = {}

    def answers(self, function: str) -> Alternatives:
        """What is needed for a rule to be defined, or to have members if it is a set."""
        if function not in self._functions:
            raise UnreadableError(f"no function {function}")
        outcome = self.call(function, (REVIEWED, ANYTHING))
        is_set = self._functions[function]["blocks"][0]["stmts"][0]["type"] == "MakeSetStmt"
        return either(outcome.members if is_set else outcome.defined, outcome.fails)

    def call(self, name: str, arguments: tuple[Unknown, ...]) -> Outcome:
        """What a function of the plan gives for such arguments."""
        function = self._functions.get(name)
        if function is None:
            return Outcome(self._builtin(name, arguments), ALWAYS, ALWAYS, NEVER)
        key = name, arguments
        if key not in self._outcomes:
            if len(self._outcomes) > MAX_OUTCOMES:
                raise UnreadableError("the plan is too large")
            self._outcomes[key] = None
            self._outcomes[key] = _Run(self, function, arguments).outcome()
        outcome = self._outcomes[key]
        if outcome is None:
            raise UnreadableError(f"{name} calls itself")
        return outcome

    def _builtin(self, name: str, arguments: tuple[Unknown, ...]) -> Unknown:
        result = self.builtins.get(name, {}).get("result", {})
        members = (
            result.get("dynamic", {}) if result.get("type") == "array" and "static" not in result else result
        )
        if members.get("type") in _LITERAL:
            return OF_THE_DOCUMENT
        if name not in _PARTS_OF:
            return ANYTHING
        found = arguments[0]
        for argument in arguments[1:]:
            found |= argument
        return Unknown(found.names, filled=found.filled)


REVIEWED = Unknown(frozenset({"documents", "dynamic", "inventory", "jade", "object", "plain", "review"}))
"""The input: the document, and what the engine puts around it."""


class _Run:
    """One function, followed from its first step to its last."""

    def __init__(self, analysis: _Analysis, function: _Node, arguments: tuple[Unknown, ...]) -> None:
        self._analysis, self._function = analysis, function
        self._values: dict[int, Unknown] = dict(zip(function["params"], arguments, strict=True))
        self._kept = {*self._values, function["return"]}  # locals that mean the same in all blocks
        self._result: int = function["return"]
        self._of_body: int | None = None  # the local that takes what one body of the rule gives
        self._bodies = 0
        self._defined = self._members = self._fails = NEVER
        self._repeats = False

    def outcome(self) -> Outcome:
        """Follow all blocks: each is reached, whatever became of the one before."""
        for block in self._function["blocks"]:
            steps: Sequence[_Node] = block.get("stmts") or []
            if len(steps) == 1 and steps[0]["type"] == "BlockStmt":  # the bodies before and after `else`
                for body in steps[0]["stmt"]["blocks"]:
                    self._body(body)
            else:
                self._body(block)
        given = self._values.get(self._of_body) if self._of_body is not None else None
        if given is not None and (
            given.is_one_of is None or len(given.is_one_of) != 1
        ):  # not always the same
            self._may_fail(self._defined if self._repeats or self._bodies > 1 else NEVER)
        value = self._values.get(self._result, OF_THE_DOCUMENT)
        return Outcome(value, self._defined, self._members, self._fails)

    def _body(self, block: _Node) -> None:
        self._values = {local: value for local, value in self._values.items() if local in self._kept}
        self._block(block, ALWAYS, looping=False)

    def _block(self, block: _Node, needed: Alternatives, *, looping: bool) -> None:
        """Follow the steps of a block; `needed` is what all before took."""
        for step in block.get("stmts") or ():
            kind, at = step["type"], step["stmt"]
            if kind == "DotStmt":
                needed = self._look_up(at, needed)
            elif kind == "CallStmt":
                outcome = self._analysis.call(at["func"], tuple(map(self._of, at["args"])))
                self._may_fail(both(needed, outcome.fails))
                needed = both(needed, outcome.defined)
                self._set(at["result"], outcome.value)
            elif kind in {"BlockStmt", "NotStmt", "ScanStmt", "WithStmt"}:
                self._inner(kind, at, needed, looping=looping)
            elif kind == "AssignVarOnceStmt":
                self._give(at, needed, looping=looping)
            elif kind in {"ArrayAppendStmt", "SetAddStmt", "ObjectInsertStmt", "ObjectInsertOnceStmt"}:
                self._put_in(kind, at, needed)
            else:
                self._simple(kind, at, needed)

    def _look_up(self, at: _Node, needed: Alternatives) -> Alternatives:
        source = self._of(at["source"])
        found = both(both(needed, source.filled), _to_find(self._of(at["key"]), source))
        self._set(at["target"], Unknown(source.names, source.members))
        return found

    def _inner(self, kind: str, at: _Node, needed: Alternatives, *, looping: bool) -> None:
        """Blocks within a block: what they need, nothing behind them needs."""
        if kind == "ScanStmt":
            source = self._values.get(at["source"], ANYTHING)
            self._set(at["key"], Unknown(source.names, source.keys))
            self._set(at["value"], Unknown(source.names, source.members))
            self._block(at["block"], both(needed, source.filled), looping=True)
        elif kind == "WithStmt":  # what stands in place of the input, or of a part of it, is not looked at
            before = self._values.get(at["local"], ANYTHING)
            self._values[at["local"]] = ANYTHING
            self._block(at["block"], needed, looping=looping)
            self._values[at["local"]] = before
        else:
            for block in at["blocks"] if kind == "BlockStmt" else (at["block"],):
                self._block(block, needed, looping=looping)

    def _simple(self, kind: str, at: _Node, needed: Alternatives) -> None:
        if kind == "AssignVarStmt":
            self._set(at["target"], self._of(at["source"]))
        elif kind in _NUMBERS:
            self._set(at["target"], OF_THE_DOCUMENT)
        elif kind in _NEW:
            self._set(at["target"], _NEW[kind])
            if at["target"] == self._result:
                self._defined = either(self._defined, needed)
        elif kind == "ObjectMergeStmt":
            merged = self._values.get(at["a"], ANYTHING) | self._values.get(at["b"], ANYTHING)
            self._set(at["target"], Unknown(merged.names))
        elif kind == "CallDynamicStmt":
            self._set(at["result"], ANYTHING)
            self._may_fail(needed)
        elif kind == "ResetLocalStmt":
            self._of_body = at["target"]
            self._kept.add(at["target"])
            self._bodies += 1
        elif kind not in _WITHOUT_VALUE:
            raise UnreadableError(f"no step {kind} is known")

    def _give(self, at: _Node, needed: Alternatives, *, looping: bool) -> None:
        """A value that only this step gives: of a body, then of the rule."""
        value = self._of(at["source"])
        self._set(at["target"], value._replace(filled=both(value.filled, needed)))
        of_the_body = {"type": "local", "value": self._of_body}
        if (
            at["target"] != self._result or at["source"] != of_the_body
        ):  # else it was told when the body gave it
            self._defined = either(self._defined, needed)
            self._repeats |= looping

    def _put_in(self, kind: str, at: _Node, needed: Alternatives) -> None:
        """A member for an array, a set or an object."""
        value = self._of(at["value"])
        names, keys = value.names, None
        if kind == "ArrayAppendStmt":
            into = at["array"]
        elif kind == "SetAddStmt":
            into = at["set"]
            composite = value.members is not None or value.keys is not None
            names = names if composite else together(names, value.is_one_of)
        else:
            into, keys = at["object"], self._of(at["key"]).is_one_of
            names = together(names, keys)
        before = self._values.get(into, ANYTHING)
        self._values[into] = Unknown(
            together(before.names, names),
            None,
            together(before.members, value.is_one_of),
            together(before.keys, keys),
            either(before.filled, needed),
        )
        if into == self._result:
            self._members = either(self._members, needed)
        elif (
            kind != "ArrayAppendStmt" and self._result in self._values
        ):  # it may be a part of the rule's object
            whole = self._values[self._result]
            self._values[self._result] = Unknown(
                together(whole.names, names), filled=either(whole.filled, needed)
            )
            self._members = either(self._members, needed)
        if kind == "ObjectInsertOnceStmt":
            self._may_fail(needed)

    def _may_fail(self, needed: Alternatives) -> None:
        self._fails = either(self._fails, needed)

    def _of(self, operand: _Node) -> Unknown:
        kind, value = operand["type"], operand["value"]
        if kind == "local":
            return self._values.get(value, ANYTHING)
        return Unknown(
            frozenset(), frozenset({self._analysis.strings[value] if kind == "string_index" else value})
        )

    def _set(self, local: int, value: Unknown) -> None:
        before = self._values.get(local)  # alternatives of one body may give the same local
        self._values[local] = value if before is None else before | value


def _to_find(key: Unknown, source: Unknown) -> Alternatives:
    """What a document must hold for something to stand under a key."""
    wanted = key.is_one_of
    if not wanted or source.names is None or not source.names.isdisjoint(wanted):
        return ALWAYS
    if len(wanted) > MAX_ALTERNATIVES or not all(isinstance(name, str) for name in wanted):
        return ALWAYS
    return frozenset(frozenset({name}) for name in wanted)
