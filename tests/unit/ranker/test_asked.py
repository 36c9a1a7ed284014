"""A finding's words taken apart."""

import pytest

from jade_ranker.domain.asked import MESSAGE, asked_of
from jade_ranker.domain.questions import Finding

KINDS = {"pod", "networkpolicy", "service", "clusterrole"}


def asked(*words):
    return asked_of(Finding("tool", *words), KINDS)


def test_the_title_weighs_more_than_the_message():
    found = asked("rule-x", "privileged container", "pod cart is not allowed, the pod is not")
    assert found.terms["privileg"] == found.terms["container"] == 1.0
    assert found.terms["cart"] == found.terms["pod"] == MESSAGE
    assert asked("X1", "", "container cart").terms["cart"] == 1.0


def test_the_message_says_which_of_the_things_in_the_title_is_meant():
    found = asked("", "no CPU requests and limits", "container cart has no request, cpu request 0")
    assert found.terms["request"] == 1.0 + MESSAGE
    assert found.terms["limit"] == 1.0


def test_what_stands_in_for_a_term_weighs_as_part_of_it():
    alone, beside = asked("", "asterisk"), asked("", "x", "asterisk")
    assert alone.widened["asterisk"] == 1.0
    assert 0 < alone.widened["wildcard"] < 1.0
    assert beside.widened["asterisk"] == MESSAGE


@pytest.mark.parametrize(
    ("text", "identifiers"),
    [
        ("hostPID is set", {"hostpid"}),
        ("set securityContext.privileged to false", {"securitycontext", "privileged"}),
        ("`privileged` is true", {"privileged"}),
        ("privileged: true", set()),
        ("image=nginx", {"image", "nginx"}),
        ("a/b", {"a", "b"}),
        ("The container is privileged.", set()),
        ("allowPrivilegeEscalation", {"allowprivilegeescalation"}),
    ],
)
def test_what_looks_like_a_field_is_one(text, identifiers):
    assert asked("", text).identifiers == identifiers


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Pods should not share", {"pod"}),
        ("a pod", {"pod"}),
        ("NetworkPolicy is missing", {"networkpolicy"}),
        ("services and a ClusterRole", {"service", "clusterrole"}),
        ("podium, Deployment", set()),
    ],
)
def test_kinds_are_those_that_there_are(text, kinds):
    assert asked("", text).kinds == kinds


def test_the_rule_is_part_of_the_text():
    found = asked("host-pid", "", "CIS 5.2.3")
    assert found.text == "host-pid  CIS 5.2.3"
    assert found.references == {"5.2.3"}
    assert "host" in found.terms


def test_nothing_said_is_nothing_asked():
    found = asked("", "", "")
    assert (found.terms, found.widened, found.identifiers, found.kinds, found.references) == (
        {},
        {},
        frozenset(),
        frozenset(),
        frozenset(),
    )
