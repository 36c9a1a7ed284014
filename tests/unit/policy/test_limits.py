"""Limits are exact: what is just below is read, what is above is refused."""

import pytest

from jade_policy.json_document import parse_json
from jade_policy.limits import MAX_ALIAS_NODES, MAX_DEPTH, MAX_DOCUMENT_BYTES, MAX_DOCUMENTS_PER_FILE
from jade_policy.manifests import Manifest, Unread, read_manifests
from jade_policy.yaml_document import BrokenDocumentError, read_yaml_document

HEAD = b"apiVersion: v1\nkind: Example\n"


def only(data):
    (outcome,) = read_manifests(data, "a.yaml")
    return outcome


@pytest.mark.parametrize("over", [0, 1])
def test_size(over):
    data = HEAD + b"#" * (MAX_DOCUMENT_BYTES - len(HEAD) + over)
    assert isinstance(only(data), Unread if over else Manifest)


@pytest.mark.parametrize("over", [0, 1])
def test_depth(over):
    levels = MAX_DEPTH - 1 + over  # the document itself is one
    assert isinstance(only(HEAD + b"x: " + b"[" * levels + b"]" * levels), Unread if over else Manifest)
    json = b'{"apiVersion":"v1","kind":"A","x":' + b"[" * levels + b"]" * levels + b"}"
    assert isinstance(only(json), Unread if over else Manifest)


@pytest.mark.parametrize("over", [0, 1])
def test_alias_nodes(over):
    # The anchored list stands for 100 nodes: itself and its 99 items.
    aliases = MAX_ALIAS_NODES // 100
    data = HEAD + b"a: &a [" + b"1," * 99 + b"]\nb: [" + b"*a," * (aliases + over) + b"]\n"
    assert isinstance(only(data), Unread if over else Manifest)


def test_nodes_that_aliases_bring_into_an_anchor_count_again():
    data = b"a: &a [" + b"1," * 99 + b"]\nb: &b [" + b"*a," * 200 + b"]\nc: [*b, *b]\n"
    with pytest.raises(BrokenDocumentError, match="50,000 nodes"):
        read_yaml_document(data)


def test_text_that_aliases_stand_for_counts():
    data = b"a: &a " + b"x" * 1000 + b"\nb: &b [" + b"*a," * 500 + b"]\nc: [*b, *b]\n"
    with pytest.raises(BrokenDocumentError, match="characters"):
        read_yaml_document(data)


def test_a_document_without_aliases_may_have_more_nodes():
    assert isinstance(only(HEAD + b"x: [" + b"1," * (MAX_ALIAS_NODES + 1) + b"]"), Manifest)


@pytest.mark.parametrize("over", [0, 1])
def test_documents_of_a_file(over):
    outcomes = list(
        read_manifests(b"--- {apiVersion: v1, kind: A}\n" * (MAX_DOCUMENTS_PER_FILE + over), "a.yaml")
    )
    assert sum(isinstance(o, Manifest) for o in outcomes) == MAX_DOCUMENTS_PER_FILE
    assert sum(isinstance(o, Unread) for o in outcomes) == over


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"a":' * 100_000, b"[[" * 40 + b'"]]"' + b"]]" * 40])
def test_json_is_measured_before_it_is_parsed(text):
    with pytest.raises(BrokenDocumentError, match="64 levels"):
        parse_json(text)


def test_brackets_inside_strings_are_no_levels():
    text = b'["' + b"[" * 1000 + b'", "\\"[[' + b"[" * 100 + b'"]'
    assert parse_json(text) == ["[" * 1000, '"[[' + "[" * 100]


@pytest.mark.parametrize("text", [b"NaN", b"[Infinity]", b'"\\ud800"', b'"\xff"', b"", b"{", b"01"])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(BrokenDocumentError, match="not valid JSON"):
        parse_json(text)
