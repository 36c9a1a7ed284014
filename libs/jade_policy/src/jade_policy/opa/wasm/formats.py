"""`sprintf` written as `concat`, which OPA brings along in WebAssembly, where it leaves `sprintf` to its host.

    sprintf("%s runs %d", [name, count])

becomes `concat("", ["", data.jade_format.s(name), " runs ", data.jade_format.d(count), ""])`. The functions take what
Go writes in one way only: strings, whole numbers, booleans, null, ASCII in quotes, and arrays and sets of these. For
everything else they call `sprintf`, and what calls that is asked of OPA's interpreter.
"""

import json
import re
from collections.abc import Sequence
from typing import Final

from jade_policy.opa.wasm.edits import Edit
from jade_policy.rego import Token

PACKAGE: Final = "jade_format"
FUNCTIONS: Final = {
    "format_int": "data.jade_format.i",
    "json.marshal": "data.jade_format.j",
    "regex.find_all_string_submatch_n": "data.jade_format.found",
    "regex.is_valid": "data.jade_format.valid",
}
"""What is called in place of functions that write."""
MODULE: Final = """package jade_format

s(value) := value if is_string(value)
s(value) := json.marshal(value) if is_word(value)
s(value) := sprintf("%s", [value]) if not is_text(value)

v(value) := value if is_string(value)
v(value) := json.marshal(value) if is_word(value)
v(value) := digits(value)
v(value) := concat("", ["[", elements(value), "]"]) if is_array(value)
v(value) := concat("", ["{", elements(sort(value)), "}"]) if is_filled_set(value)
v(value) := sprintf("%v", [value]) if not is_written(value)

d(value) := digits(value)
d(value) := sprintf("%d", [value]) if not digits(value)

q(value) := json.marshal(value) if is_ascii(value)
q(value) := sprintf("%q", [value]) if not is_ascii(value)

# What stands in an array or a set, in quotes if it is text.
elements(values) := concat(", ", [element(value) | some value in values])

element(value) := q(value) if is_string(value)
element(value) := json.marshal(value) if is_word(value)
element(value) := digits(value)
element(value) := sprintf("%v", [value]) if not is_single(value)

# JSON
j(value) := json.marshal(value) if is_plain_ascii(value)
j(value) := json.marshal(value) if is_word(value)
j(value) := digits(value)
j(value) := sprintf("%s", [value]) if not is_short(value)

# `format_int`
i(value, base) := digits(value) if base == 10
i(value, base) := sprintf("%d", [value]) if not is_decimal(value, base)

# What is calculated with whole numbers comes out alike; sets have differences too.
added(a, b) := a + b if are_whole(a, b)
added(a, b) := count(sprintf("%d", [a])) if not are_whole(a, b)

less(a, b) := a - b if are_whole(a, b)
less(a, b) := a - b if is_set(a)
less(a, b) := count(sprintf("%d", [a])) if not is_difference(a, b)

times(a, b) := a * b if are_whole(a, b)
times(a, b) := count(sprintf("%d", [a])) if not are_whole(a, b)

remainder(a, b) := a % b if are_whole(a, b)
remainder(a, b) := count(sprintf("%d", [a])) if not are_whole(a, b)

is_difference(a, b) if are_whole(a, b)
is_difference(a, _) if is_set(a)

are_whole(a, b) if {
	floor(a) == a
	floor(b) == b
}

# A division that leaves no rest; with one, binary fractions differ from decimal ones. OPA divides 0 to -0.
quotient(dividend, divisor) := dividend / divisor if is_multiple(dividend, divisor)
quotient(dividend, divisor) := count(sprintf("%d", [dividend])) if not is_multiple(dividend, divisor)

is_multiple(dividend, divisor) if {
	dividend != 0
	dividend % divisor == 0
}

# Arguments that are not written out, where there are as many as the format takes.
of(values, number) := values if is_counted(values, number)
of(values, number) := [sprintf("", [values])] if not is_counted(values, number)

# A whole number of at most fifteen digits; 1.0 and 1e3 are none.
digits(value) := written if {
	is_number(value)
	written := json.marshal(value)
	count(written) < 16
	trim(trim_prefix(written, "-"), "0123456789") == ""
}

is_written(value) if is_text(value)
is_written(value) if digits(value)
is_written(value) if is_array(value)
is_written(value) if is_filled_set(value)

is_text(value) if is_string(value)
is_text(value) if is_word(value)

is_single(value) if is_string(value)
is_single(value) if is_word(value)
is_single(value) if digits(value)

is_short(value) if is_plain_ascii(value)
is_short(value) if is_word(value)
is_short(value) if digits(value)

is_word(value) if is_boolean(value)
is_word(value) if is_null(value)

is_filled_set(value) if {
	is_set(value)
	count(value) > 0
}

is_decimal(value, base) if {
	base == 10
	digits(value)
}

is_counted(values, number) if {
	is_array(values)
	count(values) == number
}

# All of it would be trimmed away. What HTML needs escaped, OPA writes in another way in JSON.
is_ascii(value) if trim(value, ascii) == ""

is_plain_ascii(value) if trim(value, plain_ascii) == ""

ascii := concat("", [plain_ascii, "<>&"])

plain_ascii := " !\\"#$%'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"

# `regex.is_valid` and `regex.find_all_string_submatch_n`
valid(pattern) := regex.is_valid(pattern) if data.jade.guards._regular(pattern)
valid(pattern) := is_string(sprintf("%s", [pattern])) if not data.jade.guards._regular(pattern)

found(pattern, text, number) := regex.find_all_string_submatch_n(pattern, text, number) if {
	number >= -1
	data.jade.guards._regular(pattern)
}

else := [[sprintf("%s", [pattern])]]
"""

_VERB = re.compile(r"%(?P<verb>[svdq%])")
_FUNCTION = f"data.{PACKAGE}"


def edits_of_formats(text: str, tokens: Sequence[Token]) -> list[Edit] | None:
    """What is to change in the calls of `sprintf` in a module; None where one cannot be changed."""
    edits: list[Edit] = []
    for index, token in enumerate(tokens):
        if token.text == "sprintf" and token.kind == "name":
            found = _of_call(text, tokens, index)
            if found is None:
                return None
            edits += found
    return edits


def _of_call(text: str, tokens: Sequence[Token], index: int) -> list[Edit] | None:
    """What is to change in a call of `sprintf`.

    Args:
        text: the module.
        tokens: its code.
        index: of the name `sprintf`, which an opening parenthesis follows.

    Returns:
        None where its format is not written out, or has something in it that no function here writes.
    """
    name, _, form, comma, first = tokens[index : index + 5]
    written = text[form.start : form.end]
    if form.kind != "string" or comma.text != "," or written.startswith("$") or "\\u" in written:
        return None
    raw = written.startswith("`")
    pieces = _VERB.split(written[1:-1])
    said, verbs = [pieces[0]], []
    for verb, after in zip(pieces[1::2], pieces[2::2], strict=True):
        if verb == "%":
            said[-1] += "%" + after
        else:
            verbs.append(verb)
            said.append(after)
    if not verbs or any("%" in piece for piece in pieces[::2]):
        return None
    quoted = [json.dumps(piece) if raw else f'"{piece}"' for piece in said]
    begin = (name.start, form.end, f'concat("", [{quoted[0]}')
    if first.text == "[":
        return _of_array(tokens, index + 4, begin, verbs, quoted)
    if first.kind == "name" and tokens[index + 5].text == ")":
        values = f"{_FUNCTION}.of({first.text}, {len(verbs)})"
        calls = [f", {_FUNCTION}.{verb}({values}[{n}]), {quoted[n + 1]}" for n, verb in enumerate(verbs)]
        return [begin, (comma.start, first.end, "".join(calls) + "]")]
    return None


def _of_array(
    tokens: Sequence[Token], opening: int, begin: Edit, verbs: Sequence[str], quoted: Sequence[str]
) -> list[Edit] | None:
    depth = tokens[opening].depth
    closing = next(n for n in range(opening + 1, len(tokens)) if tokens[n].depth == depth)
    inside = range(opening + 1, closing)
    if any(tokens[n].depth == depth + 1 and tokens[n].text == "|" for n in inside):
        return None  # a comprehension
    commas = [n for n in inside if tokens[n].depth == depth + 1 and tokens[n].text == ","]
    if commas and commas[-1] == closing - 1:
        trailing = tokens[commas.pop()]
        ends = (trailing.start, tokens[closing].end)
    else:
        ends = (tokens[closing].start, tokens[closing].end)
    after = tokens[closing + 1]
    last = tokens[closing + 2] if after.text == "," else after
    if last.text != ")" or len(commas) + 1 != len(verbs) or closing == opening + 1:
        return None
    edits = [begin, (tokens[opening - 1].start, tokens[opening].end, f", {_FUNCTION}.{verbs[0]}(")]
    for n, verb, said in zip(commas, verbs[1:], quoted[1:], strict=False):
        edits.append((tokens[n].start, tokens[n].end, f"), {said}, {_FUNCTION}.{verb}("))
    return [*edits, (*ends, f"), {quoted[-1]}]")]
