"""What Rego's constructs mean is the same in Wasm as in OPA's interpreter."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jade_policy.opa.wasm.instance import Instance, Undecided

pytestmark = pytest.mark.integration

SECONDS = 1.0
DOCUMENT: dict[str, Any] = {
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {"app": "web", "tier": "b", "": "empty"}, "annotations": None},
    "spec": {
        "replicas": 3,
        "paused": False,
        "containers": [
            {"name": "a", "image": "nginx:1.25", "ports": [{"containerPort": 80}, {"containerPort": 443}]},
            {"name": "b", "image": "redis", "securityContext": {"privileged": True}, "args": []},
            {"name": "c", "image": "nginx:latest", "securityContext": {"privileged": False}},
        ],
        "initContainers": [{"name": "i", "image": "busybox"}],
    },
    "numbers": [3, 1, 2, 2, 10, -1],
    "mixed": [None, True, False, 0, -1, "b", "", "a", [2], [1, 2], {"b": 1}, {"a": 2}, {}, []],
    "nested": {"a": {"b": {"c": [1, {"d": "deep"}]}}},
    "graph": {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []},
    "0": "zero",
    "text": "é😀",
    "empty": {},
}
ODD: dict[str, Any] = {
    "kind": [],
    "metadata": {"labels": "x", "annotations": [], "name": None},
    "spec": {"replicas": "3", "paused": {}, "containers": {"a": {"name": 1}, "b": "x", "c": None}},
    "numbers": {"a": 3, "b": 2},
    "mixed": "text",
    "nested": [[[{"a": None}]]],
}
DATA: dict[str, Any] = {
    "facts": {"allowed": ["nginx", "redis"], "limits": {"a": 1, "b": 2}, "cases": {"x": 1}}
}

# Each is the body of a package; what is compared is its rule `p`. Sets have no order, lists have.
SAME: dict[str, str] = {
    "a constant": "p := 1",
    "true": "p if input.kind",
    "false is undefined": "p if input.spec.paused",
    "false as a value": "p := input.spec.paused",
    "null as a value": "p := input.metadata.annotations",
    "null is true": "p if input.metadata.annotations",
    "nothing there": "p := input.spec.nothing.at.all",
    "a field of a text": "p := input.kind.name",
    "a field of null": "p := input.metadata.annotations.x",
    "an index too far": "p := input.numbers[6]",
    "an index below 0": "p := input.numbers[-1]",
    "an index as a text": 'p := input.numbers["0"]',
    "a key as a number": "p := input[0]",
    "a key as a text": 'p := input["0"]',
    "an empty key": 'p := input.metadata.labels[""]',
    "else": "p := 1 if { input.nothing } else := 2 if { input.spec.paused } else := 3 if { input.kind } else := 4",
    "else that does not apply": "p := 1 if { input.nothing } else := 2 if { input.spec.paused }",
    "else with a false value": "p := false if { input.kind } else := true",
    "else in functions": 'f(x) := "small" if { x < 2 } else := "big" if { x > 2 }\np := {n: f(n) | some n in input.numbers}',
    "default": "default p := 7\np := 1 if input.nothing",
    "default not taken": "default p := 7\np := false if input.kind",
    "default of a function": 'default f(_) := "no"\nf(x) := "yes" if x > 2\np := [f(n) | some n in input.numbers]',
    "default false": "default p := false\np if input.spec.replicas > 3",
    "bodies that agree": "p := 1 if input.kind\np := 1 if input.metadata",
    "functions with several bodies": 'f("a") := 1\nf("b") := 2\nf(x) := 3 if not x in ["a", "b"]\np := [f("a"), f("b"), f("c")]',
    "functions over arrays": "f([x, y]) := x + y\np := [f([1, 2]), [f(z) | some z in input.mixed]]",
    "functions over objects": 'f({"a": x}) := x\np := {f(z) | some z in input.mixed}',
    "functions that are undefined": "f(x) if x > 2\np := [n | some n in input.numbers; f(n)]",
    "functions that are false": "f(x) := x > 2\np := [n | some n in input.numbers; f(n)]",
    "not a function": "f(x) := x > 2\np := [n | some n in input.numbers; not f(n)]",
    "a function without its argument": "f(x) := true\np := f(input.nothing)",
    "not a function without its argument": "f(x) := true\np if not f(input.nothing)",
    "functions that call rules": "limit := 2\nf(x) if x > limit\np := [n | some n in input.numbers; f(n)]",
    "a wildcard argument": "f(_, x) := x\np := f(input.kind, 1)",
    "the same argument twice": "f(x, x) := x\np := [f(1, 1), [y | y := f(1, 2)]]",
    "a partial set": "p contains c.name if some c in input.spec.containers",
    "a partial set of several rules": 'p contains c.name if some c in input.spec.containers\np contains "x" if input.kind\np contains 1 if input.nothing',
    "an empty partial set": "p contains 1 if input.nothing",
    "members of a partial set": 'q contains c.name if some c in input.spec.containers\np := [n | some n in ["a", "x", "c"]; q[n]]',
    "values in a partial set": "q contains c if some c in input.spec.containers\np contains x.name if some x in q",
    "not in a partial set": 'q contains c.name if some c in input.spec.containers\np if not "z" in q',
    "a partial object": "p[c.name] := c.image if some c in input.spec.containers",
    "a partial object with equal values": "p[n] := 1 if some n in input.numbers",
    "a key of a partial object": 'q[c.name] := c.image if some c in input.spec.containers\np := [q.b, q["a"], [x | x := q.z]]',
    "a partial object of sets": 'p[k] contains c.name if { some c in input.spec.containers; k := split(c.image, ":")[0] }',
    "a nested partial object": "p[c.name][port.containerPort] := true if { some c in input.spec.containers; some port in c.ports }",
    "ref heads": "p.a.b := 1\np.a.c := 2\np.d := 3 if input.kind",
    "ref heads with a variable": 'p.x[c.name].image := c.image if some c in input.spec.containers\np.y := "z"',
    "a sum over values": "p := sum([c | some c in input.numbers])",
    "every": "p if every c in input.spec.containers { c.name }",
    "every that fails": "p if every c in input.spec.containers { c.securityContext.privileged }",
    "every over nothing": "p if every c in input.nothing { c.x }",
    "every over an empty one": "p if every c in input.empty { c.x }",
    "every with a key": 'p if every k, v in input.metadata.labels { k != "z"; v != "" }',
    "every over a set": "p if every x in {1, 2, 3} { x < 4 }",
    "every over a text": "p if every x in input.kind { x }",
    "every within every": 'p if every c in input.spec.containers { every port in object.get(c, "ports", []) { port.containerPort < 500 } }',
    "some with a key": "p := [[i, c.name] | some i, c in input.spec.containers]",
    "some with a pattern": 'p := [n | some {"name": n, "image": "redis"} in input.spec.containers]',
    "some with a pattern of arrays": "p := [y | some [1, y] in input.mixed]",
    "some in nothing": "p := [x | some x in input.nothing]",
    "some in a text": "p := [x | some x in input.kind]",
    "some declared": "p := [i | some i; input.numbers[i] == 2]",
    "some over two": "p := [[i, j] | some i, j; input.numbers[i] == input.numbers[j]; i < j]",
    "not": "p if not input.nothing",
    "not false": "p if not input.spec.paused",
    "not a value": "p if not input.kind",
    "not a null": "p if not input.metadata.annotations",
    "not a comparison with nothing": "p if not input.nothing == 1",
    "not with a variable": "p := [c.name | some c in input.spec.containers; not c.securityContext.privileged]",
    "not an index": "p := [c.name | some c in input.spec.containers; not c.args[0]]",
    "a comparison with nothing": "p if input.nothing != 1",
    "a comparison of two nothings": "p if input.nothing == input.nowhere",
    "an array with nothing in it": "p := [1, input.nothing]",
    "an object with nothing in it": 'p := {"a": input.nothing}',
    "comprehensions within another": "p := [[port.containerPort | some port in c.ports] | some c in input.spec.containers]",
    "a comprehension of sets": "p := {count({port | some port in c.ports}) | some c in input.spec.containers}",
    "a comprehension of objects": 'p := {c.name: {"n": count(c.image)} | some c in input.spec.containers}',
    "a comprehension with a closure": "p := [n | some c in input.spec.containers; n := count([x | some x in input.spec.containers; x.name <= c.name])]",
    "a comprehension of nothing": "p := [count([x | x := input.nothing]), count({x | x := input.nothing})]",
    "a comprehension in an argument": 'p := concat(",", [c.name | some c in input.spec.containers])',
    "references with variables": "p := [[i, input.spec.containers[i].ports[j].containerPort] | some i, j; input.spec.containers[i].ports[j]]",
    "references to the result of a call": 'p := split("a:b", ":")[1]',
    "references to a literal": 'p := {"a": [1, 2]}.a[1]',
    "references by a variable into an object": 'k := "name"\np := input.metadata[k]',
    "references by an array": "p := {[1, 2]: 3}[[1, 2]]",
    "keys of an object": "p := {k | some k, _ in input.metadata.labels}",
    "unification": "p := y if [1, y] = [1, 2]",
    "unification of objects": 'p := [x, y] if {"a": x, "b": [y, 2]} = {"a": 1, "b": [0, 2]}',
    "unification that fails": 'p := x if {"name": x} = input.metadata',
    "unification both ways": "p := [x, y] if [x, 2] = [1, y]",
    "unification with a document": "p := x if [_, x, _] = [c.name | some c in input.spec.containers]",
    "with input": 'q := input.x\np := x if x := q with input as {"x": 5}',
    "with input at a path": "q := [input.kind, input.spec.replicas]\np := x if x := q with input.spec.replicas as 9",
    "with input at a new path": "q := input.a.b\np := x if x := q with input.a.b as 9",
    "with and without": "q := input.kind\np := [x, q, y] if { x := q with input.kind as 1; y := q with input.kind as 2 }",
    "with and a partial set": "q contains c.name if some c in input.spec.containers\np := x if x := count(q) with input.spec.containers as []",
    "with data": "q := data.facts.allowed\np := x if x := q with data.facts.allowed as [1]",
    "with data at a new path": "q := data.facts.other.x\np := x if x := q with data.facts.other.x as 1",
    "with a rule": "r := 1\nq := r + 1\np := x if x := q with data.cases.@.r as 5",
    "with a function": "f(x) := x\nq := f(1)\np := x if x := q with data.cases.@.f as 9",
    "with a builtin": "q := count([1, 2])\np := x if x := q with count as 9",
    "with in a comprehension": "q := input.x\np := [y | some n in [1, 2]; y := q with input.x as n]",
    "with and not": "q if input.x\np if { not q with input.x as false }",
    "data": 'p if data.facts.allowed[_] == "redis"',
    "data by a variable": 'p := {data.facts.limits[k] | some k in ["a", "b", "c"]}',
    "data iterated": "p := {[k, v] | some k, v in data.facts.limits}",
    "rules by a variable": 'q.a := 1\nq.b := 2 if input.kind\np := [q[k] | some k in ["a", "b", "c"]]',
    "walk": "p := [v | walk(input.nested, [_, v]); is_string(v)]",
    "walk to a path": 'p := {v | walk(input, [path, v]); path[count(path) - 1] == "image"}',
    "walk to a given path": 'p := v if walk(input.nested, [["a", "b", "c", 1, "d"], v])',
    "early exit": "p if { some i; input.numbers[i] > 2 }",
    "early exit of a function": "f(xs) if xs[_] == 2\np := [f(input.numbers), f([2, 2])]",
    "types compared": "p := [[x, y] | some i, x in input.mixed; some j, y in input.mixed; i != j; x < y]",
    "types in order": "p := sort(input.mixed)",
    "a set of all types in order": "p := sort({x | some x in input.mixed})",
    "max of all types": "p := [max(input.mixed), min(input.mixed)]",
    "equality of numbers": "p := [1 == 1, 1 == 2, [1] == [1], {1, 2} == {2, 1}]",
    "equality of types": 'p := ["1" == input.x, input.numbers == {3, 1}] if true',
    "sets": "p := [count({1, 2, 2} | {3}), {1, 2} & {2}, {1, 2} - {2}]",
    "sets of sets": "p := count({{1, 2}, {2, 1}, {3}})",
    "sets as keys": "q := {x: 1 | x := {y | some y in [1, 2]}}\np := q[k] if k := {y | some y in [2, 1]}",
    "keys that are numbers": 'p := {1: "a", 2: "b"}',
    "keys that are booleans and null": "p := {true: 1, null: 2}",
    "keys that are arrays": 'p := {[1, "a"]: 1}',
    "keys of a number and a text": 'p := count({1: "a", "1": "b"})',
    "integers": "p := [2147483647 + 1, 65536 * 65536, 7 % 3, -7 % 3, 5000000000 - 1, 0 - 5, -3]",
    "arithmetic on nothing": "p := input.nothing + 1",
    "arithmetic on texts": "p := input.kind + 1",
    "an argument of the wrong type": 'p := startswith(input.spec.replicas, "a")',
    "not an argument of the wrong type": 'p if not startswith(input.spec.replicas, "a")',
    "an argument of the wrong type in or": 'p if startswith(input.spec.replicas, "a")\np if input.kind',
    "template strings": 'p := $"{input.kind} {input.spec.replicas} {input.spec.paused} {input.metadata.annotations}!"',
    "template strings of nothing": 'p := $"{input.nothing}"',
    "template strings of calls": 'p := $"{upper(input.kind)} {count(input.numbers)} \\{x}"',
    "raw texts": 'p := `a\\b"c`',
    "escapes": 'p := "a\\n\\t\\u00e9\\"\\\\"',
    "deep": "p := " + "[" * 60 + "1" + "]" * 60,
    "a chain of rules": "r0 := input.numbers[0]\n"
    + "".join(f"r{n + 1} := r{n} + 1\n" for n in range(60))
    + "p := r60",
    "one rule often": "q := count([x | some x in input.numbers])\np := [(q + n) | some n in input.numbers; q > n]",
    "a graph": 'p := graph.reachable(input.graph, {"b"})',
    "variables that hide rules": "x := 1\np := [y | some x in [5, 6]; y := x + 1]",
    "a rule called like a builtin's part": "object := 5\np := object",
    "in": 'p := ["web" in input.metadata.labels, 3 in input.numbers, "app", "web" in input.metadata.labels, 4 in {4}]',
    "in nothing": "p if 1 in input.nothing",
    "not in": 'p if not "x" in input.metadata.labels',
    "an object in itself": 'p := object.union(input.metadata, {"labels": {"x": {"y": [input.kind]}}})',
    "objects compared": 'p := [{"a": 1} == {"a": 1}, {"a": 1, "b": 2} < {"a": 1}, {"a": 1} < {"b": 0}, {} < {"a": 0}]',
    "sets compared": "p := [{1, 2} < {1, 3}, {1} < {1, 2}, {2} < {1, 3}, set() < {0}]",
    "arrays compared": 'p := [[1, 2] < [1, 3], [1] < [1, 0], ["a"] > [9]]',
    "texts compared": 'p := ["a" < "b", "Z" < "a", "é" > "z", "a" < "aa", "\\uffff" < "😀"]',
    "all of input": "p := input",
    "is input there": "p := 1 if input\np := 2 if not input",
    "a rule that is an object": 'q := {"a": input.nothing}\np if not q',
    "import": "import data.facts.limits\np := limits.a",
    "import with another name": "import data.facts.limits as l\np := l.b",
    "import input": "import input.spec.containers as cs\np := count(cs)",
    "a local function of two": "f(x, y) := z if { z := x + y; z > 2 }\np := [f(1, 1), f(2, 2)]",
    "functions that give sets": 'f(xs) := {x.name | some x in xs}\np := f(input.spec.containers) & {"a", "z"}',
    "functions that give functions' values": "f(x) := g(x) + 1\ng(x) := x * 2 if x > 1\np := [f(n) | some n in input.numbers]",
    "violations": 'p contains {"msg": msg, "n": i} if { some i, c in input.spec.containers; not c.args; msg := concat(" ", [c.name, c.image]) }',
    "a bare set": 'p := {1, "a", [2], {"b": 3}}',
    "a conjunction of two iterations": "p := [[c.name, i.name] | some c in input.spec.containers; some i in input.spec.initContainers]",
    "union of arrays": 'p := [c.name | some c in array.concat(input.spec.containers, object.get(input.spec, "initContainers", []))]',
    "a value that is a set of nothing": "p := {x | some x in input.numbers; x > 100}",
    "with below text": "q := input.kind.x\np := x if x := q with input.kind.x as 1",
    "with below number": "q := input.spec.replicas.x.y\np := x if x := q with input.spec.replicas.x.y as 1",
    "with below array": "q := input.numbers.x\np := x if x := q with input.numbers.x as 1",
    "with below null": "q := input.metadata\np := x if x := q with input.metadata.annotations.x as 1",
    "with below false": "q := input.spec\np := x if x := q with input.spec.paused.x as 1",
    "with data below": "q := data.facts\np := x if x := q with data.facts.allowed.x as 1",
    "with undefined value": "q := input\np := x if x := q with input as input.nothing",
    "with undefined not": "q := 1\np if { not q with input as input.nothing }",
    "with every": "q if input.x > 0\np if { every n in [1,2] { q with input.x as n } }",
    "with fn mock other": "g(x) := 9\nq := count([1])\np := x if x := q with count as g",
    "with fn in function": "f(x) := input.z + x\np := x if x := f(1) with input.z as 4",
    "set then sort": 'p := concat(",", sort({x.name | some x in input.spec.containers}))',
    "template ints": 'p := $"{[1,2]} {["a"]}"',
    "print": 'p if { print("x", input.kind); true }',
    "functions memo": "f(x) := count(x)\np := [f(input.numbers), f(input.numbers)]",
    "dynamic package ref": "p := {k | some k, _ in data.facts}",
    "dynamic rule ref": "q.a := 1\nq.b contains 2\np := {k | some k; q[k]}",
    "object with set val eq": 'p if {"a": {1,2}} == {"a": {2,1}}',
    "every domain undefined var": "p if { xs := [1]; every x in xs { y := x; y > 0 } }",
    "default with ref head": "default p.q.r := 3",
    "ref head function": "a.f(x) := x + 1\np := a.f(2)",
    "ref head number": 'p[1] := "a"\np[2] := "b"',
    "ref head bracket string": 'p["a-b"] := 1',
    "ref head contains dyn": 'p[x].y contains z if { some x in ["a","b"]; some z in [1,2] }',
    "same object merges": 'p.a.b := 1\np.a.c[x] := 2 if some x in ["k"]',
    "non-bool false in body": "p if { x := false; x }",
    "assign false": "p if { x := input.spec.paused }",
    "expr null body": "p if { null }",
    "nested not": "p if { not not_kind }\nnot_kind if { not input.kind }",
    "not some": "p if { not any_priv }\nany_priv if { some c in input.spec.containers; c.securityContext.privileged }",
    "not with iteration inside comprehension": "p := {c.name | some c in input.spec.containers; count([1 | some q in c.ports; q.containerPort > 100]) == 0}",
    "shadowed input": "f(input_) := input_\np := f(input.kind)",
    "unused some": "p if { some x; x = 1 }",
    "arith chain": "p := ((1 + 2) * 3 - 4) % 5",
    "unary minus": "x := 5\np := -x",
    "negative literal": "p := -5 + 3",
    "big shift": "p := bits.lsh(1, 40)",
    "string compare unicode": 'p := sort(["é","e","z","\\uffff","😀","\\uff41"])',
    "object order compare": 'p := sort([{"b":1},{"a":2},{"a":1,"b":0},{}])',
    "mixed set in set": 'p := sort({{1},{"a"},set(),{null}})',
    "in string": 'p if { "w" in "web" }',
    "else undefined function": 'f(x) := y if { y := x.a } else := y if { y := x.b }\np := [f({"a":1}), f({"b":2}), [1 | f({"c":3})]]',
    "else with conflicts ok": 'p := 1 if { input.kind == "x" } else := 2 if { true }\np := 2 if input.kind',
    "conflict through function via comprehension": "f(x) := 1 if input.kind\nf(x) := 2 if input.nothing\np := [f(1)]",
    "default fn conflicts": "default f(x) := 0\nf(x) := 1 if x == 1\nf(x) := 2 if x == 2\np := [f(0),f(1),f(2)]",
    "partial set w false": "p contains false if true\np contains null if true",
    "q[false]": "q contains x if some x in input.mixed\np if q[false]",
    "q[null]": "q contains x if some x in input.mixed\np := [1 | q[null]]",
    "some x in q false": "q contains x if some x in input.mixed\np := count([1 | some x in q; not x])",
    "object false val": 'q := {"a": false}\np if { q.a == false }',
    "object false ref": 'q := {"a": false}\np if { q.a }',
    "object.get default false": 'p := object.get(input, ["spec","paused"], true)',
    "call result false": 'p if { startswith("a","b") }',
    "not call": 'p if { not startswith("a","b") }',
    "call result as wildcard": 'p if { _ = startswith("a","b") }',
    "function returning false in body": "f(x) := false\np if { f(1) }",
    "function result assigned": "f(x) := false\np if { y := f(1); y == false }",
    "function w pattern const": 'f("a", [x, 1]) := x\np := [x | some v in [[2,1],[3,2]]; x := f("a", v)]',
    "deep ref undefined mid": "p := input.spec.containers[_].ports[_].nope",
    "array oob dyn": 'p := [x | some i in [0, 5, -1, "a"]; x := input.numbers[i]]',
    "index by string into array": 'k := "0"\np := input.numbers[k]',
    "string ref index": "p := input.kind[0]",
    "input key order": 'p := [[k,v] | some k, v in {"b": 1, "a": 2}]',
    "indexed by set elem": 'p := [v | some k in {"app","tier"}; v := input.metadata.labels[k]]',
}
ZERO: dict[str, str] = {
    "v0 sets": "p[x] { x := input.numbers[_] }",
    "v0 objects": "p[k] = v { v := input.metadata.labels[k] }",
    "v0 rules": 'p { input.kind == "Deployment"; not input.nothing }',
    "v0 several bodies": "p { input.nothing } { input.kind }",
    "v0 default": "default p = false\np = true { input.nothing }",
    "v0 else": "p = 1 { input.nothing } else = 2 { true }",
    "v0 functions": "f(x) = y { y := x + 1 }\np = [f(1), f(2)]",
    "v0 violations": 'p[{"msg": msg}] { c := input.spec.containers[_]; not c.args; msg := c.name }',
    "v0 variables of the rule": "p[i] { input.numbers[i] == 2; j := i + 1; input.numbers[j] }",
    "v0 unification": 'p = x { [x, "b"] = [c, d]; c = 1; d = "b" }',
    "v0 comprehension": 'p = {x: y | y := input.metadata.labels[x]; y != "b"}',
    "v0 any and all": "p = [any([true, false]), all([true, 1]), any({false}), all([])]",
    "v0 set_diff and re_match": 'p = [count(set_diff({1, 2}, {2})), re_match("^a", "ab")]',
    "v0 values of a set": "q[x] { x := input.numbers[_] }\np = [y | y := [3, 4][_]; q[y]]",
}
# What is different: lists have the order of what they are made of, and there sets and objects have none.
DIFFERENT: dict[str, str] = {
    "a list made of a set": 'p := [x | some x in {"b", "a", "c", "zz", "k"}]',
    "a list made of an object": "p := [k | some k, _ in input.metadata.labels]",
    "a list made of a tree": "p := [v | walk(input, [_, v]); is_string(v)]",
    "the result compared": 'p if [x | some x in {"b", "a"}] == ["a", "b"]',
    "the result in a text": 'p := $"{[x | some x in {3, 1, 2, 10}]}"',
    "an object in a text": 'p := $"{input.metadata.labels}"',
}
# OPA fails; Wasm must not give a verdict.
CONFLICTS: dict[str, str] = {
    "two values": "p := 1 if input.kind\np := 2 if input.metadata",
    "two values of a function": "f(x) := 1 if x > 1\nf(x) := 2 if x > 2\np := f(3)",
    "two values of a key": 'p[k] := n if { k := "a"; some n in input.numbers }',
    "two values of a key in a comprehension": 'p := {k: n | k := "a"; some n in input.numbers}',
    "two values and a default": "default p := 0\np := 1 if input.kind\np := 2 if input.metadata",
    "true and false": "p if input.kind\np := false if input.metadata",
    "a value within a value": 'p.a := {"b": 1}\np[x].b := 2 if x := "a"',
    "two values behind not": "q := n if some n in input.numbers\np if not q == 100",
    "two values in a comprehension": "q := n if some n in input.numbers\np := [q | true]",
    "two values under with": "q := input.a if input.kind\nq := 2 if input.kind\np := x if x := q with input.a as 1",
    "two values of a function in every": "f(x) := 1 if x > 0\nf(x) := 2 if x > 2\np if every n in [1, 3] { f(n) < 9 }",
    "two values of a function, one false": "f(x) if x > 0\nf(x) := false if x > 2\np if f(3)",
    "two values by else": "p := 1 if { input.nothing } else := 2 if { input.kind }\np := 3 if input.kind",
    "two values of a key by two rules": 'p[k] := 1 if k := "a"\np[k] := 2 if k := "a"',
    "two values in a branch": "p := n if some n in input.numbers",
}


def _run(opa: Path, *command: str, stdin: str = "") -> Any:
    done = subprocess.run([opa, *command], check=False, capture_output=True, text=True, input=stdin)
    if done.returncode and not done.stdout:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout) if done.stdout else None


def _write(folder: Path, cases: dict[str, str]) -> list[str]:
    """A bundle with a package for each case; gives their names."""
    names = []
    for index, (case, body) in enumerate(cases.items()):
        name = f"c{index:03}"
        names.append(name)
        start = (
            f"package cases.{name}\n" if case.startswith("v0") else f"package cases.{name}\nimport rego.v1\n"
        )
        (folder / f"{name}.rego").write_text(start + body.replace("@", name) + "\n")
    old = {f"/{name}.rego": 0 for name, case in zip(names, cases, strict=True) if case.startswith("v0")}
    (folder / ".manifest").write_text(json.dumps({"rego_version": 1, "file_rego_versions": old}))
    (folder / "data.json").write_text(json.dumps(DATA))
    return names


def _loose(value: Any) -> Any:
    """With every list in one order, for what is made of sets."""
    if isinstance(value, list):
        return sorted(map(_loose, value), key=repr)
    return {key: _loose(each) for key, each in sorted(value.items())} if isinstance(value, dict) else value


def _both(
    opa: Path, compile_to_wasm: Any, folder: Path, cases: dict[str, str], document: Any
) -> Iterator[tuple[str, Any, Any]]:
    """Each case, what OPA says of its `p`, and what Wasm says."""
    names = _write(folder, cases)
    question = json.dumps(document)
    result = _run(opa, "eval", "-f", "json", "-I", "-b", str(folder), "data.cases", stdin=question)
    assert "errors" not in result, result["errors"]
    expected = result["result"][0]["expressions"][0]["value"]
    instance = Instance(*compile_to_wasm(folder, [f"cases/{name}/p" for name in names]))
    data = instance.hold(json.dumps(DATA).encode())
    for name, case in zip(names, cases, strict=True):
        actual = instance.ask(instance.entry_points[f"cases/{name}/p"], question.encode(), data, SECONDS)
        yield case, expected.get(name, {}).get("p"), actual


@pytest.mark.parametrize("document", [DOCUMENT, {}, ODD], ids=["full", "empty", "odd"])
def test_constructs(opa: Path, compile_to_wasm: Any, tmp_path: Path, document: Any) -> None:
    differences = [
        f"{case}: {expected} in OPA, {actual} in Wasm"
        for case, expected, actual in _both(opa, compile_to_wasm, tmp_path, SAME | ZERO, document)
        if _loose(expected) != _loose(actual)
    ]
    assert differences == []


def test_what_is_different(opa: Path, compile_to_wasm: Any, tmp_path: Path) -> None:
    """As long as it is, such policies are not for Wasm as they are written."""
    answers = _both(opa, compile_to_wasm, tmp_path, DIFFERENT, DOCUMENT)
    assert [case for case, expected, actual in answers if expected == actual] == []


@pytest.mark.parametrize("case", CONFLICTS)
def test_conflicts_are_left_to_opa(opa: Path, compile_to_wasm: Any, tmp_path: Path, case: str) -> None:
    (name,) = _write(tmp_path, {case: CONFLICTS[case]})
    rule = f"data.cases.{name}.p"
    result = _run(opa, "eval", "-f", "json", "-I", "-b", str(tmp_path), rule, stdin=json.dumps(DOCUMENT))
    assert "conflict" in result["errors"][0]["code"]
    instance = Instance(*compile_to_wasm(tmp_path, [f"cases/{name}/p"]))
    data = instance.hold(json.dumps(DATA).encode())
    with pytest.raises(Undecided):
        instance.ask(0, json.dumps(DOCUMENT).encode(), data, SECONDS)
