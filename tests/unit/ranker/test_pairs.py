"""Features of a finding and a policy: each reacts to what its name says, and to nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from jade_policy.library import Library
from jade_ranker.domain.crosswalk import Crosswalk
from jade_ranker.domain.descriptions import VIEWS
from jade_ranker.domain.feature_names import ASKED, COLUMN, FADING, NEAREST, SPELT, TEXT
from jade_ranker.domain.pairs import WORDS, Pairs
from jade_ranker.domain.questions import Finding
from jade_ranker.testing import HashedWords

PROCESSES, PORTS, USERS, TAGS = "deny-host-pid", "deny-node-ports", "k8sallowedusers", "require-image-tag"
NOTHING = Finding("", "", "lukewarm coffee")
WORDED = [view for view in VIEWS if f"words of its {view}" in COLUMN]
"""The views whose words are compared one by one."""
LINK = (
    '{"tool": "checkov", "rule_id": "CKV_K8S_17", "policy": "deny-host-pid", "how": ["flip"], "flips": 3, '
    '"pairs": 4, "agreement": null, "failed": 0, "both": 0, "same_field": null, "words": 0.0, '
    '"confidence": 0.75}'
)


def said(pairs, finding, feature, vector=None, **how):
    return pairs.said(finding, vector, **how).pairs[:, COLUMN[feature]]


def asked(pairs, finding, feature, vector=None, **how):
    return pairs.said(finding, vector, **how).asked[ASKED.index(feature)]


def vector_of(text):
    return HashedWords().vectors([text])[0]


@pytest.fixture
def ids(small_library):
    """Of each row."""
    return [one.id for one in small_library.policies for _ in small_library.constraints_of(one.id)]


def best(ids, scores):
    """The policies whose rows have the largest value, which is more than the others'."""
    assert scores.max() > scores.min()
    return {one for one, score in zip(ids, scores, strict=True) if score == scores.max()}


CASES = [
    ("words of its name", Finding("", "", "shared namespaces"), PROCESSES),
    ("words of its description", Finding("", "", "processes of a pod"), PROCESSES),
    ("words of its messages", Finding("", "", "", "attempting with an account"), USERS),
    ("words of name and description", Finding("", "", "processes of a pod"), PROCESSES),
    ("words of its fields", Finding("", "", "", "runAsUser"), USERS),
    ("what people call it", Finding("", "", "it is reachable from elsewhere"), PORTS),
    ("what people call it in other words", Finding("", "", "it is reachable from elsewhere"), PORTS),
    ("all of its name is said", Finding("", "", "require an image tag, jade"), TAGS),
    ("spelling of its name", Finding("", "", "imagetags"), TAGS),
    ("concepts", Finding("", "", "it sees every process"), PROCESSES),
    ("a field that it reads is named", Finding("", "", "set securityContext.runAsUser"), USERS),
    ("the kind that it is for is named", Finding("", "", "a Service"), PORTS),
    ("the same number of the benchmark", Finding("", "", "CIS 5.2.3"), PROCESSES),
]
FOUND = {name: (finding, policy) for name, finding, policy in CASES if name in COLUMN}


@pytest.mark.parametrize("feature", FOUND)
def test_a_feature_says_which_policy_is_spoken_of(small_pairs, ids, feature):
    finding, policy = FOUND[feature]
    assert best(ids, said(small_pairs, finding, feature)) == {policy}
    assert 0 < said(small_pairs, finding, feature).max() <= 1.0001
    assert not said(small_pairs, NOTHING, feature).any()


MEANT = [
    ("meaning", "Require an image tag", TAGS),
    ("meaning of its reasons", "Secrets stand in the environment of others.", PROCESSES),
    ("meaning of what people call it", "uid 0", USERS),
    ("meaning of all that people call it", "superuser uid 0", USERS),
]


def test_no_feature_goes_untested():
    others = {"other kinds are named", "known rule"}
    tested = {*FOUND, *(name for name, *_ in MEANT), *NEAREST, *others}
    assert [name for name in TEXT if name not in tested and not name.startswith("many words")] == []


@pytest.mark.parametrize(("feature", "text", "policy"), MEANT)
def test_what_a_text_means_is_compared_where_that_is_known(
    small_meaning, small_pairs, ids, feature, text, policy
):
    vector = vector_of(text)
    assert best(ids, said(small_meaning, NOTHING, feature, vector)) == {policy}
    assert best(ids, said(small_meaning, NOTHING, NEAREST_OF[feature], vector)) == {policy}
    assert not said(small_meaning, NOTHING, feature).any()
    assert not said(small_pairs, NOTHING, feature, vector).any()
    assert small_meaning.compares_meaning
    assert not small_pairs.compares_meaning


NEAREST_OF = {other: name for name, other in NEAREST.items()}


@pytest.mark.parametrize(("feature", "other"), [pair for pair in NEAREST.items() if pair[0] != pair[1]])
def test_nearest_is_how_far_a_policy_is_below_the_best(small_meaning, feature, other):
    text = "secrets: it sees every process of its machine, drop hostPID, must not see namespaces"
    finding = Finding("", "", text)
    scores = said(small_meaning, finding, other, vector_of(text))
    assert scores.max() > 0
    expected = scores - scores.max()
    found = said(small_meaning, finding, feature, vector_of(text))
    assert found.min() < 0
    if feature in {*FADING, *SPELT}:
        assert np.allclose(found / found.min(), expected / expected.min())
    else:
        assert np.allclose(found, expected)


def test_each_word_that_fits_counts_however_much_else_is_said(small_pairs, ids):
    feature = "nearest by all words that people call it"
    short = dict(zip(ids, said(small_pairs, Finding("", "", "superuser account"), feature), strict=True))
    noise = Finding("", "", "superuser account, said somebody of lukewarm tea in the kitchen")
    assert short == dict(zip(ids, said(small_pairs, noise, feature), strict=True))
    assert short[USERS] == 0
    assert short[PORTS] == short[PROCESSES] < 0
    one = dict(zip(ids, said(small_pairs, Finding("", "", "superuser"), feature), strict=True))
    assert short[PORTS] < one[PORTS] < 0


@pytest.mark.parametrize("feature", FADING)
def test_words_in_common_fade_where_hardly_any_are(small_pairs, feature):
    few, many = (
        "image tag ",
        " ".join(f"unrelated{chr(97 + one)}{chr(97 + two)}" for one in range(9) for two in range(9)),
    )
    alone, beside = (said(small_pairs, Finding("", "", text), feature) for text in (few, few + many))
    share = abs(beside).max() / abs(alone).max() if alone.any() else 0.0
    words = asked(small_pairs, Finding("", "", few + many), "best words")
    assert asked(small_pairs, Finding("", "", few), "best words") > WORDS > words
    assert share <= words / WORDS + 1e-6


@pytest.mark.parametrize("feature", SPELT)
def test_letters_count_where_words_fail(small_pairs, feature):
    joined, apart = Finding("", "", "imagetags"), Finding("", "", "image tags")
    assert asked(small_pairs, joined, "best words") == 0
    assert said(small_pairs, joined, feature).any()
    assert asked(small_pairs, joined, "best spelling") > 0
    assert asked(small_pairs, apart, "best words") > WORDS
    assert not said(small_pairs, apart, feature).any()
    assert asked(small_pairs, apart, "best spelling") == 0


def test_other_kinds_speak_against_the_policies_that_are_for_some_kind(small_pairs, ids):
    found = dict(
        zip(ids, said(small_pairs, Finding("", "", "a Service"), "other kinds are named"), strict=True)
    )
    assert found == {PROCESSES: -1, USERS: -1, PORTS: 0, TAGS: 0}
    assert not said(small_pairs, NOTHING, "other kinds are named").any()


def test_constraints_of_one_policy_share_what_texts_say(small_pairs, ids):
    found = small_pairs.said(Finding("", "host-pid", "it sees every process", "of a Pod")).pairs
    own = [row for row, one in enumerate(ids) if one == PROCESSES]
    assert len(own) == 2
    assert np.array_equal(found[own[0]], found[own[1]])
    assert found[own[0]].any()
    assert len(found) == len(ids) == len(small_pairs.descriptions) + 1


def with_crosswalk(library, reads, thesaurus, text=LINK):
    return Pairs(library, reads, thesaurus, Crosswalk.parse(text))


def test_a_known_rule_raises_exactly_its_own_features(
    small_library, small_reads, small_thesaurus, small_pairs, ids
):
    known = with_crosswalk(small_library, small_reads, small_thesaurus)
    finding = Finding("checkov", "CKV_K8S_17", "host namespaces")
    raised = known.said(finding).pairs - small_pairs.said(finding).pairs
    changed = {TEXT[column] for column in np.flatnonzero(raised.any(axis=0))}
    assert changed == {"known rule"}
    assert best(ids, said(known, finding, "known rule")) == {PROCESSES}
    assert said(known, finding, "known rule").max() == 0.75
    assert asked(known, finding, "known rule") == 0.75
    assert not said(known, finding._replace(tool="trivy"), "known rule").any()


def test_links_stand_in_for_the_crosswalk_and_unknown_policies_do_not_matter(
    small_library, small_reads, small_thesaurus, ids
):
    known = with_crosswalk(small_library, small_reads, small_thesaurus)
    finding = Finding("checkov", "CKV_K8S_17")
    other = said(known, finding, "known rule", links={TAGS: 0.5, "somebody-elses": 1.0})
    assert best(ids, other) == {TAGS}
    assert other.max() == 0.5
    assert not said(known, finding, "known rule", links={}).any()


@pytest.mark.parametrize("view", WORDED)
def test_a_hidden_view_is_not_looked_at(small_pairs, view):
    finding = Finding(
        "",
        "",
        "shared namespaces, processes, secrets stand every machine drop flag hostPID=true",
        "spec.hostPID",
    )
    feature = f"words of its {view}"
    assert said(small_pairs, finding, feature).any()
    hidden = frozenset({view})
    assert not said(small_pairs, finding, feature, hidden=hidden).any()
    for other in set(WORDED) - {view}:
        same = f"words of its {other}"
        # Up to how far words fade, which depends on what is seen of all views.
        found, seen = (
            said(small_pairs, finding, same, hidden=one)
            / min(asked(small_pairs, finding, "best words", hidden=one) / WORDS, 1)
            for one in (hidden, frozenset())
        )
        assert np.allclose(found, seen)


@pytest.mark.parametrize(
    ("view", "feature", "text"),
    [
        ("name", "all of its name is said", "deny host pid"),
        ("name", "spelling of its name", "denyhostpids"),
        ("fields", "a field that it reads is named", "`hostPID` sees every process"),
    ],
)
def test_features_of_a_view_are_hidden_with_it(small_pairs, view, feature, text):
    finding = Finding("", "", text)
    assert said(small_pairs, finding, feature).any()
    assert not said(small_pairs, finding, feature, hidden=frozenset({view})).any()


def test_hidden_views_have_no_meaning_either(small_meaning):
    vector = vector_of("Secrets stand in the environment of others.")
    assert said(small_meaning, NOTHING, "meaning of its reasons", vector).any()
    hidden = frozenset({"reasons"})
    assert not said(small_meaning, NOTHING, "meaning of its reasons", vector, hidden=hidden).any()


def test_absent_rows_are_as_if_the_library_lacked_them(small_pairs, ids):
    finding = Finding("", "", "it sees every process of a pod")
    absent = np.array([one == PROCESSES for one in ids])
    found = small_pairs.said(finding, absent=absent)
    for name in set(TEXT) - NEAREST.keys():
        assert not found.pairs[absent, COLUMN[name]].any()
    assert found.pairs[~absent, COLUMN["nearest by all words that people call it"]].max() == 0
    assert asked(small_pairs, finding, "best words", absent=absent) < asked(
        small_pairs, finding, "best words"
    )


@pytest.mark.parametrize(
    ("feature", "text"), [("speaks of", "it sees every process"), ("means", "sees every process")]
)
def test_what_only_absent_policies_are_about_no_policy_is_about(small_meaning, ids, feature, text):
    feature, finding = f"{feature} what no policy is about", Finding("", "", text)
    absent = np.array([one == PROCESSES for one in ids])
    known = asked(small_meaning, finding, feature, vector_of(text))
    assert known < asked(small_meaning, finding, feature, vector_of(text), absent=absent)


def test_a_thing_that_no_policy_is_about_speaks_for_none(small_meaning, small_pairs):
    coffee, root = Finding("", "", "out of beans"), Finding("", "", "uid 0")
    for feature in ("speaks of what no policy is about", "means what no policy is about"):
        of_coffee, of_root = (
            asked(small_meaning, one, feature, vector_of(one.title)) for one in (coffee, root)
        )
        assert of_coffee > 0.5 > of_root
    assert asked(small_pairs, coffee, "means what no policy is about", vector_of("out of beans")) == 0


def test_what_speaks_for_none_is_the_best_of_what_speaks_for_any(small_pairs):
    finding = Finding("", "", "require an image tag: coffee")
    of_views = [said(small_pairs, finding, f"words of its {view}").max() for view in WORDED]
    assert asked(small_pairs, finding, "best words") == max(of_views)
    assert (
        asked(small_pairs, finding, "best spelling")
        == said(small_pairs, finding, "spelling of its name").max()
    )
    assert asked(small_pairs, finding, "always") == 1
    assert asked(small_pairs, finding, "a resource is given") == 0


def test_a_text_without_any_word_says_nothing(small_pairs):
    found = small_pairs.said(Finding("", ""))
    assert not found.pairs.any()
    assert found.asked[ASKED.index("always")] == 1
    assert np.isfinite(found.asked).all()


def test_texts_of_any_length_stay_within_bounds(small_meaning):
    for text in (
        "tag",
        "require an image tag " * 300,
        "hostPID " * 50,
        "spec.type NodePort Service CIS 5.2.3",
    ):
        found = small_meaning.said(Finding("", "", text, text), vector_of(text)).pairs
        assert found.dtype == np.float32
        assert found.max() <= 1.0001
        assert found.min() >= -1.0001


def test_nothing_is_a_policys_own_so_that_its_id_may_be_any(small_library, small_reads, small_thesaurus):
    last = small_library.policy(TAGS)
    renamed = replace(last, id="zz", title="Require an image tag", kind=last.kind)
    library = Library((*small_library.policies[:-1], renamed), small_library.constraints)
    pairs = Pairs(library, small_reads | {"zz": small_reads[TAGS]}, small_thesaurus, Crosswalk())
    first = Pairs(small_library, small_reads, small_thesaurus, Crosswalk())
    finding = Finding("", "", "drop hostPID, so that it sees no process")
    assert np.allclose(pairs.said(finding).pairs[:2], first.said(finding).pairs[:2], atol=0.05)


def test_a_library_without_policies_says_nothing(small_thesaurus):
    found = Pairs(Library(()), {}, small_thesaurus, Crosswalk()).said(Finding("x", "y", "image tag"))
    assert found.pairs.shape == (0, len(TEXT))
    assert np.isfinite(found.asked).all()
