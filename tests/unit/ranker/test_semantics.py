"""What is embedded of policies and findings, and how the vectors of several texts make one similarity."""

from dataclasses import replace

import numpy as np
import pytest

from jade_policy.library import Library, own_library
from jade_ranker.domain.questions import Finding
from jade_ranker.domain.semantics import Meanings, Text, text_of, texts_of

LIBRARY = own_library()
PRIVILEGED = LIBRARY.policy("deny-privileged-pods")
NAME, BOTH, DESCRIPTION, MESSAGES = (
    frozenset(views) for views in (["name"], ["name", "description"], ["description"], ["messages"])
)
X, Y, Z = np.eye(3, dtype=np.float32)


def said(policy):
    return {one.views: one.text for one in texts_of(Library((policy,)))}


def test_a_policy_is_seen_from_each_side():
    texts = said(PRIVILEGED)
    assert texts[NAME] == PRIVILEGED.title
    assert texts[DESCRIPTION] == PRIVILEGED.description
    assert texts[BOTH] == f"{PRIVILEGED.title}. {PRIVILEGED.description}"
    assert "privileged" in texts[MESSAGES]
    assert "%" not in texts[MESSAGES]


def test_every_policy_of_a_library_has_texts_in_its_order():
    owners = [one.policy for one in texts_of(LIBRARY)]
    assert owners == sorted(owners)
    assert set(owners) == set(range(len(LIBRARY.policies)))
    assert all(one.text for one in texts_of(LIBRARY))


def test_a_policy_that_says_nothing_of_itself_has_its_name_and_its_messages():
    texts = said(replace(PRIVILEGED, title="", description="", custom={}, kind="K8sPSPPrivilegedContainer"))
    assert set(texts) == {NAME, MESSAGES}
    assert texts[NAME] == "K 8 s PSP Privileged Container"


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (Finding("trivy", "KSV017", "Privileged", "Container x is privileged"), "Privileged"),
        (Finding("trivy", "KSV017", "", "Container x is privileged"), "Container x is privileged"),
        (Finding("kube-linter", "run-as-non-root", "May run as root"), "run as non root: May run as root"),
        (Finding("kube-linter", "run-as-root", "Does run as root"), "Does run as root"),
        (Finding("polaris", "hostIPCSet"), "host IPC Set"),
        (Finding("kubescape", "C-0057"), "C-0057"),
    ],
)
def test_a_finding_is_what_its_scanner_calls_it(finding, text):
    assert text_of(finding) == text


@pytest.fixture
def meanings():
    texts = [Text(0, NAME, ""), Text(0, BOTH, ""), Text(0, MESSAGES, ""), Text(1, NAME, "")]
    return Meanings(texts, np.stack([X, Y, Y, Z]))


def test_a_similarity_is_the_mean_of_the_cosines_with_a_policys_texts(meanings):
    assert meanings.similarities(X) == pytest.approx([1 / 3, 0])
    assert meanings.similarities(Y) == pytest.approx([2 / 3, 0])
    assert meanings.similarities(Z) == pytest.approx([0, 1])


def test_several_questions_are_answered_at_once(meanings):
    assert meanings.similarities(np.stack([X, Z])) == pytest.approx(np.array([[1 / 3, 0], [0, 1]]))


def test_a_view_that_is_hidden_does_not_count(meanings):
    assert meanings.similarities(Y, frozenset({"messages"})) == pytest.approx([1 / 2, 0])
    assert meanings.similarities(Y, frozenset({"description"})) == pytest.approx([1 / 2, 0])
    assert meanings.similarities(Y, frozenset({"name"})) == pytest.approx([1, 0])


def test_a_policy_of_which_nothing_is_seen_is_as_near_as_nothing(meanings):
    assert list(meanings.similarities(Z, frozenset({"name"}))) == [0, 0]
    assert list(meanings.similarities(Z, frozenset({"name", "messages"}))) == [0, 0]
