"""Suppressions: what they cover, when they end, when they are no longer needed, and what is wrong with them."""

from datetime import date

import pytest

from jade_cli.scan.findings import Finding, Rule
from jade_cli.scan.suppressions import Scanned, Suppression, annotated, apply, parsed
from jade_policy.manifests import read_manifests
from jade_policy.resources import ResourceId

TODAY = date(2026, 12, 1)
UNTIL = date(2026, 12, 31)
CART = ResourceId("apps/v1", "Deployment", "shop", "cart")
TILL = ResourceId("apps/v1", "Deployment", "shop", "till")
RULES = {"deny-latest-tag": Rule("deny-latest-tag"), "deny-host-network": Rule("deny-host-network")}


def found(policy="deny-latest-tag", resource=CART, source="shop/cart.yaml", **more):
    return Finding(policy, policy, "low", "m", resource, source, 1, **more)


def entry(rule="deny-latest-tag", until=UNTIL, **more):
    return Suppression(rule, "why", until, "jade.yaml", "jade.yaml", **more)


def applied(findings, suppressions, today=TODAY, scanner="jade", dark=()):
    resources = [(CART, "shop/cart.yaml"), (TILL, "shop/till.yaml")]
    return apply(findings, suppressions, Scanned(scanner, resources, frozenset(dark), RULES), today)


def states(done):
    return [(use.state, use.findings) for use in done.uses]


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("pinned by the mirror; until=2027-01-31", ("pinned by the mirror", date(2027, 1, 31))),
        (" a; b ;  until = 2027-01-31 ", ("a; b", date(2027, 1, 31))),
        ("two\nlines; until=2027-01-31", ("two\nlines", date(2027, 1, 31))),
    ],
)
def test_value_of_an_annotation(value, result):
    assert parsed(value) == result


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "gives no reason"),
        ("; until=2027-01-31", "gives no reason"),
        ("until=2027-01-31", "does not say when it expires"),
        ("because", "does not say when it expires"),
        ("because; until=", "does not say when it expires"),
        ("because; until=soon", "expires on 'soon', which is no day"),
        ("because; until=2027-02-31", "expires on '2027-02-31', which is no day"),
    ],
)
def test_an_annotation_without_reason_or_day_is_an_error_that_says_so(value, said):
    with pytest.raises(ValueError, match=said):
        parsed(value)
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  annotations:\n    other: x\n"
        f"    ignore.jade.dev/deny-latest-tag: '{value}'\n"
    )
    (manifest,) = read_manifests(text.encode(), "pod.yaml")
    ((), (wrong,)) = map(tuple, annotated(manifest))
    assert (wrong.path, wrong.line) == ("pod.yaml", 7)
    assert f"annotation ignore.jade.dev/deny-latest-tag {said}" in wrong.reason
    assert 'write "why it may stay; until=2027-01-31"' in wrong.reason


def test_an_annotation_covers_its_own_resource_in_its_own_file():
    text = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\n"
        "  annotations: {ignore.jade.dev/deny-latest-tag: why; until=2026-12-31}\n"
    )
    (manifest,) = read_manifests(text.encode(), "shop/cart.yaml")
    ((one,), ()) = map(tuple, annotated(manifest))
    done = applied(
        [found(), found("deny-host-network"), found(resource=TILL), found(source="copy.yaml")], [one]
    )
    assert [(held.name, held.resource, held.source) for held in done.suppressed] == [
        ("deny-latest-tag", CART, "shop/cart.yaml")
    ]
    assert len(done.counting) == 3
    assert done.suppressed[0].suppressed.as_dict() == {
        "by": "annotation",
        "reason": "why",
        "until": "2026-12-31",
    }
    assert states(done) == [("active", 1)]


@pytest.mark.parametrize(
    ("where", "held"),
    [
        ({}, 2),
        ({"resource": "Deployment shop/*"}, 2),
        ({"resource": "Deployment shop/cart"}, 1),
        ({"resource": "Pod *"}, 0),
        ({"paths": ("shop/*",)}, 2),
        ({"paths": ("other/*", "shop/till.yaml")}, 1),
        ({"paths": ("till.yaml",)}, 0),
        ({"resource": "*/cart", "paths": ("shop/till.yaml",)}, 0),
    ],
)
def test_an_entry_covers_what_its_patterns_name(where, held):
    findings = [found(), found(resource=TILL, source="shop/till.yaml")]
    assert len(applied(findings, [entry(**where)]).suppressed) == held


def test_paths_may_be_those_below_the_folder_of_jade_yaml():
    one = Suppression("p", "why", UNTIL, "jade.yaml", "../jade.yaml", paths=("deploy/shop/*",))
    assert not one.covers(CART, "shop/cart.yaml")
    assert Suppression("p", "why", UNTIL, "jade.yaml", "deploy/jade.yaml", paths=("shop/*",)).covers(
        CART, "deploy/shop/cart.yaml"
    )


def test_the_last_day_counts_and_the_next_does_not():
    assert len(applied([found()], [entry()], today=UNTIL).suppressed) == 1
    done = applied([found()], [entry()], today=date(2027, 1, 1))
    assert (done.suppressed, len(done.counting), states(done)) == ([], 1, [("expired", 0)])
    assert "the suppression of deny-latest-tag expired on 2026-12-31" in str(done.uses[0])


def test_what_holds_nothing_back_is_no_longer_needed():
    done = applied([found("deny-host-network")], [entry(resource="Deployment shop/cart")])
    assert states(done) == [("unneeded", 0)]
    assert str(done.uses[0]).startswith("jade.yaml: the suppression of deny-latest-tag is no longer needed")
    (use,) = applied([], [entry("deny-latest-tags")]).uses
    assert "names no policy of this library" in use.note


def test_nothing_is_said_of_what_was_not_looked_at():
    assert applied([], [entry(paths=("elsewhere/*",))]).uses == []
    assert applied([], [entry("CKV_K8S_1")]).uses == []
    assert applied([], [entry()], scanner="checkov").uses == []
    assert states(applied([], [entry("CKV_K8S_1")], scanner="checkov")) == [("unneeded", 0)]
    assert applied([], [entry()], dark=["shop/cart.yaml"]).uses == []
    assert states(applied([], [entry(paths=("shop/till.yaml",))], dark=["shop/cart.yaml"])) == [
        ("unneeded", 0)
    ]


def test_two_that_cover_the_same_are_both_in_use():
    done = applied([found()], [entry(), entry(resource="Deployment shop/cart")])
    assert states(done) == [("active", 1), ("active", 1)]
    assert len(done.suppressed) == 1
