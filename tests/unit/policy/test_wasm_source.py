"""What of Rego is rewritten before it is compiled, what is left as it is, and what is not compiled at all."""

import pytest

from jade_policy.opa.wasm.source import Content, content_of, exact


def rewritten(body: str) -> str | None:
    """A rule's body, rewritten."""
    text = exact(f"package p\n\nviolation contains msg if {{\n\t{body}\n}}\n")
    return None if text is None else text.removeprefix("package p\n\nviolation contains msg if {\n\t")[:-3]


@pytest.mark.parametrize(
    ("written", "compiled"),
    [
        ('msg := sprintf("%s!", [a])', 'msg := concat("", ["", data.jade_format.s(a), "!"])'),
        (
            'msg := sprintf("%s runs %d of %v", [input.a.b, f(a, [b]), c])',
            'msg := concat("", ["", data.jade_format.s(input.a.b), " runs ", data.jade_format.d( f(a, [b])), " of ",'
            ' data.jade_format.v( c), ""])',
        ),
        (
            'msg := sprintf("%q\\n", [sprintf("100%% %s", [a])],)',
            'msg := concat("", ["", data.jade_format.q(concat("", ["100% ", data.jade_format.s(a), ""])), "\\n"],)',
        ),
        ('msg := sprintf(`"%s"`, [a,])', 'msg := concat("", ["\\"", data.jade_format.s(a), "\\""])'),
        (
            'msg := sprintf("%s %s", values)',
            'msg := concat("", ["", data.jade_format.s(data.jade_format.of(values, 2)[0]), " ",'
            ' data.jade_format.s(data.jade_format.of(values, 2)[1]), ""])',
        ),
        ("msg := json.marshal(a)", "msg := data.jade_format.j(a)"),
        ('msg := concat(",", names)', 'msg := data.jade.guards.join(",", names)'),
        ('msg := concat(",", [["a"], {"b"}][1])', 'msg := data.jade.guards.join(",", [["a"], {"b"}][1])'),
        ("regex.match(`^a+$`, x)", "regex.match(`^a+$`, x)"),
        ("regex.match(`\\p{L}`, x)", "data.jade.guards.matches(`\\p{L}`, x)"),
        ("regex.match(pattern, x)", "data.jade.guards.matches(pattern, x)"),
        ('x := replace(y, "a", z)', 'x := replace(y, "a", z)'),
        ('x := replace(y, z, "a")', 'x := data.jade.guards.exchange(y, z, "a")'),
        ('x := strings.replace_n({"a": "b"}, c)', 'x := strings.replace_n({"a": "b"}, c)'),
        ("x := format_int(y, 10)", "x := data.jade_format.i(y, 10)"),
        ("x := a * b", "x := data.jade_format.whole(a) * data.jade_format.whole(b)"),
        ("x := a - 1; y := -1", "x := data.jade_format.term(a) - 1; y := -1"),
        ("x := a.b + f(c)", "x := a.b + f(c)"),
        ("x := a * 2; y := x + 1", "x := data.jade_format.whole(a) * 2; y := x + 1"),
        ("x := whole / 2", "x := data.jade_format.quotient(data.jade_format.whole(whole) , 2)"),
        ('msg := concat(",", ["a", f(b, [c])])', 'msg := concat(",", ["a", f(b, [c])])'),
        ("xs := [x | some x in input.xs]", "xs := [x | some x in data.jade_order.values(input.xs)]"),
        (
            "xs := [x | some key, x in f(input.xs, 1); x != key]",
            "xs := [x | some [key, x] in data.jade_order.pairs(f(input.xs, 1)); x != key]",
        ),
        ("xs := [x | some x in [1, 2]]", "xs := [x | some x in [1, 2]]"),
        ("xs := [x | is_array(ys); some x in ys]", "xs := [x | is_array(ys); some x in ys]"),
        ("xs := {x | some x in input.xs}", "xs := {x | some x in input.xs}"),
        ("some x in input.xs", "some x in input.xs"),
        ("some i; xs := [i | true]", "some i; xs := [i | true]"),
        (
            "xs := [y | some x in input.xs; y := x.names[x.index]]",
            "xs := [y | some x in data.jade_order.values(input.xs); y := x.names[x.index]]",
        ),
        (
            "xs := [n | some x in input.xs; n := count([y | some y in x])]",
            "xs := [n | some x in data.jade_order.values(input.xs);"
            " n := count([y | some y in data.jade_order.values(x)])]",
        ),
    ],
)
def test_it_is_written_so_that_it_says_the_same(written: str, compiled: str) -> None:
    assert rewritten(written) == compiled


@pytest.mark.parametrize(
    "body",
    [
        'msg := sprintf(form, ["a"])',
        'msg := sprintf("%s and %s", ["a"])',
        'msg := sprintf("%5d", [a])',
        'msg := sprintf("%s", [x | x := a])',
        'msg := sprintf("50%", [])',
        'msg := sprintf("%s", f(a))',
        'msg := $"{a}"',
        "xs := [x | x := input.xs[_]]",
        "xs := [x | x := input.xs[i]]",
        "xs := [x | some x; input.xs[x]]",
        "xs := [v | walk(input, [_, v])]",
        'xs := [{"a": input.xs[_]} | true]',
        "xs := [x | some x in a |\n\t b]",
        'f("a") with input as {}',
        "a > 0.5",
        "a > 9223372036854775808",
        "msg := time.now_ns()",
        "msg := round(a)",
        f"xs := {'[' * 60}1{']' * 60}",
        "msg := strings.replace_n(input.x, a)",
        'msg := strings.replace_n({"": "b"}, a)',
        "x := (a + b) / c",
        "x := a.b / c",
    ],
)
def test_what_might_say_something_else_is_not_compiled(body: str) -> None:
    assert rewritten(body) is None


def test_a_name_is_known_that_its_own_rule_binds_and_no_other_does() -> None:
    rule = "package p\n\nfirst(names, i) := [x | some x in is; y := names[i]]\n"
    assert exact(rule) is not None
    assert exact(rule + "\nsecond if {\n\txs := [x | x := names[i]]\n}\n") is None


@pytest.mark.parametrize(
    ("document", "content"),
    [
        (b'{"a":80,"b":[-1,0],"c":"1.5","d":"x:1.5","e":"v1.5,x"}', Content.ALIKE),
        (b'{"a":123456789012345}', Content.ALIKE),
        (b'{"a":1.0}', Content.UNLIKE),
        (b'{"a":[1,-2e9]}', Content.UNLIKE),
        (b'{"a":[-0.0]}', Content.UNLIKE),
        (b'{"a":10.05,"b":1}', Content.FRACTIONS),
        (b"[0.25]", Content.FRACTIONS),
        (b'{"a":1234567890123456}', Content.UNLIKE),
        (b'{"a":0.1234567890123456}', Content.UNLIKE),
        (b'{"a":-1234567890123456}', Content.UNLIKE),
        ('{"a":"é日😀"}'.encode(), Content.ALIKE),
        ('{"a":"\ua7c0"}'.encode(), Content.UNLIKE),
    ],
)
def test_what_a_document_holds(document: bytes, content: Content) -> None:
    assert content_of(document) is content
