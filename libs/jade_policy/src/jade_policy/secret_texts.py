"""Secrets inside text: messages, scripts, configuration files, the code blocks of reports."""

import math
import re
from collections import Counter

from jade_policy.secret_names import is_password_name, is_secret_name

REDACTED = "REDACTED"

_ONE_WORD = r"(?:\$\([^)\s]{0,100}\)|\$\{[^}\s]{0,100}\}|[^\s\"'`,;&|<>()\[\]{}\\])"
_VALUE = rf"(?P<value>\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|{_ONE_WORD}+)"
# Forms that are secrets wherever they stand. No part may scan far and then fail: texts are hostile, too.
_FORMS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|\Z)"
    r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"  # JSON web token
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bAIza[\w-]{35}"
    r"|\bgh[opsur]_\w{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{20,}"
    r"|\bxox[abeoprs]-[\w-]{10,}|hooks\.slack\.com/services/[\w/]+"
    r"|\b[rs]k_(?:live|test)_\w{16,}|\bsk-[\w-]{20,}|\bhf_\w{30,}|\bnpm_\w{36}|\bpypi-\w{32,}"
    r"|\bhv[bs]\.[\w-]{20,}|\bdop_v1_\w{32,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bAGE-SECRET-KEY-\w+",
    re.DOTALL,
)
# What a form begins with that is no secret, but says whose it is: it stays, so that a policy still knows that there was
# one (deny-secrets-in-config-maps), and whoever mends it, which.
_OPEN = (
    r"-----BEGIN (?P<key>[A-Z ]*PRIVATE KEY(?: BLOCK)?)-----|github_pat_|glpat-|xox[abeoprs]-"
    r"|hooks\.slack\.com/services/"
)
_PUBLIC = re.compile(_OPEN)
_FORM_HINTS = (
    "PRIVATE KEY", "eyJ", "AKIA", "ASIA", "AIza", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_",
    "glpat-", "xox", "hooks.slack", "k_live_", "k_test_", "sk-", "hf_", "npm_", "pypi-", "hvs.", "hvb.",
    "dop_v1_", "SG.", "AGE-SECRET",
)  # fmt: skip
_SHORTEST_FORM = 15  # of all forms above; most strings of a manifest are shorter
_REFERENCE = r"\$[({$]|\$[A-Z_]|\{\{|<|%\(|vault:(?=[\w./-]{1,200}[#:])"
_URL_PASSWORD = re.compile(rf"(://[^/\s:@\"']*:)(?!{_REFERENCE})([^/\s\"']+)(?=@)")
_WORDS = (
    "pass", "secret", "token", "key", "cred", "auth", "bearer", "basic", "jwt", "pwd", "dsn", "conn", "mysql",
    "curl", "redis-cli",
)  # fmt: skip
# name=value, name: value, "name": "value", --name value; the name decides.
_PAIR = re.compile(
    rf"(?<![\w.-])(?P<name>[\w.-]{{1,100}}+)(?P<between>[\"']?[ \t]*(?:=|:(?!//))[ \t]*){_VALUE}"
)
_FLAG = re.compile(rf"(?P<name>(?<!\S)--?[A-Za-z][\w-]{{1,100}}+)(?P<between>[ \t]+){_VALUE}")
# An entry of `env` or of parameters: a name, and the value on the same line or the next.
_NAMED_VALUE = re.compile(
    r"(?P<name>\bname[\"']?[ \t]{0,9}:[ \t]{0,9}[\"']?(?P<variable>[\w.-]{1,100}+)[\"']?,?)"
    rf"(?P<between>\s{{0,99}}[\"']?value[\"']?[ \t]{{0,9}}:[ \t]{{0,9}}){_VALUE}"
)
_AUTHORIZATION = re.compile(
    r"(?P<name>\bauthorization[\"']?[ \t]*[:=][ \t]*[\"']?(?:(?:bearer|basic|token|apikey)[ \t]+)?"
    rf"|\b(?:bearer|basic)[ \t]+(?=\S{{0,99}}\d)(?=\S{{8}}))(?P<value>{_ONE_WORD}+)",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"(?P<name>\bmysql(?:dump|admin)?\b[^\n|;&]{0,300}?\s-p|\bredis-cli\b[^\n|;&]{0,300}?\s-a[ \t]+"
    r"|\bsshpass[ \t]+-p[ \t]*|\bcurl\b[^\n|;&]{0,300}?\s(?:-u|--user)[ =]?[^\s:]{0,99}:)"
    rf"(?P<value>{_ONE_WORD}+)"
)
_SECRET_MANIFEST = re.compile(r"\bkind[\"']?:\s{0,9}[\"']?Secret\b")
_SECRET_BLOCK = re.compile(
    r"^(?P<indent>[ \t]*)(?P<head>(?:data|stringData):[ \t]*\n)"
    r"(?P<body>(?:(?P=indent)[ \t]+[^\n]*(?:\n|\Z)|[ \t]*\n)+)",
    re.MULTILINE,
)
_SECRET_OBJECT = re.compile(r"(?P<head>\"(?:data|stringData)\"\s{0,9}:\s{0,9}\{)[^{}]*(?=\})")
_BLOCK_LINE = re.compile(r"^(?P<head>[ \t]*(?:[\w.-]{1,253}:[ \t])?[ \t]*)\S[^\n]*$", re.MULTILINE)
_HARMLESS = re.compile(
    rf"(?:{_REFERENCE}|(?:{_OPEN.replace('?P<key>', '?:')})?{REDACTED}).*|(?:/[a-z0-9._-]+){{2,}}/?"
    r"|(?i:true|false|null|none|nil|yes|no|on|off|bearer|basic|arguments?|flags?)\.?",  # some as in prose
    re.DOTALL,
)
_NUMBER = re.compile(r"[0-9][0-9.]{0,9}")
_HIGH_ENTROPY = re.compile(r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=(?:\D*\d){2})[A-Za-z0-9+/_-]{32,512}={0,2}")
_MIN_ENTROPY = 4.5  # bits a character; random base64 of 32 has 4.6 and more, English identifiers 3.5 to 4.3
_SHORTEST = 6  # the shortest pair worth a look: pwd=ab


def redact_text(text: str) -> str:
    """Give a text with its secrets replaced by "REDACTED"; the same object where there are none.

    >>> redact_text("postgres://shop:hunter2@db/shop --api-key abc PASSWORD='x y'")
    "postgres://shop:REDACTED@db/shop --api-key REDACTED PASSWORD='REDACTED'"
    >>> redact_text("TOKEN_URL=https://id.example.org secretName: tls")
    'TOKEN_URL=https://id.example.org secretName: tls'
    """
    if len(text) < _SHORTEST:
        return text
    given, text = text, redact_forms(text)
    if ("=" not in text and ":" not in text and " " not in text) or not _hinted(text):
        return text
    if _SECRET_MANIFEST.search(text):
        text = _SECRET_BLOCK.sub(_redact_block, text)
        text = _SECRET_OBJECT.sub(rf'\g<head>"{REDACTED}": "{REDACTED}"', text)
    text = _NAMED_VALUE.sub(_redact_variable, text)
    text = _AUTHORIZATION.sub(_redact_argument, text)
    text = _PAIR.sub(_redact_pair, text)
    text = _FLAG.sub(_redact_pair, text)
    text = _COMMAND.sub(_redact_argument, text)
    return given if text == given else text


def _hinted(text: str) -> bool:
    lowered = text.lower()
    for word in _WORDS:  # noqa: SIM110 - `any` of a generator takes three times as long, for every string
        if word in lowered:
            return True
    return False


def redact_forms(text: str) -> str:
    """Replace what is a secret by its form: private keys, tokens of known services, passwords in URLs."""
    hidden = text
    if "://" in text and "@" in text:
        hidden = _URL_PASSWORD.sub(rf"\1{REDACTED}", hidden)
    if len(text) >= _SHORTEST_FORM:
        for hint in _FORM_HINTS:
            if hint in text:
                hidden = _FORMS.sub(_redact_form, hidden)
                break
    return text if hidden == text else hidden


def hidden(text: str) -> str:
    """What stands in place of a text that is a secret as a whole.

    >>> hidden("hunter2"), hidden("xoxb-0123456789-abc")
    ('REDACTED', 'xoxb-REDACTED')
    """
    if len(text) >= _SHORTEST_FORM and any(hint in text for hint in _FORM_HINTS):
        form = _FORMS.search(text)
        if form is not None:
            return _redact_form(form)
    return REDACTED


def is_hidden(text: str) -> bool:
    """Whether a text is what :func:`hidden` gives."""
    return text == REDACTED or (REDACTED in text and hidden(text) == text)


def is_random(text: str) -> bool:
    """Say whether a text looks like a generated key: long, of mixed letters and digits, no order in it.

    >>> is_random("kJ8s0vXq2LmZ4tYb7WcN1pRd5HfGa3Ue"), is_random("sha256-of-the-Release2024-artifact-v1")
    (True, False)
    """
    if not _HIGH_ENTROPY.fullmatch(text):
        return False
    length = len(text)
    return -sum(n / length * math.log2(n / length) for n in Counter(text).values()) >= _MIN_ENTROPY


def is_harmless_value(name: str, text: str) -> bool:
    """Say whether a value under a secret-looking name is none: empty, `$(VAR)`, a boolean, a path, a number.

    A number is harmless under `MAX_TOKENS`, but not under `PASSWORD`.
    """
    if not text or _HARMLESS.fullmatch(text):
        return True
    return bool(_NUMBER.fullmatch(text)) and not is_password_name(name)


def _redact_form(match: re.Match[str]) -> str:
    public = _PUBLIC.match(match[0])
    if public is None:
        return REDACTED
    end = (
        f"-----END {public['key']}-----" if public["key"] else ""
    )  # else the rest of the text would be the key's
    return f"{public[0]}{REDACTED}{end}"


def _redact_pair(match: re.Match[str]) -> str:
    return _redact_match(match, match["name"])


def _redact_variable(match: re.Match[str]) -> str:
    return _redact_match(match, match["variable"])


def _redact_match(match: re.Match[str], name: str) -> str:
    value = match["value"]
    quote = value[0] if value[0] in "\"'" else ""
    inner = value[1:-1] if quote else value
    if not is_secret_name(name) or is_harmless_value(name, inner):
        return match[0]
    return f"{match['name']}{match['between']}{quote}{REDACTED}{quote}"


def _redact_argument(match: re.Match[str]) -> str:
    return match[0] if is_harmless_value("password", match["value"]) else match["name"] + REDACTED


def _redact_block(match: re.Match[str]) -> str:
    return match["indent"] + match["head"] + _BLOCK_LINE.sub(rf"\g<head>{REDACTED}", match["body"])
