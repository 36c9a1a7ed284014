"""No field that is dropped, null, empty or of another type raises, or turns a denial into an allowance.

A mutation may take the fault away. That is known without asking the policy where it makes the object one of a kind
that is not matched, takes its pod template away, or removes or empties the field at fault or something above it. Of
another type, a text, list or object at fault is no fault any more where the API server would refuse the document; a
number or boolean stays one (a quoted "true"). Above the field at fault there is none left in what is no object or list
any more; of workloads, the shape of which Jade checks, only a document that would be refused counts. What else a
fault needs, its fixture says: `# needs: POINTER`.

All of a library's mutations are too many for each run. Each policy gets those at, above and beside the fields at
fault or needed, and of the others as many as make `MOST` in all, drawn by its id, hence always the same. With
`--policy` every mutation is asked.
"""

import random
from dataclasses import dataclass

import pytest

from jade_policy import pointers
from jade_policy.generate.fixtures import Fixture
from jade_policy.generate.source import PolicySource
from jade_policy.resources import pod_spec, shape_problem

MOST = 160  # mutations a policy; a hundred policies then take OPA some seconds
CONTRARY = {bool: "true", int: "five", float: "five", str: ["x"], list: {"a": 1}, dict: "x", type(None): 5}


@dataclass(frozen=True)
class Mutation:
    """One change of a fixture's object; `workload` is whether that had a pod spec."""

    source: PolicySource
    fixture: Fixture
    pointer: str
    how: str
    before: object
    obj: dict
    workload: bool
    inventory: dict

    def __str__(self) -> str:
        return f"{self.source.id}/{self.fixture.name}: {self.how} {self.pointer}"

    @property
    def near(self):
        """Whether it is at, above or beside a field that is at fault or needed."""
        marks = [*self.fixture.violates, *self.fixture.needs]
        return any(f"{mark}/".startswith(f"{self.pointer}/") or beside(self.pointer, mark) for mark in marks)

    def touches(self, marks):
        return [mark for mark in marks if f"{mark}/".startswith(f"{self.pointer}/")]


def beside(pointer, mark):
    return pointer.startswith(mark.rpartition("/")[0] + "/")


def replaced(value, tokens, change):
    """Copy a value with `change` made to what stands at `tokens`; what is not on the way is shared."""
    if not tokens:
        return change(value)
    copy = value.copy()
    if len(tokens) == 1 and change is dropped:
        del copy[tokens[0]]
    else:
        copy[tokens[0]] = replaced(value[tokens[0]], tokens[1:], change)
    return copy


def dropped(_):
    raise AssertionError("the object itself is never dropped")


CHANGES = {
    "drop": dropped,
    "null": lambda _: None,
    "empty": lambda value: type(value)() if value is not None else None,
    "type": lambda value: CONTRARY[type(value)],
}


def mutations(source, fixture, obj, inventory):
    """Go over every field of a fixture."""
    workload = pod_spec(obj) is not None
    stack = [((), obj)]
    while stack:
        tokens, value = stack.pop()
        members = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for key, member in members:
            below = (*tokens, key)
            stack.append((below, member))
            for how, change in CHANGES.items():
                changed = replaced(obj, below, change)
                yield Mutation(source, fixture, pointers.of(below), how, member, changed, workload, inventory)


def sample(source, found):
    """Give a policy's mutations that are near a fault, and others up to `MOST`, the same ones each time."""
    near = [mutation for mutation in found if mutation.near]
    others = [mutation for mutation in found if not mutation.near]
    return near + random.Random(source.id).sample(others, min(len(others), max(0, MOST - len(near))))


@pytest.fixture(scope="module")
def mutated(sources, judge, case, fixture_objects, chosen):
    asked = []
    for source in sources:
        found = [
            mutation
            for fixture in source.fixtures
            for mutation in mutations(source, fixture, *fixture_objects[fixture.path])
        ]
        asked += found if chosen else sample(source, found)
    # Asking raises nothing: builtin errors are strict, and one error would fail the whole query.
    answers = judge([case([entry.source.id], entry.obj, inventory=entry.inventory) for entry in asked])
    return [(entry, answer[entry.source.id]) for entry, answer in zip(asked, answers, strict=True)]


def takes_the_fault_away(mutation):
    """Say whether it is known, without asking the policy, that nothing is left to deny."""
    obj, how = mutation.obj, mutation.how
    if not is_matched(obj, mutation.source) or (mutation.workload and pod_spec(obj) is None):
        return True
    touched = mutation.touches(mutation.fixture.violates)
    if how != "type":
        return bool(touched)
    if mutation.pointer in touched and isinstance(mutation.before, bool | int | float):
        return False
    above = bool(touched) and mutation.pointer not in touched
    return (above and not mutation.workload) or (bool(touched) and shape_problem(obj) is not None)


def is_matched(obj, source):
    version, kind = obj.get("apiVersion"), obj.get("kind")
    if not isinstance(version, str):
        return False
    group = version.rpartition("/")[0]
    return any(entry.api_group == group and kind in entry.kinds for entry in source.metadata.match)


def is_declared(mutation):
    needs = mutation.fixture.needs
    return bool(mutation.touches(needs)) or any(mutation.pointer.startswith(f"{need}/") for need in needs)


def test_no_mutation_turns_a_denial_into_an_allowance(mutated, chosen):
    denied = [(mutation, found) for mutation, found in mutated if mutation.fixture.denied]
    assert chosen or len(denied) > 1000
    unexplained = [
        str(mutation)
        for mutation, found in denied
        if not found and not takes_the_fault_away(mutation) and not is_declared(mutation)
    ]
    assert not unexplained, "\n".join(
        [
            "is the fault gone? Then the fixture says `# needs: POINTER`; else the policy is wrong",
            *unexplained,
        ]
    )


def test_a_field_that_is_said_to_be_needed_is(mutated):
    """Without it, emptied or dropped, the policy finds less than the fixture claims."""
    needed = {
        (mutation.fixture.path, need)
        for mutation, found in mutated
        for need in mutation.fixture.needs
        if mutation.pointer == need and sorted(found) != sorted(mutation.fixture.violates)
    }
    assert needed == {
        (mutation.fixture.path, need) for mutation, _ in mutated for need in mutation.fixture.needs
    }


def test_oddly_typed_input_raises_nothing(sources, judge, case, chosen):
    ids = [source.id for source in sources]
    nothing = [None, 5, "x", [], {}, {"kind": "Pod"}, {"apiVersion": "v1", "kind": ["Pod"], "spec": {}}]
    nothing += [
        {"apiVersion": f"{group.api_group}/v1".lstrip("/"), "kind": kind, "metadata": odd, "spec": odd}
        for group in {group for source in sources for group in source.metadata.match}
        for kind in group.kinds
        for odd in (None, 5, "x", [])
    ]
    assert len(judge([case(ids, obj) for obj in nothing])) == len(nothing)
    spec = {
        "containers": [[]],
        "initContainers": "x",
        "volumes": [None],
        "securityContext": {"sysctls": [[]]},
    }
    (found,) = judge([case(ids, {"apiVersion": [], "kind": "Pod", "metadata": 5, "spec": spec})])
    assert chosen or found["require-network-policy"]
