"""Rego run over places instead of values: which places in the input decide what a rule says.

Rules, functions and comprehensions are followed; what only ends up in a message is not counted. An expression is
taken for a superset of what it may read, so that a field that matters is never missing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from jade_policy.reads.values import DEEP, NOTHING, Path, Value, any_of, scalar
from jade_policy.rego import SyntaxTree

MAX_CALLS = 12  # depth of functions and rules within each other; libraries go to six
PASSES = 3  # over a body: an author may use a variable before the line that binds it

_ASSIGN = frozenset({"assign", "eq"})
_SILENT = frozenset({"trace", "print", "internal.print"})
_TOTAL = frozenset({"array.concat", "object.get", "object.union", "or", "and", "minus"})  # never undefined
_Environment = dict[str, Value]
_Node = Any


class Interpreter:
    """Evaluates the rules of a policy's modules abstractly.

    Args:
        trees: The syntax trees of the modules.
        observe: Gets the negations that are met on the way.
    """

    def __init__(self, trees: Iterable[SyntaxTree], observe: "Observe | None" = None) -> None:
        self.observe = observe
        self._rules: dict[Path, list[_Node]] = {}
        self._imports: dict[Path, dict[str, Path]] = {}
        for tree in trees:
            package = _names(tree["package"]["path"])
            self._imports.setdefault(package, {}).update(imports_of(tree))
            for rule in tree.get("rules", []):
                self._rules.setdefault((*package, _rule_name(rule["head"])), []).append(rule)
        self._values: dict[Path, Value] = {}
        self._calls: dict[tuple[Path, tuple[Value, ...]], Value] = {}
        self._open: list[Path] = []

    def conditions(self, rule: Path) -> frozenset[Path]:
        """The places that decide whether a rule is defined and, of a set, whether it has members."""
        return self.rule(rule).depends

    # Rules and functions

    def always(self, name: Path) -> bool:
        """Whether a rule is defined in any case: a set, one with a default, or one without a condition."""
        if name in self._open:
            return False
        self._open.append(name)
        found = any(
            rule.get("default")
            or ("key" in rule["head"] and "value" not in rule["head"])
            or (
                all(expression.get("generated") for expression in rule["body"])
                and self._scope(name).certain_term(rule["head"]["value"])
            )
            for rule in self._rules.get(name, [])
        )
        self._open.pop()
        return found

    def _scope(self, name: Path) -> "Scope":
        names = variables_of([rule["head"].get("args", []) for rule in self._rules[name]])
        return Scope(self, name[:-1], dict.fromkeys(names, NOTHING), frozenset())

    def rule(self, name: Path) -> Value:
        """The value of a rule."""
        if name in self._values:
            return self._values[name]
        if name in self._open or len(self._open) > MAX_CALLS:
            return NOTHING
        self._open.append(name)
        found = any_of(self._definition(name, rule, {}) for rule in self._rules[name])
        self._open.pop()
        self._values[name] = found
        return found

    def call(self, name: Path, arguments: Sequence[Value]) -> Value:
        """The value of a function of these modules."""
        key = name, tuple(arguments)
        try:
            if key in self._calls:
                return self._calls[key]
        except TypeError:  # an object among the arguments cannot be hashed, so it is evaluated again
            key = None  # type: ignore[assignment]
        if name in self._open or len(self._open) > MAX_CALLS:
            return NOTHING
        self._open.append(name)
        found = NOTHING
        for rule in self._rules[name]:
            environment: _Environment = {}
            tested: frozenset[Path] = frozenset()
            for pattern, value in zip(rule["head"].get("args", []), arguments, strict=False):
                if pattern["type"] not in {"var", "array", "object"}:
                    tested |= value.touched  # a constant in the head selects the definition
                self.bind(pattern, value, environment)
            found |= self._definition(name, rule, environment).depending(tested)
        self._open.pop()
        if key is not None:
            self._calls[key] = found
        return found

    def _definition(self, name: Path, rule: _Node, environment: _Environment) -> Value:
        package = name[:-1]
        head = rule["head"]
        scope = Scope(self, package, dict(environment), variables_of(rule["head"]))
        scope.body(rule["body"])
        if "key" in head and "value" not in head:
            found = Value(members=scope.value(head["key"]))
        elif "key" in head:
            found = Value(members=scope.value(head["value"]))
        else:
            found = scope.value(head["value"]) if "value" in head else scalar(value=True)
            if len(head["ref"]) > 1 and head["ref"][-1]["type"] == "string":
                for part in reversed(head["ref"][1:]):
                    found = (
                        Value(objects=({str(part["value"]): found},)) if part["type"] == "string" else found
                    )
        found = found.depending(scope.tested)
        if "else" in rule:
            found |= self._definition(name, {**rule["else"], "head": _else_head(rule)}, environment)
        return found

    # References

    def resolve(self, package: Path, node: _Node, environment: Mapping[str, Value], scope: "Scope") -> Value:
        """The value of a reference."""
        root, *rest = node["value"]
        name = root["value"]
        if root["type"] != "var":
            return scope.select(scope.value(root), rest)
        if name in environment:
            return scope.select(environment[name], rest)
        if name == "input":
            return scope.select(Value(paths=frozenset({("input",)})), rest)
        absolute, skipped = self.absolute(package, name, rest)
        if absolute is None:
            return scope.select(NOTHING, rest)
        return self._from_data(absolute, rest[skipped:], scope)

    def absolute(self, package: Path, name: str, rest: Sequence[_Node]) -> tuple[Path | None, int]:
        """The rule or package that a name refers to, as a path, and how many of the keys it takes up."""
        imported = self._imports.get(package, {}).get(name)
        if name == "data":
            start: Path = ("data",)
        elif imported is not None:
            start = imported
        elif (*package, name) in self._rules:
            start = (*package, name)
        else:
            return None, 0
        if start[0] == "input":
            return start, 0
        taken = 0
        while start not in self._rules and taken < len(rest) and rest[taken]["type"] == "string":
            longer = (*start, str(rest[taken]["value"]))
            if not any(rule[: len(longer)] == longer for rule in self._rules):
                break
            start, taken = longer, taken + 1
        return start, taken

    def _from_data(self, start: Path, rest: Sequence[_Node], scope: "Scope") -> Value:
        if start in self._rules:
            return scope.select(self.rule(start), rest)
        return scope.select(Value(paths=frozenset({start})), rest)

    def function(self, package: Path, operator: _Node) -> Path | None:
        """The path of a function of these modules; None where it is OPA's own."""
        root, *rest = operator["value"]
        absolute, taken = self.absolute(package, root["value"], rest)
        if absolute in self._rules and taken == len(rest):
            return absolute
        return None

    def bind(self, pattern: _Node, value: Value, environment: _Environment) -> None:
        """Bind the variables of a pattern to the parts of a value."""
        kind = pattern["type"]
        if kind == "var":
            environment[pattern["value"]] = environment.get(pattern["value"], NOTHING) | value
        elif kind == "array":
            for index, part in enumerate(pattern["value"]):
                self.bind(part, value.select(scalar(index)), environment)
        elif kind == "object":
            for key, part in pattern["value"]:
                known = key["type"] == "string"
                self.bind(part, value.select(scalar(key["value"]) if known else NOTHING), environment)


Observe = Callable[["Scope", _Node, Sequence[_Node]], None]
"""Gets each negated expression, the scope it stands in, and the expressions around it that are not negated."""


class Scope:
    """One body: its variables, and the places that its conditions look at.

    Attributes:
        package: where the body stands.
        environment: what each variable may be.
        tested: the places that decide whether the body holds.
    """

    def __init__(
        self,
        interpreter: Interpreter,
        package: Path,
        environment: _Environment,
        output: frozenset[str],
        above: Sequence[_Node] = (),
    ) -> None:
        self._interpreter, self.package, self.environment = interpreter, package, environment
        self._output = output
        self._above = above
        self.tested: frozenset[Path] = frozenset()

    def body(self, expressions: Sequence[_Node]) -> None:
        """Bind what the body binds, then collect what its conditions look at."""
        used = [variables_of(expression) for expression in expressions]
        self._above = (*self._above, *(each for each in expressions if not each.get("negated")))
        for number in range(PASSES):
            before = dict(self.environment)
            self.tested = frozenset()
            for index, expression in enumerate(expressions):
                self._expression(expression, _needed(index, expressions, used))
            if number and self.environment == before:
                break
        if self._interpreter.observe is not None:
            for expression in expressions:
                if expression.get("negated"):
                    self._interpreter.observe(self, expression, self._above)

    def certain_term(self, node: _Node) -> bool:
        """Whether a term is defined in any case."""
        kind = node["type"]
        if kind in {"ref", "var"}:
            return self.certain(node if kind == "ref" else {"value": [node]})
        if kind in {"array", "set"}:
            return all(self.certain_term(item) for item in node["value"])
        if kind != "call":
            return kind != "object" or all(self.certain_term(value) for _, value in node["value"])
        function = self._interpreter.function(self.package, node["value"][0])
        total = (
            _operator(node["value"][0]) in _TOTAL if function is None else self._interpreter.always(function)
        )
        return total and all(self.certain_term(argument) for argument in node["value"][1:])

    def certain(self, reference: _Node) -> bool:
        """Whether a reference is defined in any case."""
        root, *keys = reference["value"]
        name = root["value"]
        if name in self.environment:
            value = self.environment[name]
        else:
            start, taken = self._interpreter.absolute(self.package, name, keys)
            if start is None or not self._interpreter.always(start):
                return name not in {"input", "data"} and start is None and not keys
            value, keys = self._interpreter.rule(start), keys[taken:]
        for key in keys:
            known = key["type"] == "string" and value.objects
            open_ended = value.paths or value.arrays or value.members is not None
            if not known or open_ended or not all(key["value"] in obj for obj in value.objects):
                return False
            value = value.select(scalar(key["value"]))
        return True

    def _expression(self, expression: _Node, needed: frozenset[str]) -> None:
        terms = expression["terms"]
        for changed in expression.get("with", []):
            self.value(changed["value"])
        if isinstance(terms, dict) and "symbols" in terms:
            for symbol in terms["symbols"]:
                if symbol["type"] == "call":
                    self._member(symbol["value"])
                else:
                    self.environment.pop(symbol.get("value"), None)
        elif isinstance(terms, dict) and "domain" in terms:
            self._every(terms)
        elif isinstance(terms, dict):
            self.tested |= self.value(terms).touched
        else:
            self._call(terms, needed)

    def _member(self, terms: Sequence[_Node]) -> None:
        """``some x in xs``: which members there are is a condition, and each is what the variable stands for."""
        *patterns, collection = terms[1:]
        value = self.value(collection)
        self.tested |= value.depends
        if len(patterns) == 2:  # noqa: PLR2004  # key and value
            self._bind(patterns[0], value.keys)
        self._bind(patterns[-1], value.each)

    def _every(self, terms: _Node) -> None:
        domain = self.value(terms["domain"])
        inner = Scope(self._interpreter, self.package, dict(self.environment), frozenset(), self._above)
        if terms.get("key"):
            inner._bind(terms["key"], domain.keys)
        inner._bind(terms["value"], domain.each)
        inner.body(terms["body"])
        self.tested |= inner.tested | domain.depends | domain.paths

    def _call(self, terms: Sequence[_Node], needed: frozenset[str]) -> None:
        operator = _operator(terms[0])
        if operator in _SILENT:
            return
        if operator in _ASSIGN:
            self._assign(terms[1], terms[2], needed)
        elif operator == "walk":
            self._walk(terms)
        else:
            self.tested |= self._apply(terms).touched

    def _assign(self, left: _Node, right: _Node, needed: frozenset[str]) -> None:
        """Bind a variable; a field that nothing else asks about is asked for being there at all."""
        for pattern, expression in ((left, right), (right, left)):
            if pattern["type"] in {"var", "array", "object"} and self._is_pattern(pattern):
                value = self.value(expression)
                self._bind(pattern, value)
                names = variables_of(pattern)
                if expression["type"] == "ref":
                    self.tested |= value.depends if names & needed else value.paths | value.depends
                elif not names & (needed | self._output):
                    self.tested |= value.touched
                return
        self.tested |= self.value(left).touched | self.value(right).touched

    def _is_pattern(self, node: _Node) -> bool:
        return any(name not in ("input", "data") for name in variables_of(node)) and node["type"] != "ref"

    def _walk(self, terms: Sequence[_Node]) -> None:
        value = self.value(terms[1])
        below = Value(paths=frozenset((*path, DEEP) for path in value.paths), depends=value.depends)
        if len(terms) > 2:  # noqa: PLR2004  # walk(x, [path, value])
            self._bind(terms[2], Value(arrays=((NOTHING, value | below),)))
        self.tested |= below.paths

    def _bind(self, pattern: _Node, value: Value) -> None:
        self._interpreter.bind(pattern, value, self.environment)

    # Terms

    def value(self, node: _Node) -> Value:
        """The value of a term."""
        kind, content = node["type"], node.get("value")
        if kind in {"string", "number", "boolean"}:
            return scalar(content)
        if kind == "null":
            return scalar(None)
        if kind == "var":
            return self._variable(node)
        if kind == "ref":
            return self._interpreter.resolve(self.package, node, self.environment, self)
        if kind == "call":
            return self._apply(content)
        if kind == "array":
            return Value(arrays=(tuple(self.value(item) for item in content),))
        if kind == "set":
            return Value(members=any_of(self.value(item) for item in content))
        if kind == "object":
            return self._object(content)
        if kind == "templatestring":
            parts = [part.get("terms", part) for part in content["parts"]]
            seen = [self.value(part) for part in parts if isinstance(part, dict)]
            return Value(depends=frozenset().union(*(each.touched for each in seen)))
        return self._comprehension(kind, content)

    def _variable(self, node: _Node) -> Value:
        name = node["value"]
        if name in self.environment:
            return self.environment[name]
        return self._interpreter.resolve(self.package, {"value": [node]}, self.environment, self)

    def _object(self, content: Sequence[tuple[_Node, _Node]]) -> Value:
        known = {str(key["value"]): self.value(value) for key, value in content if key["type"] == "string"}
        rest = [self.value(value) for key, value in content if key["type"] != "string"]
        return Value(objects=(known,), members=any_of(rest) if rest else None)

    def _comprehension(self, kind: str, content: _Node) -> Value:
        inner = Scope(
            self._interpreter,
            self.package,
            dict(self.environment),
            variables_of(content, bodies=False),
            self._above,
        )
        inner.body(content["body"])
        member = inner.value(content["value"] if kind == "objectcomprehension" else content["term"])
        return Value(members=member, depends=inner.tested)

    def select(self, value: Value, keys: Sequence[_Node]) -> Value:
        """Follow a reference's keys; a variable that is not bound yet is bound to the keys there are."""
        for key in keys:
            unbound = key["type"] == "var" and key["value"] not in self.environment
            if unbound and self._variable(key) == NOTHING:
                if not key["value"].startswith("$"):
                    self.environment[key["value"]] = value.keys
                value = value.select(value.keys)
            else:
                value = value.select(self.value(key))
        return value

    def _apply(self, terms: Sequence[_Node]) -> Value:
        """The value of a call."""
        name = self._interpreter.function(self.package, terms[0])
        arguments = [self.value(term) for term in terms[1:]]
        if name is not None:
            return self._interpreter.call(name, arguments)
        operator = _operator(terms[0])
        if operator == "object.get":
            found = arguments[0].walk(arguments[1])
            return found | arguments[2]
        if operator in {"object.union", "array.concat", "or", "and", "minus"}:
            return any_of(arguments)
        if operator == "object.union_n":
            return arguments[0].each
        if operator in {"object.remove", "object.filter", "array.slice", "sort", "cast_array"}:
            return arguments[0]
        if operator == "object.keys":
            return Value(members=arguments[0].keys, depends=arguments[0].touched)
        return Value(depends=frozenset().union(*(argument.touched for argument in arguments)))


def _needed(index: int, expressions: Sequence[_Node], used: Sequence[frozenset[str]]) -> frozenset[str]:
    """The variables that other conditions of a body need; what is only put together for a message is none."""
    needed: frozenset[str] = frozenset()
    while True:
        found = frozenset().union(
            *(
                names
                for other, names in enumerate(used)
                if other != index and not _only_for_output(expressions[other], needed)
            )
        )
        if found <= needed:
            return needed
        needed |= found


def _only_for_output(expression: _Node, needed: frozenset[str]) -> bool:
    """Whether an expression only computes something that no condition needs."""
    terms = expression["terms"]
    if isinstance(terms, dict) or _operator(terms[0]) != "assign":
        return False
    return terms[2]["type"] != "ref" and not variables_of(terms[1]) & needed


def _operator(node: _Node) -> str:
    return ".".join(str(part["value"]) for part in node["value"])


def _names(parts: Iterable[_Node]) -> Path:
    return tuple(str(part["value"]) for part in parts)


def imports_of(tree: SyntaxTree) -> dict[str, Path]:
    """What each imported name stands for."""
    found: dict[str, Path] = {}
    for entry in tree.get("imports", []):
        path = _names(entry["path"]["value"])
        found[entry.get("alias", path[-1])] = path
    return found


def _rule_name(head: _Node) -> str:
    return str(head.get("name") or head["ref"][0]["value"])


def _else_head(rule: _Node) -> _Node:
    own = rule["else"].get("head", {})
    return {**{key: value for key, value in rule["head"].items() if key not in {"value", "key"}}, **own}


def variables_of(node: _Node, *, bodies: bool = True) -> frozenset[str]:
    """The variables in a node."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        at = waiting.pop()
        if isinstance(at, list):
            waiting += at
        elif isinstance(at, dict):
            if at.get("type") == "var" and isinstance(at.get("value"), str):
                found.add(at["value"])
            waiting += [value for key, value in at.items() if key != "location" and (bodies or key != "body")]
    return frozenset(found)
