r"""Which builtins a policy may use in Wasm: those that OPA's Wasm computes as OPA itself does, which a test compares.

OPA writes its builtins twice, in Go for the interpreter and in C for Wasm. What has no C part is foreign, and nothing
here answers in its place. What has one, and still is neither in `SAME` nor in `GUARDED`:

| builtin | the one in C |
|---|---|
| `div` | has 18 digits, OPA 64 bits (1 / 3), and no -0 (0 / 5); as an infix it cannot be guarded |
| `abs`, `ceil`, `floor`, `round` | keep all digits, OPA the first 64 bits (beyond 2^64); useful for fractions only |
| `base64.decode`, `base64url.decode`, `base64.is_valid` | take no empty text, but missing padding and blanks |
| `format_int` | has 32 bits, and 20 digits in base 2 |
| `internal.template_string` | writes objects and sets in the order of their hashes; text, numbers and booleans alike |
| `json.filter`, `json.remove` | read beyond their memory for an empty part of a path |
| `json.is_valid`, `json.unmarshal` | take `[1,]`, `1 2` and `{1:2}`, and keep fractions as they are written |
| `json.marshal` | writes objects and sets in the order of their hashes |
| `net.cidr_contains`, `net.cidr_intersects` | take masks such as `/8a`, and ::ffff:10.0.0.1 for no IPv4 |
| `net.cidr_overlap` | is `net.cidr_contains` |
| `object.union_n` | takes sets and objects, and has nothing for [] |
| `regex.find_all_string_submatch_n` | finds nothing for -2; needs the guards of `regex.match` |
| `regex.is_valid` | knows `\C`, and `(?<name>` not |

All numbers in `SAME` are integers: a document or a policy with other ones, or with more than 15 digits, is not for
Wasm, and `GUARDED` lets nothing make one. OPA computes with fractions in binary, Wasm in decimals: 0.1 * 0.1 == 0.01
is true only in Wasm.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SAME: Final = frozenset(
    (
        # What is infix: + - * % & | = := == != > >= < <=, and `in`, also with a key. `-` is for sets, too.
        *("plus", "minus", "mul", "rem", "and", "or", "eq", "assign"),
        *("equal", "neq", "gt", "gte", "lt", "lte", "internal.member_2", "internal.member_3"),
        *("all", "any", "count", "max", "min", "product", "sort", "sum"),
        *("array.concat", "array.flatten", "array.reverse", "array.slice"),
        *("base64.encode", "base64url.encode"),
        *("bits.and", "bits.lsh", "bits.negate", "bits.or", "bits.rsh", "bits.xor"),
        *("contains", "endswith", "lower", "split", "startswith", "strings.replace_n", "strings.reverse"),
        *(
            "substring",
            "trim",
            "trim_left",
            "trim_prefix",
            "trim_right",
            "trim_space",
            "trim_suffix",
            "upper",
        ),
        *("graph.reachable", "intersection", "numbers.range", "set_diff", "union", "walk"),
        *("is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string", "type_name"),
        *("object.filter", "object.get", "object.keys", "object.remove", "object.union"),
    )
)

# Letters that OPA's Unicode has in two cases, and the one in C in one: no document with any of them is for Wasm, since
# there `lower` and `upper` leave them as they are.
UNLIKE: Final = re.compile(
    "[\u2c2f\u2c5f\ua7c0\ua7c1\ua7c7-\ua7ca\ua7d0\ua7d1\ua7d6-\ua7d9\ua7f5\ua7f6\U00010570-\U000105bc]"
)

# The function of `GUARDS` that is to be called in place of a builtin.
GUARDED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "concat": "data.jade.guards.join",
        "glob.match": "data.jade.guards.fits",
        "indexof": "data.jade.guards.find",
        "re_match": "data.jade.guards.matches",
        "regex.match": "data.jade.guards.matches",
        "replace": "data.jade.guards.exchange",
        "to_number": "data.jade.guards.number",
    }
)

# Where both differ, a guard calls something foreign, and that leaves the question to OPA.
GUARDS: Final = r"""package jade.guards

import rego.v1

# A set is joined in the order of its hashes.
join(delimiter, parts) := concat(delimiter, sort(parts)) if is_set(parts)

else := concat(delimiter, parts)

# There is no "" in a text, says OPA.
find(text, sought) := indexof(text, sought) if sought != ""

# Replacing "" never ends.
exchange(text, old, new) := replace(text, old, new) if old != ""

else := yaml.marshal(text) if old == ""

# OPA knows +1, 1_000 and 0x1p-2, Wasm knows "-", and neither may go on with a fraction.
number(value) := to_number(value) if not is_string(value)

else := to_number(value) if _integer(value)

else := yaml.marshal(value) if {
	value != ""
	trim(value, "+-.0123456789_ABCDEFPXabcdefpx") == ""
}

_integer("0")

_integer(text) if {
	digits := trim_prefix(text, "-")
	digits != ""
	trim(digits, "0123456789") == ""
	not startswith(digits, "0")
	count(digits) <= 15
}

# RE2 in C++ has \C and older tables of Unicode, and no (?<name>; NUL ends its patterns, and it nests deeper.
matches(pattern, text) := regex.match(pattern, text) if _regular(pattern)

else := yaml.marshal(pattern) if is_string(pattern)

_regular(pattern) if {
	count(pattern) <= 500
	regex.match(`^[\t\n\r -~]*$`, pattern)
	not contains(pattern, `\C`)
	not contains(pattern, `\p`)
	not contains(pattern, `\P`)
	not contains(pattern, `(?<`)
}

# In C a glob is translated to a regex, which leaves ( and ) what they are, and where no * goes beyond a line.
fits(pattern, delimiters, text) := glob.match(pattern, delimiters, text) if {
	regex.match(`^[-*?/.:@_0-9A-Za-z]*$`, pattern)
	not contains(text, "\n")
}

else := yaml.marshal(pattern) if is_string(pattern)
"""
