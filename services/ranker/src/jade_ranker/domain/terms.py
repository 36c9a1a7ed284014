"""The terms of any text about Kubernetes, so that what is spelt differently meets: identifiers, paths, abbreviations.

Coarser than :func:`jade_ranker.domain.words.stem`, never finer: what that brings together stays together.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from jade_ranker.domain.words import stem

RULE_ID = re.compile(
    r"\b(?:(?i:ckv2?|ksv|avd|kcv|kics|snyk)[-_]?(?:[a-z0-9]+[-_])*\d+|[A-Z]{1,8}(?:[-_][A-Z0-9]{1,8})*[-_]\d{2,}|C-?\d{4}"
    r"|CVE-\d{4}-\d+|[0-9a-f]{8}-[0-9a-f-]{27}|sha256:[0-9a-f]+)\b"
)
"""Numbers of rules, of weaknesses and of contents: they mean nothing to another library."""

TOKEN = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?"  # an address
    r"|(?<![\w.])::/0"
    r"|(?i:(?=[behiklsvx])(?<![a-z0-9])(?:k8s|ipv[46]|sha\d{3}|base64|x509|http2|h2c|ec2|s3|log4j|l[3-7]|v\d+(?:(?:alpha|beta)\d+)?)(?![a-z0-9]))"
    r"|(?:TLS|SSL)(?=v\d)"
    r"|[A-Z]{2,}s(?![a-z])"  # PVCs
    r"|[A-Z]+(?![a-z])|[A-Z]?[a-z]+"
    r"|(?<![\d.])\d+(?!\.?\d)"  # not a part of a release
)
"""A number, an address, or a word, with camelCase taken apart."""

STAR = re.compile(r"(?<=['\"`\[(])\*(?=['\"`\]).])|\*(?=\.[a-z])|(?<=\s)\*$")
"""A star that stands for anything; not a bullet, not emphasis."""

SHORTEST = 4  # of a stem that an ending is cut from, as in words.stem
SHORTEST_PLURAL = 4  # pods, tags, runs
NO_PLURAL = ("ss", "us", "is", "as", "os")
SHORT_FORM = re.compile(r"([a-z]*[aeiou][a-z]*[^aeiou])(?:ed|ing)$")  # added, owned, using
DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1$")
CACHED_WORDS = 50_000  # words of reports and the identifiers in them
CACHED_TEXTS = 20_000  # titles and messages that come again; 1 kB each


class Spellings(NamedTuple):
    """How people spell what Kubernetes and systems are made of.

    Attributes:
        glue: words that tell no policy from another.
        numbers: those that mean something wherever they stand.
        cues: terms after which any number does.
        expanded: what an abbreviation or a compound stands for.
        stems: of irregular forms, and of words whose endings are none.
    """

    glue: frozenset[str]
    numbers: frozenset[str]
    cues: frozenset[str]
    expanded: Mapping[str, tuple[str, ...]]
    stems: Mapping[str, str]


@cache
def spellings() -> Spellings:
    """What `terms.toml` says."""
    body = tomllib.loads((files("jade_ranker.domain") / "terms.toml").read_text(encoding="utf-8"))
    return Spellings(
        glue=frozenset(body["glue"].split()),
        numbers=frozenset(body["numbers"].split()),
        cues=frozenset(body["cues"].split()),
        expanded={
            word: tuple(full.split()) for full, short in body["expanded"].items() for word in short.split()
        },
        stems={word: root for root, forms in body["stems"].items() for word in forms.split()},
    )


def terms(text: str) -> list[str]:
    """The normalised terms of a text, in order, repeated where it repeats itself.

    >>> terms("CKV_K8S_40: Containers should run as a high UID (runAsUser: 0)")
    ['container', 'run', 'high', 'user', 'id', 'run', 'user', '0']
    >>> terms("hostPath /var/run/docker.sock in extensions/v1beta1, 0.0.0.0/0 on port 22")
    ['host', 'path', 'var', 'run', 'dock', 'socket', 'extens', 'v1beta1', '0.0.0.0', 'port', '22']
    """
    return list(_terms(text))


@lru_cache(maxsize=CACHED_TEXTS)
def _terms(text: str) -> tuple[str, ...]:
    found: list[str] = []
    spelt = spellings()
    starless = STAR.sub(" wildcard ", text) if "*" in text else text
    for token in TOKEN.findall(RULE_ID.sub(" ", starless)):
        if token[0] in "0123456789:":
            number = token.partition("/")[0]
            cued = found and found[-1] in spelt.cues
            if cued or number in spelt.numbers or not number.isdecimal():
                found.append(number)
        else:
            found += normalised(token)
    return tuple(found)


@lru_cache(maxsize=CACHED_WORDS)
def normalised(token: str) -> tuple[str, ...]:
    """The terms of one token: none of a stop word, several of an abbreviation or a compound.

    >>> normalised("SVCs"), normalised("rootfs"), normalised("the")
    (('servic',), ('root', 'file', 'system'), ())
    """
    word, spelt = (token[:-1] if token[:-1].isupper() and token[-1] == "s" else token).lower(), spellings()
    for form in (word, word[:-1]) if word.endswith("s") and word not in spelt.stems else (word,):
        if form in spelt.glue:
            return ()
        if full := spelt.expanded.get(form):
            return tuple(root(each) for each in full)
    return (root(word),) if len(word) > 1 else ()


@lru_cache(maxsize=CACHED_WORDS)
def root(word: str) -> str:
    """The stem of a word, shorter than :func:`stem` gives it.

    >>> [root(word) for word in ("running", "runs", "dropped", "encryption", "scheduler", "writable", "isolated")]
    ['run', 'run', 'drop', 'encrypt', 'schedul', 'writ', 'isol']
    """
    stems = spellings().stems
    if word in stems:
        return stems[word]
    short = stem(word)
    if short.endswith("ing"):  # bindings
        short = stem(short)
    if short == word and len(word) >= SHORTEST_PLURAL and word.endswith("s") and not word.endswith(NO_PLURAL):
        short = word[:-1]
    if short == word and (found := SHORT_FORM.match(word)):
        short = found[1]
    for ending in ("abil", "abl", "er", "or", "ion", "at", "ib"):
        if short.endswith(ending) and len(short) - len(ending) >= SHORTEST:
            short = short[: -len(ending)]
            break
    if len(short) >= SHORTEST and DOUBLED.search(short):
        short = short[:-1]
    return stems.get(short, short)
