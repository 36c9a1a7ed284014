"""What a plain YAML scalar means to Kubernetes.

Kubernetes reads manifests with sigs.k8s.io/yaml, which is go-yaml v2 followed by a conversion to JSON.
Its rules are neither YAML 1.1 nor 1.2: `yes`, `on` and `y` are booleans, `017` and `0o17` are fifteen,
`1_000` is a thousand, but timestamps and base-60 numbers (`12:30`) stay strings. The tests hold this
module to answers that were recorded from that library.
"""

import math
import re
from functools import lru_cache

Scalar = str | int | float | bool | None

_NAMED: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_NUMBER_STARTS = frozenset("+-.0123456789")
_INTEGER = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<binary>[01]+)|0[oO]?(?P<octal>[0-7]+)"
    r"|(?P<decimal>0|[1-9][0-9]*))"
)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DOTTED = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+)?")
_BASES = {"hex": 16, "binary": 2, "octal": 8, "decimal": 10}
_LONGEST_NUMBER = 400  # a float64 has at most 309 digits before the point; longer text would only cost time
_SHORT = 64  # characters
_MIN_INTEGER, _MAX_INTEGER = -(2**63), 2**64 - 1


def resolve(text: str) -> Scalar:
    """Give the value of a plain scalar; NaN and infinities come back as floats, for the caller to refuse.

    >>> [resolve(text) for text in ("yes", "0644", "1_000", "2001-01-01", "12:30", "1.10", "08", "v1")]
    [True, 420, 1000, '2001-01-01', '12:30', 1.1, 8.0, 'v1']
    """
    return _resolve_short(text) if len(text) <= _SHORT else _resolve(text)


def _resolve(text: str) -> Scalar:
    if text in _NAMED:
        return _NAMED[text]
    if text[0] not in _NUMBER_STARTS or len(text) > _LONGEST_NUMBER:
        return text
    if text[0] == ".":
        return _float(text.replace("_", ""), text) if _DOTTED.fullmatch(text) else text
    plain = text.replace("_", "")
    integer = _INTEGER.fullmatch(plain)
    if integer:
        name = str(integer.lastgroup)
        value = int(integer["sign"] + integer[name], _BASES[name])
        if (_MIN_INTEGER if integer["sign"] != "+" else 0) <= value <= _MAX_INTEGER:
            return value
    return _float(plain, text) if _FLOAT.fullmatch(plain) else text


# Nine of ten look-ups hit on real files. Long scalars are not kept: they repeat less and take memory.
_resolve_short = lru_cache(maxsize=8192)(_resolve)


def key_text(value: Scalar) -> str | None:
    """Give the JSON key that Kubernetes makes of a resolved scalar; None where it would not be as written.

    Kubernetes takes floats for keys, too, but makes "1.1" of `1.10`: better to have them quoted.

    >>> key_text(resolve("on")), key_text(resolve("9000")), key_text(resolve("1.10"))
    ('true', '9000', None)
    """
    if value.__class__ is str:
        return value
    if value.__class__ is bool:
        return "true" if value else "false"
    return str(value) if value.__class__ is int else None


def _float(digits: str, text: str) -> Scalar:
    value = float(digits)
    return value if math.isfinite(value) else text  # Go: out of range, so it is no number
