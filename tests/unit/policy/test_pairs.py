"""Violations that are a message and a path are answered as pairs; every other policy stays as it is."""

import pytest

from jade_policy.library import own_library
from jade_policy.opa.bundle import build_bundle
from jade_policy.opa.pairs import in_pairs

HEAD = 'violation contains {"msg": msg, "details": {"path": path}} if {'
MODULE = f"""# METADATA
# description: Each violation has a path.
package p

{HEAD}
	some path, msg in input.found
}}

violation contains {{"msg": said, "details": {{"path": "/spec/a~1b"}}}} if said := input.said
"""


def test_in_pairs() -> None:
    pairs = in_pairs(MODULE)
    assert pairs is not None
    assert pairs.splitlines()[4] == "violation contains [path, msg] if {"
    assert pairs.splitlines()[8] == 'violation contains ["/spec/a~1b", said] if said := input.said'
    assert len(pairs) < len(MODULE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"details": {"path": path}', '"details": {"path": path, "field": "a"}'),
        ('"msg": msg, ', '"msg": msg, "severity": "high", '),
        ('{"msg": msg, "details": {"path": path}}', '{"msg": msg}'),
        ('"path": path', '"path": concat("/", [path])'),
        (HEAD, "violation contains msg if {"),
        (
            '\nviolation contains {"msg": said',
            '\nmany if count(violation) > 3\n\nviolation contains {"msg": said',
        ),
        (HEAD, HEAD.replace(" if {", "\nif {")),
    ],
)
def test_any_other_form_stays(before: str, after: str) -> None:
    module = MODULE.replace(before, after)
    assert module != MODULE
    assert in_pairs(module) is None


def test_a_module_without_violations() -> None:
    assert in_pairs("package p\n\ndeny contains 1 if input.a\n") is None


def test_our_policies_all_answer_in_pairs() -> None:
    assert all(unit.in_pairs for unit in build_bundle(own_library()).units.values())
