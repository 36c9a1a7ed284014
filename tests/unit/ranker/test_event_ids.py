"""The id of an answer: a finding that is delivered again is answered once."""

from jade_ranker.domain.answers import event_of
from jade_ranker.domain.ranking import Ranking


def id_of(finding="f-1", model="learned-abc", library="l-1"):
    return event_of(finding, {}, "p-1", Ranking((), True, model), library, "opa-1")[0]


def test_it_does_not_depend_on_whether_meaning_was_known_in_time():
    assert id_of(model="learned-abc+semantic") == id_of()


def test_another_finding_model_or_library_is_another_answer():
    assert len({id_of(), id_of(finding="f-2"), id_of(model="learned-abd"), id_of(library="l-2")}) == 4
