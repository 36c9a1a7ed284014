"""Terms: what is spelt differently meets, what means nothing goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jade_ranker.domain.terms import normalised, root, spellings, terms
from jade_ranker.domain.words import stem

SAME = [
    ("runAsNonRoot", "run as non-root"),
    ("readOnlyRootFilesystem", "read-only root file system"),
    ("readOnlyRootFilesystem", "read only rootfs"),
    ("run_as_user", "runAsUser"),
    ("app.securityContext.privileged", "app security context privilege"),
    ("UID", "user IDs"),
    ("gid", "group ID"),
    ("SVCs", "services"),
    ("SA token", "service account tokens"),
    ("PVCs", "PersistentVolumeClaim"),
    ("HPA", "horizontal pod autoscalers"),
    ("pdb", "PodDisruptionBudgets"),
    ("netpol", "NetworkPolicies"),
    ("ns", "namespaces"),
    ("mem", "memory"),
    ("fs", "filesystem"),
    ("priv", "privileged"),
    ("caps", "capabilities"),
    ("sec ctx", "securityContext"),
    ("img", "images"),
    ("env vars", "environment variables"),
    ("TLSv1.2 certs", "TLS certs"),
    ("DaemonSet", "daemonset"),
    ("auto-scaling", "autoscaler"),
    ("docker.sock", "docker socket"),
    ("pods running", "pod runs"),
    ("dropped", "drop"),
    ("bindings", "binding"),
    ("config maps", "ConfigMap"),
    ("encrypted", "encryption"),
    ("isolated", "isolation"),
    ("writable", "written"),
    ("readiness", "ready"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_the_same_meet(one, other):
    assert terms(one) == terms(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("readiness", "read"),
        ("container", "contains"),
        ("service", "server"),
        ("public", "publish"),
        ("private", "privilege"),
    ],
)
def test_different_words_stay_apart(one, other):
    assert terms(one) != terms(other)


@pytest.mark.parametrize(
    "rule",
    [
        "CKV_K8S_40",
        "CKV2_K8S_6",
        "ckv_k8s_8",
        "KSV-0014",
        "KSV014",
        "AVD-KSV-0104",
        "C-0057",
        "CVE-2021-25741",
    ],
)
def test_ids_of_rules_are_no_terms(rule):
    assert terms(f"{rule}: root") == ["root"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SSH on port 22", ["ssh", "port", "22"]),
        ("apps/v1beta1", ["app", "v1beta1"]),
        ("mounts /proc", ["mount", "proc"]),
        ("0.0.0.0/0", ["0.0.0.0"]),
        ("169.254.169.254", ["169.254.169.254"]),
        ("::/0", ["::"]),
        ("uid 0", ["user", "id", "0"]),
        ("port 4711", ["port", "4711"]),
        ("4711 times", ["time"]),
        ("version 1.25.3", ["version"]),
    ],
)
def test_numbers_that_mean_something_survive(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    "text", ["verbs: ['*']", 'resources ["*"]', "host *.example.com", "granted with *", "`*`"]
)
def test_a_star_is_a_wildcard(text):
    assert "wildcard" in terms(text)


@pytest.mark.parametrize("text", ["* first\n* second", "an **important** *point*", "2*3", "kube-*-x"])
def test_a_bullet_is_none(text):
    assert "wildcard" not in terms(text)


def test_glue_and_negations_go():
    assert terms("Ensure that it is not set, k8s does without") == []


def test_capabilities_of_linux_are_words():
    assert terms("CAP_SYS_ADMIN and NET_RAW") == ["cap", "sys", "admin", "net", "raw"]


@given(st.text())
def test_any_text_gives_terms_that_are_stable(text):
    found = terms(text)
    assert all(term and not term.isspace() for term in found)
    assert terms(text) == found


@given(
    st.text("abcdefghilmnoprstuy", min_size=1, max_size=14),
    st.text("abcdefghilmnoprstuy", min_size=1, max_size=14),
)
def test_what_words_brings_together_stays_together(one, other):
    listed = spellings().stems
    if (
        stem(one) == stem(other)
        and not {one, other, stem(one)} & set(listed)
        and min(len(one), len(other)) > 4
    ):
        assert root(one) == root(other)


def test_the_caller_may_change_what_it_gets():
    terms("host network").append("x")
    assert terms("host network") == ["host", "network"]


def test_what_an_abbreviation_stands_for_holds_no_glue():
    spelt = spellings()
    assert not {word for full in spelt.expanded.values() for word in full} & spelt.glue
    assert not spelt.expanded.keys() & spelt.glue


def test_stems_are_their_own_stems():
    assert not {
        form: normalised(form) for form in spellings().stems.values() if root(root(form)) != root(form)
    }
