"""Conditions that hold because a list is empty, taken out when a bundle is written.

Most parameters that list exemptions are empty. `not images.exempt(container, exempt_images)` is true then whatever the
container is, since every body of that function looks for something in the list; but OPA calls it for each container
and each policy, which is a tenth of what it does for a workload.

Only what is certain goes, by the text alone: a rule that is `[]` and nothing else, negated calls whose other arguments
are variables, before another condition, functions whose bodies are all of a known form. Everything else stays.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from jade_policy.policies import RegoModule

_EMPTY = re.compile(r"^(?P<name>\w+) := \[\]$", re.MULTILINE)
_HEAD = re.compile(r"^(?!default\b|import\b|package\b)(?P<name>[a-z_]\w*)", re.MULTILINE)
_IMPORT = re.compile(r"^import (?P<package>[\w.]+)(?: as (?P<alias>\w+))?$", re.MULTILINE)
_NEGATED = re.compile(
    r"^\tnot (?P<library>\w+)\.(?P<name>\w+)\((?P<arguments>\w+(?:, \w+)*)\)\n(?=\t\w)", re.MULTILINE
)
_FUNCTION = re.compile(
    r"^(?P<name>\w+)\((?P<parameters>\w+(?:, \w+)*)\) if (?:\{\n(?P<block>(?:\t.*\n|\n)*)\}|(?P<line>[^{\n]+))$",
    re.MULTILINE,
)


def without_idle_calls(text: str, libraries: Sequence[RegoModule]) -> str:
    """A module without the conditions that an empty list makes true; no line is added or removed.

    Args:
        text: Rego in which known parameters are constants.
        libraries: what it may import.
    """
    rules = _HEAD.findall(text)
    empty = {name for name in _EMPTY.findall(text) if rules.count(name) == 1 and not _is_variable(name, text)}
    if not empty:
        return text
    seekers = {".".join(("data", *library.package)): seeking_functions(library.text) for library in libraries}
    imported = {alias or package.rpartition(".")[2]: package for package, alias in _IMPORT.findall(text)}

    not_variables = {*rules, *imported, "input", "data"}

    def idle(match: re.Match[str]) -> str:
        *others, last = match["arguments"].split(", ")
        # A variable has a value; a rule may have none, and then neither has the condition.
        if last not in empty or not not_variables.isdisjoint(others):
            return match[0]
        return "\n" if match["name"] in seekers.get(imported.get(match["library"], ""), ()) else match[0]

    return _NEGATED.sub(idle, text)


@lru_cache(maxsize=256)
def seeking_functions(text: str) -> frozenset[str]:
    """The functions of a module that are undefined where their last argument is an empty list."""
    bodies: dict[str, list[tuple[str, str]]] = {}
    for match in _FUNCTION.finditer(text):
        last = match["parameters"].rpartition(", ")[2]
        bodies.setdefault(match["name"], []).append((last, match["line"] or match["block"]))
    heads = _HEAD.findall(text)
    found: set[str] = set()
    while True:
        more = {
            name
            for name, forms in bodies.items()
            if name not in found
            and len(forms) == heads.count(name)  # each of its bodies could be read
            and all(any(_seeks(one, last, found) for one in _conditions(body)) for last, body in forms)
        }
        if not more:
            return frozenset(found)
        found |= more


def _conditions(body: str) -> Iterator[str]:
    """What must hold, each on a line of its own: what stands deeper is part of something else."""
    for line in body.split("\n"):
        if not line.startswith("\t\t"):
            yield line.strip()


def _seeks(condition: str, values: str, seekers: set[str]) -> bool:
    """Whether a condition cannot hold where `values` is empty."""
    if re.fullmatch(rf"(?:some \w+(?:, \w+)?|\w+) in {values}|count\({values}\) > 0", condition):
        return True
    call = re.fullmatch(rf"(?P<name>\w+)\((?:.*, )?{values}\)", condition)
    return call is not None and call["name"] in seekers


def _is_variable(name: str, text: str) -> bool:
    """Whether something in a module hides the rule of that name: a variable, or a parameter of a function."""
    declared = (
        rf"\b(?:some|every)\b[^\n]*\b{name}\b[^\n]* in |^[ \t]+{name} :=|^\w+\([^\n)]*\b{name}\b[^\n)]*\)"
    )
    return re.search(declared, text, re.MULTILINE) is not None
