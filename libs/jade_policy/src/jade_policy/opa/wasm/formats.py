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
else := json.marshal(value) if is_word(value)
else := sprintf("%s", [value])

v(value) := value if is_string(value)
else := written if written := digits(value)
else := json.marshal(value) if is_word(value)
else := concat("", ["[", elements(value), "]"]) if is_array(value)
else := concat("", ["{", elements(sort(value)), "}"]) if is_filled_set(value)
else := sprintf("%v", [value])

d(value) := written if written := digits(value)
else := sprintf("%d", [value])

q(value) := json.marshal(value) if is_ascii(value)
else := sprintf("%q", [value])

# What stands in an array or a set, in quotes if it is text.
elements(values) := concat(", ", [element(value) | some value in values])

element(value) := q(value) if is_string(value)
else := written if written := digits(value)
else := json.marshal(value) if is_word(value)
else := sprintf("%v", [value])

# JSON
j(value) := json.marshal(value) if is_plain_ascii(value)
else := written if written := digits(value)
else := json.marshal(value) if is_word(value)
else := sprintf("%s", [value])

# `format_int`
i(value, 10) := written if written := digits(value)
else := sprintf("%d", [value])

# What is calculated with whole numbers comes out alike; sets have differences too.
whole(value) := value if floor(value) == value
else := count(sprintf("%d", [value]))

term(value) := value if is_set(value)
else := value if floor(value) == value
else := count(sprintf("%d", [value]))

# A division that leaves no rest; with one, binary fractions differ from decimal ones. OPA divides 0 to -0.
quotient(dividend, divisor) := dividend / divisor if {
	dividend != 0
	dividend % divisor == 0
}

else := count(sprintf("%d", [dividend]))

# Arguments that are not written out, where there are as many as the format takes.
of(values, number) := values if {
	is_array(values)
	count(values) == number
}

else := [sprintf("", [values])]

# A whole number of at most fifteen digits; 1.0 and 1e3 are none.
digits(value) := written if {
	is_number(value)
	written := json.marshal(value)
	count(written) < 16
	trim(trim_prefix(written, "-"), "0123456789") == ""
}

is_word(value) if is_boolean(value)
is_word(value) if is_null(value)

is_filled_set(value) if {
	is_set(value)
	count(value) > 0
}

# All of it would be trimmed away. What HTML needs escaped, OPA writes in another way in JSON.
is_ascii(value) if trim(value, ascii) == ""

is_plain_ascii(value) if trim(value, plain_ascii) == ""

ascii := concat("", [plain_ascii, "<>&"])

plain_ascii := " !\\"#$%'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"

# `regex.is_valid` and `regex.find_all_string_submatch_n`
valid(pattern) := regex.is_valid(pattern) if data.jade.guards._regular(pattern)
else := is_string(sprintf("%s", [pattern]))

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
