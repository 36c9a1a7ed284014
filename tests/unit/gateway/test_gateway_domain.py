"""Keys, rate and lines of the gateway, without I/O."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from jade_gateway.domain import keys as keys_module
from jade_gateway.domain.keys import Keys, KeysError, entries
from jade_gateway.domain.lines import LINE_DEPTH, LINE_PARTS, line_of, redacted
from jade_gateway.domain.problems import INVALID_JSON, TOO_DEEP, TOO_LARGE, Problem, retry_after
from jade_gateway.domain.rate import TokenBuckets
from jade_gateway.settings import GatewaySettings

SECRET = "correct-horse-battery"
HASHED = "sha256:" + hashlib.sha256(SECRET.encode()).hexdigest()


@pytest.mark.parametrize("configured", [SECRET, HASHED])
def test_a_key_is_known_by_its_secret_or_its_digest(configured):
    keys = Keys({"ci": configured})
    assert keys.owner(SECRET.encode()) == "ci"
    for wrong in (
        b"",
        SECRET[:-1].encode(),
        (SECRET + "x").encode(),
        configured.upper().encode(),
        b"\xff\x00",
    ):
        assert keys.owner(wrong) is None


def test_a_digest_is_no_key():
    assert Keys({"ci": HASHED}).owner(HASHED.encode()) is None
    assert Keys({"ci": HASHED}).owner(HASHED.removeprefix("sha256:").encode()) is None


def test_every_key_is_compared_whichever_matches(monkeypatch):
    compared = []

    def compare(known, digest):
        compared.append(len(known))
        return known == digest

    monkeypatch.setattr(keys_module, "compare_digest", compare)
    keys = Keys({"a": SECRET, "b": "another-long-secret", "c": "a-third-long-secret"})
    for presented in (SECRET, "a-third-long-secret", "wrong"):
        compared.clear()
        keys.owner(presented.encode())
        assert compared == [32, 32, 32]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", {}),
        ("one, two,", {"key-1": "one", "key-2": "two"}),
        ('["one", "two"]', {"key-1": "one", "key-2": "two"}),
        ('{"ci": "one"}', {"ci": "one"}),
        (["one"], {"key-1": "one"}),
    ],
)
def test_keys_are_a_comma_list_or_json(setting, expected):
    assert entries(setting) == expected


@pytest.mark.parametrize("setting", ['["secret-one', '{"ci": 5}', '[["secret-one"]]', '{"ci": ""}', 5])
def test_a_broken_list_of_keys_is_refused_without_showing_it(setting):
    with pytest.raises(KeysError) as caught:
        entries(setting)
    assert "secret-one" not in str(caught.value)


def test_a_broken_digest_is_refused_by_name():
    with pytest.raises(KeysError, match=r"'ci'.*64 hexadecimal"):
        Keys({"ci": "sha256:abc"})


def test_settings_never_show_a_key(monkeypatch):
    monkeypatch.setenv("JADE_GATEWAY_API_KEYS", f"{SECRET},{HASHED}")
    settings = GatewaySettings()
    assert list(settings.api_keys) == ["key-1", "key-2"]
    assert SECRET not in repr(settings) + str(settings.model_dump())
    monkeypatch.setenv("JADE_GATEWAY_API_KEYS", f'["{SECRET}"')
    with pytest.raises(ValidationError) as caught:
        GatewaySettings()
    assert SECRET not in str(caught.value)


def test_a_short_key_is_named():
    assert Keys({"weak": "123", "strong": SECRET, "hashed": HASHED}).short == ["weak"]


def test_a_bucket_holds_a_burst_and_fills_at_its_rate():
    buckets = TokenBuckets(rate=2, burst=3)
    assert [buckets.take("a", 0.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert buckets.take("a", 0.0) == pytest.approx(0.5)
    assert buckets.take("b", 0.0) == 0.0
    assert buckets.take("a", 0.5) == 0.0
    assert buckets.take("a", 0.5) > 0
    assert [buckets.take("a", 1000.0) for _ in range(4)] == [0.0, 0.0, 0.0, pytest.approx(0.5)]


@given(st.lists(st.floats(0, 2), max_size=200), st.floats(0.1, 100), st.integers(1, 20))
def test_no_caller_gets_more_than_burst_and_rate(pauses, rate, burst):
    buckets = TokenBuckets(rate, burst)
    now, taken = 0.0, 0
    for pause in pauses:
        now += pause
        taken += buckets.take("a", now) == 0.0
    assert taken <= burst + rate * now + 1e-6


def test_buckets_are_bounded():
    buckets = TokenBuckets(rate=1, burst=1, callers=10)
    for caller in range(1000):
        buckets.take(str(caller), 0.0)
    assert len(buckets._buckets) == 10


def test_retry_after_is_whole_seconds_rounded_up():
    assert [retry_after(one)["Retry-After"] for one in (0.0, 0.2, 1.0, 1.2)] == ["1", "1", "1", "2"]


def nested(levels: int) -> bytes:
    return b'{"resource":' * (levels - 1) + b"{}" + b"}" * (levels - 1)


def test_a_line_is_read():
    assert line_of(b'{"id": "\xc3\xa9", "unknown": [1, 2.5, null]}') == {"id": "é", "unknown": [1, 2.5, None]}
    assert line_of(nested(LINE_DEPTH))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", INVALID_JSON),
        (b"   ", INVALID_JSON),
        (b"[]", INVALID_JSON),
        (b'"text"', INVALID_JSON),
        (b"null", INVALID_JSON),
        (b"true", INVALID_JSON),
        (b"5", INVALID_JSON),
        (b'{"id": "1"', INVALID_JSON),
        (b'{"id": "1"} {"id": "2"}', INVALID_JSON),
        (b'{"id": NaN}', INVALID_JSON),
        (b'{"id": Infinity}', INVALID_JSON),
        (b'{"id": 1e400}', INVALID_JSON),
        (b'{"id": "\xff\xfe"}', INVALID_JSON),
        (b'{"id": "\\ud800"}', INVALID_JSON),
        (b"\xef\xbb\xbf{}", INVALID_JSON),
        (b"{\x00}", INVALID_JSON),
        (b"apiVersion: v1\nkind: Pod\n", INVALID_JSON),
        (nested(LINE_DEPTH + 1), TOO_DEEP),
        (nested(1000), TOO_DEEP),
        (nested(5000), TOO_DEEP),
        (b"[" * 500_000, TOO_DEEP),
        (b'{"a":[' + b",".join([b"[]"] * LINE_PARTS) + b"]}", TOO_LARGE),
    ],
)
def test_what_is_no_line_is_refused_by_its_kind(body, kind):
    with pytest.raises(Problem) as caught:
        line_of(body)
    assert caught.value.kind is kind


@given(st.binary(max_size=200))
def test_any_bytes_are_a_line_or_a_problem(body):
    try:
        assert isinstance(line_of(body), dict)
    except Problem as problem:
        json.dumps(problem.body("id"))


def test_secrets_are_redacted_wherever_an_object_stands():
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s"},
        "data": {"token": "aHVudGVyMg=="},
    }
    line = {
        "id": "1",
        "resource": secret,
        "review": {
            "kind": {"group": "", "version": "v1", "kind": "Secret"},
            "object": secret,
            "oldObject": secret,
        },
        "inventory": {"namespace": {"default": {"v1": {"Secret": {"s": secret}}}}},
        "finding": {"tool": "t", "rule_id": "r"},
    }
    safe = redacted(line)
    assert "aHVudGVyMg==" not in json.dumps(safe)
    assert safe["finding"] == line["finding"]
    assert safe["resource"]["metadata"] == {"name": "s"}
    assert line["resource"]["data"]["token"] == "aHVudGVyMg=="
