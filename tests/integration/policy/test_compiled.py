"""Policies that are compiled say, word for word, what OPA's interpreter says."""

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import wasmtime

from jade_policy.inventory import inventory_of
from jade_policy.library import own_library
from jade_policy.manifests import Manifest, read_manifests
from jade_policy.opa import Engine
from jade_policy.opa.wasm.kept import cache_folder
from jade_policy.verdicts import Review

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "shop"}}
VALUES = [
    *(
        "",
        "a",
        "a b",
        'say "hi"',
        "back\\slash",
        "tab\there",
        "line\nbreak",
        "<&>",
        "é",
        "日本",
        "\u2028",
        "\x01",
        "100%s",
    ),
    *(0, 1, -1, 80, 123456789012345, 1234567890123456, 2**63 - 1, 0.5, 1.0, 1e3, 1e21, -0.0),
    *(True, False, None),
    *([], ["a", "b"], ["é"], [1, "x", None, True], [["a"]], [1.0], {}, {"a": 1}, {"b": ["x"], "a": {}}),
]
FORMATS = """package formats

verbs := {"s": s, "v": v, "d": d, "q": q}
s := sprintf("<%s>", [input.review.object.value])
v := sprintf("<%v>", [input.review.object.value])
d := sprintf("<%d>", [input.review.object.value])
q := sprintf("<%q>", [input.review.object.value])
set := sprintf("%v", [{x | some x in input.review.object.value}])
both := sprintf("%s and %v", pair)
json_text := json.marshal(input.review.object.value)
pair := [input.review.object.value, input.review.object.value]
one_too_many := sprintf("%s", pair)

violation contains {"msg": concat(" ", ["s", s])}
violation contains {"msg": concat(" ", ["v", v])}
violation contains {"msg": concat(" ", ["d", d])}
violation contains {"msg": concat(" ", ["q", q])}
violation contains {"msg": concat(" ", ["set", set])}
violation contains {"msg": concat(" ", ["json", json_text])}
violation contains {"msg": concat(" ", ["both", both])}
violation contains {"msg": concat(" ", ["one too many", one_too_many])}
"""
ORDERS = """package orders

value := input.review.object.value
listed := [x | some x in {y | some y in value}]

violation contains {"msg": concat(",", {text | some text in value})}
violation contains {"msg": concat(",", [sprintf("%v", [key]) | some key, _ in value])}
violation contains {"msg": concat(",", [sprintf("%v=%v", [key, x]) | some key, x in value])}
violation contains {"msg": concat(",", [sprintf("%v", [x]) | some x in value])}
violation contains {"msg": concat(",", [sprintf("%v", [x]) | some x in {y | some y in value}])}
violation contains {"msg": concat(",", [x | some xs in value; is_array(xs); some x in xs])}
violation contains {"msg": listed[0]}
violation contains {"msg": "an object", "details": {"of": {y | some y in value}, "path": "/value"}}
"""
COMPARISONS = """package comparisons

values := input.review.object.value

named := {"0.1": 0, "1": 1, "10": 2}

violation contains {"msg": concat(" ", ["equal", format_int(i, 10), format_int(j, 10)])} if {
	some i, left in values
	some j, right in values
	left == right
}

violation contains {"msg": concat(" ", ["less", format_int(i, 10), format_int(j, 10)])} if {
	some i, left in values
	some j, right in values
	left < right
}

violation contains {"msg": concat(" ", ["place", format_int(i, 10), format_int(j, 10)])} if {
	some i, left in sort(values)
	some j, right in values
	left == right
}

violation contains {"msg": concat(" ", ["different", format_int(count({x | some x in values}), 10)])}
violation contains {"msg": concat(" ", ["one", format_int(i, 10)])} if values[i] in {1, "1", 2}
violation contains {"msg": concat(" ", ["element", format_int(i, 10)])} if is_number(values[values[i]])
"""
NUMBERS = [0, 1, 2, 0.1, 0.5, 0.25, 1000, -1.5, -7, 123456.5, 0.0001, "1", "0.1", None, [1], [0.5], 3, 4]
FRACTIONS = [*NUMBERS, 1.0, 1e3, -0.0, 1e-7, 1e20, 9.0, [1.0]]
QUANTITIES = [
    *(
        "1",
        "100m",
        "0.1",
        ".25",
        "1.",
        "+2",
        "-1",
        "0",
        "0.0",
        "1e-1",
        "1500000u",
        "250000000n",
        "1n",
        "0.3333",
        "2k",
        "1E3",
    ),
    *(
        "128974848",
        "129e6",
        "1.5Gi",
        "1Ki",
        "8Ei",
        "15.9Ei",
        "999999999999999E",
        "99999999999999999",
        "1e99",
        "1e-99",
    ),
    *(
        "",
        " ",
        ".",
        "m",
        "1 Gi",
        "1gi",
        "1e",
        "0x10",
        "Inf",
        "--1",
        "1.2.3",
        "0" * 200 + "1",
        "0." + "0" * 200 + "1",
    ),
    *(1, 0.1, 0.3, 1e6, 123456789012345678, -1, True, None, [], {}),
]
COLLECTIONS = [
    {
        name: name.upper()
        for name in ("zone", "app", "tier", "env", "release", "a", "b", "c", "heritage", "é")
    },
    ["zone", "app", "tier", "env", "release", "b", "a", "app"],
    {"x": ["z", "y"], "a": ["q", "p"], "m": []},
    [3, 1, 2, "b", "a", None, True, ["x"]],
    {"b": 2, "a": 1, "10": 3, "9": 4},
    {},
]


def verdicts(library: Any, reviews: list[Review], opa: Path, *, compiled: bool) -> tuple[list[Any], bool]:
    """What each policy says of each resource, and whether OPA's interpreter was asked."""
    with Engine(library, opa=opa, compiled=compiled, limit_seconds=30) as engine:
        assert not engine.problems
        return engine.judge(reviews), engine.pid is not None


def objects(folder: Path) -> list[dict[str, Any]]:
    found = []
    for file in sorted(folder.rglob("*.yaml")):
        found += [
            one.obj for one in read_manifests(file.read_bytes(), file.name) if isinstance(one, Manifest)
        ]
    return found


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, key)
            yield from places(inner, (*path, key))


def mutants(originals: list[dict[str, Any]], each: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)
    for original in originals:
        found = list(places(original))
        for path in chance.sample(found, min(each, len(found))):
            mutant = copy.deepcopy(original)
            inner: Any = mutant
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = chance.choice(
                [None, "", [], {}, 5, -1.5, 1.0, True, "x", ["x"], {"x": 1}, [None], "0", "é"]
            )
            yield mutant


def test_our_own_library_on_all_fixtures(opa: Path) -> None:
    fixtures = objects(ROOT / "data" / "policies" / "gatekeeper") + objects(ROOT / "data" / "fixtures")
    inventory = inventory_of(fixtures, None)
    reviews = [Review(obj, inventory=inventory) for obj in [*fixtures, *mutants(fixtures, 1)]]
    compiled, _ = verdicts(own_library(), reviews, opa, compiled=True)
    interpreted, _ = verdicts(own_library(), reviews, opa, compiled=False)
    assert sum(one.verdict == "violated" for each in compiled for one in each) > 10_000
    for review, mine, right in zip(reviews, compiled, interpreted, strict=True):
        assert mine == right, orjson.dumps(review.object)


def test_all_of_our_own_library_is_compiled(opa: Path) -> None:
    with Engine(own_library(), opa=opa) as engine:
        (found,) = engine.judge([Review(POD, inventory={})])
        assert any(one.verdict == "violated" for one in found)
        assert engine.pid is None
        assert engine.healthy()


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_formats_write(start: Any, opa: Path, value: Any) -> None:
    reviews = [Review({**POD, "value": value}), Review({**POD, "value": [value, value]})]
    library = start({"formats.rego": FORMATS}).library
    compiled, _ = verdicts(library, reviews, opa, compiled=True)
    interpreted, asked = verdicts(library, reviews, opa, compiled=False)
    assert asked
    assert compiled == interpreted
    assert interpreted[0][0].verdict == "violated"


@pytest.mark.parametrize("value", COLLECTIONS, ids=repr)
def test_the_order_of_sets_and_objects(start: Any, opa: Path, value: Any) -> None:
    library = start({"orders.rego": ORDERS}).library
    compiled, asked = verdicts(library, [Review({**POD, "value": value})], opa, compiled=True)
    interpreted, _ = verdicts(library, [Review({**POD, "value": value})], opa, compiled=False)
    assert compiled == interpreted
    assert not asked


def test_how_numbers_compare(start: Any, opa: Path) -> None:
    library = start({"comparisons.rego": COMPARISONS}).library
    for numbers, is_left in ((NUMBERS, False), (FRACTIONS, True)):
        reviews = [Review({**POD, "value": numbers})]
        compiled, asked = verdicts(library, reviews, opa, compiled=True)
        interpreted, _ = verdicts(library, reviews, opa, compiled=False)
        assert compiled == interpreted
        assert len(interpreted[0][0].violations) > 100
        assert asked == is_left


def test_quantities(opa: Path) -> None:
    reviews = [
        Review(
            {
                **POD,
                "spec": {
                    "containers": [
                        {
                            "name": "c",
                            "image": "i",
                            "resources": {
                                "limits": {"cpu": limit, "memory": limit, "ephemeral-storage": limit},
                                "requests": {"cpu": request, "memory": request, "ephemeral-storage": request},
                            },
                        }
                    ],
                    "volumes": [{"name": "v", "emptyDir": {"sizeLimit": limit}}],
                },
            }
        )
        for limit, request in zip(QUANTITIES, [*QUANTITIES[7:], *QUANTITIES[:7]], strict=True)
    ]
    compiled, _ = verdicts(own_library(), reviews, opa, compiled=True)
    interpreted, _ = verdicts(own_library(), reviews, opa, compiled=False)
    for review, mine, right in zip(reviews, compiled, interpreted, strict=True):
        assert mine == right, orjson.dumps(review.object)


def test_a_unit_that_is_at_a_loss_is_left_to_the_interpreter(start: Any) -> None:
    engine = start({
        "free.rego": 'package free\nviolation contains {"msg": "free"} if input.review.object.kind\n',
        "odd.rego": 'package odd\nviolation contains {"msg": sprintf("%s", [input.review.object.value])}\n',
    })  # fmt: skip
    assert engine.pid is None
    reviews = [Review({**POD, "value": value}) for value in ("a", {"a": 1}, "b", [1], 5, "c", {"b": 2})]
    found = [{one.policy_id: one.messages for one in each} for each in engine.judge(reviews)]
    assert [each["free"] for each in found] == [("free",)] * 7
    assert [each["odd"][0] for each in found] == [
        "a",
        '{"a": 1}',
        "b",
        "[1]",
        "%!s(int64=5)",
        "c",
        '{"b": 2}',
    ]
    assert engine.pid is not None


def test_what_is_kept_is_used_and_what_is_spoilt_is_not(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    library = {"a.rego": 'package a\nviolation contains {"msg": "a"} if input.review.object.kind\n'}
    folder = cache_folder()
    assert folder == tmp_path / "cache" / "jade" / "wasm"
    for spoil in (b"", b"spoilt", None):
        engine = start(library)
        ((verdict,),) = engine.judge([Review(POD)])
        assert (verdict.messages, engine.pid) == (("a",), None)
        (module,) = folder.glob("*.wasm")
        if spoil is not None:
            module.write_bytes(module.read_bytes()[:-9] + spoil)
    monkeypatch.setattr("jade_policy.opa.wasm.build.subprocess.run", None)  # so that nothing can be built
    start(library)


def test_a_cache_that_cannot_be_written(start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    engine = start({"a.rego": 'package a\nviolation contains {"msg": "a"} if input.review.object.kind\n'})
    ((verdict,),) = engine.judge([Review(POD)])
    assert (verdict.messages, engine.pid) == (("a",), None)


def test_where_there_is_no_room_for_an_instance_the_interpreter_answers(
    start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = start(
        {"odd.rego": 'package odd\nviolation contains {"msg": sprintf("%s", [input.review.object.value])}\n'}
    )

    def full(*_: Any) -> None:
        raise wasmtime.WasmtimeError("no room")

    monkeypatch.setattr("jade_policy.opa.wasm.compiled.Instance", full)
    found = engine.judge([Review({**POD, "value": value}) for value in ({"a": 1}, "b", "c")])
    assert [one.messages for (one,) in found] == [('{"a": 1}',), ("b",), ("c",)]


def test_a_build_that_took_too_long_is_tried_again(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    library = {"a.rego": 'package a\nviolation contains {"msg": "a"} if input.review.object.kind\n'}
    with monkeypatch.context() as slow:
        slow.setattr("jade_policy.opa.wasm.build.BUILD_LIMIT_SECONDS", 0)
        assert start(library).pid is not None
    assert start(library).pid is None
