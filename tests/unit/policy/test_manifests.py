"""Files become manifests, document by document, with the line of every field."""

import json
from pathlib import Path

import orjson
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jade_policy import pointers
from jade_policy.manifests import Manifest, Skipped, Unread, read_manifests

CORPUS = Path(__file__).parents[4] / "shared" / "manifests"

POD = (
    b"apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: c\n    image: nginx\n"
)


def read(data, path="file.yaml"):
    return list(read_manifests(data, path))


def only(data, path="file.yaml"):
    (outcome,) = read(data, path)
    return outcome


def test_a_broken_document_costs_only_itself():
    outcomes = read(POD + b"---\na: [\n---\n" + POD + b"---\nkind: Pod\nx: \x01\n---\n" + POD)
    assert [type(o) for o in outcomes] == [Manifest, Unread, Manifest, Unread, Manifest]
    assert [o.line for o in outcomes] == [1, 10, 12, 22, 24]
    assert [o.index for o in outcomes if isinstance(o, Manifest)] == [0, 1, 2]


def test_a_manifest_knows_the_line_of_each_field():
    manifest = read(b"# head\n" + POD + b"---\n\n# second\n" + POD)[1]
    assert manifest.line == manifest.line_of("") == 13
    assert manifest.line_of("/spec/containers/0/image") == 20
    assert manifest.line_of("/spec/containers/0") == 19
    assert manifest.line_of("/spec/containers/0/securityContext/privileged") == 19
    assert manifest.line_of("/spec/hostNetwork") == 17
    assert manifest.line_of("/nowhere/at/all") == 13


def test_lines_in_json_hold_despite_surrogates_and_tabs():
    text = (
        '{\n\t"apiVersion": "v1", "kind": "Pod",\n\t"metadata": {"name": "\\ud83d\\ude00\\/"},\n"spec": {}}'
    )
    manifest = only(text.encode(), "pod.json")
    assert manifest.obj["metadata"]["name"] == "\U0001f600/"
    assert manifest.line_of("/spec") == 4


def test_lines_of_keys_with_slashes_and_of_resolved_keys():
    manifest = only(b"apiVersion: v1\nkind: ConfigMap\ndata:\n  a/b~c: x\n  on: x\n  9000: x\n")
    assert manifest.obj["data"] == {"a/b~c": "x", "true": "x", "9000": "x"}
    assert [manifest.line_of(p) for p in ("/data/a~1b~0c", "/data/true", "/data/9000")] == [4, 5, 6]


def test_what_an_alias_brings_in_is_where_the_alias_is():
    manifest = only(b"x: &l {app: a}\napiVersion: v1\nkind: Pod\nmetadata:\n  labels: *l\n")
    assert manifest.obj["metadata"]["labels"] == {"app": "a"}
    assert manifest.line_of("/metadata/labels/app") == 5


def test_merge_keys_give_way_to_the_mappings_own_keys():
    manifest = only(
        b"apiVersion: v1\nkind: ConfigMap\nx: &x {a: '1', b: '1'}\ny: &y {b: '2', c: '2'}\n"
        b"data:\n  c: '3'\n  <<: [*x, *y]\nz: {\"<<\": 1}\n"
    )
    assert manifest.obj["data"] == {"a": "1", "b": "1", "c": "3"}
    assert manifest.obj["z"] == {"<<": 1}


def test_items_of_a_list_stand_alone():
    data = b"""\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: {name: a}
- apiVersion: v1
  kind: Pod
  spec:
    hostNetwork: "true"
- just text
- apiVersion: v1
  kind: List
  items:
  - apiVersion: v1
    kind: Pod
    metadata:
      name: b
"""
    first, wrong, text, last = read(data)
    assert (first.obj["metadata"]["name"], first.line, first.pointer) == ("a", 4, "/items/0")
    assert (wrong.line, "/items/1/spec/hostNetwork must be true or false" in wrong.reason) == (10, True)
    assert (text.line, "/items/2 must be a mapping" in text.reason) == (11, True)
    assert (last.pointer, last.line, last.line_of("/metadata/name"), last.index) == (
        "/items/3/items/0",
        15,
        18,
        1,
    )


def test_an_admission_review_gives_its_object():
    review = {
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "request": {"object": {"apiVersion": "v1", "kind": "Pod"}},
    }
    manifest = only(json.dumps(review).encode())
    assert (manifest.obj["kind"], manifest.pointer) == ("Pod", "/request/object")


@pytest.mark.parametrize(
    "data",
    [
        b"version: '3'\nservices: {web: {image: nginx}}\n",
        b"replicaCount: 1\nreplicaCount: 2\n",  # not ours, so its faults are not ours either
        b"Resources: {a: !Ref b}\n",
        b"apiVersion: v2\nname: chart\nversion: 1.0.0\n",
        b'{"name": "package", "version": "1.0.0"}',
    ],
)
def test_what_does_not_claim_to_be_kubernetes_is_skipped(data):
    assert isinstance(only(data), Skipped)


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"# only this\n", b"---\n---\n...\n", b"null\n", b"~", b"\xef\xbb\xbf"]
)
def test_empty_documents_are_nothing(data):
    assert read(data) == []


def test_a_byte_order_mark_and_windows_line_ends_change_nothing():
    plain, windows = only(POD), only(b"\xef\xbb\xbf" + POD.replace(b"\n", b"\r\n"))
    assert windows.obj == plain.obj
    assert windows.line_of("/spec/containers/0/image") == plain.line_of("/spec/containers/0/image") == 8


def test_flow_style_yaml_is_not_taken_for_json():
    assert only(b"{apiVersion: v1, kind: Pod}").obj == {"apiVersion": "v1", "kind": "Pod"}


def test_values_of_aliases_are_shared_not_copied():
    manifest = only(b"apiVersion: v1\nkind: ConfigMap\nx: &x {a: '1'}\nz: [*x, *x]\n")
    assert manifest.obj["z"][0] is manifest.obj["x"]


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(alphabet="ab:{}[]-&*!|>'\"%@`#?,<~ \n\t\\\r.01\u2028\x85\ufeff", max_size=120).map(str.encode)
)
def test_no_bytes_make_it_raise(data):
    for outcome in read(data) + read(POD + b"---\n" + data) + read(data, "file.json"):
        assert outcome.line >= 1
        if isinstance(outcome, Manifest):
            orjson.dumps(outcome.obj)
            assert outcome.line_of("/a/b") >= 1
        else:
            assert outcome.reason


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80))
def test_no_bytes_between_documents_harm_the_others(data):
    outcomes = read(POD + b"\n---\n" + data + b"\n---\n" + POD)
    assert isinstance(outcomes[0], Manifest)
    assert outcomes[-1] == Manifest(
        **{
            **vars(outcomes[0]),
            "line": outcomes[-1].line,
            "index": outcomes[-1].index,
            "source": outcomes[-1].source,
        }
    )


_texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(-1e6, 1e6).map(lambda f: round(f, 3))
    | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(_values)
def test_what_is_written_comes_back(value):
    obj = {"apiVersion": "v1", "kind": "Example", "value": value}
    assert only(orjson.dumps(obj)).obj == obj
    assert only(json.dumps(obj, indent=1).encode(), "a.json").obj == obj
    assert only(yaml.safe_dump(obj, default_style='"').encode()).obj == obj


@settings(max_examples=100, deadline=None)
@given(_values)
def test_every_field_has_its_own_line(value):
    obj = {"apiVersion": "v1", "kind": "Example", "value": value}
    text = json.dumps(obj, indent=1)
    manifest = only(text.encode())
    lines = text.split("\n")

    def check(pointer, member):
        line = lines[manifest.line_of(pointer) - 1]
        name = pointers.split(pointer)[-1]
        assert json.dumps(name) in line or name.isdecimal()
        for key, child in (
            member.items()
            if isinstance(member, dict)
            else enumerate(member)
            if isinstance(member, list)
            else ()
        ):
            check(pointers.join(pointer, key), child)

    check("/value", value)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real manifests is not here")
def test_real_manifests_are_read_or_rightly_refused():
    files = sorted(CORPUS.glob("*.yaml"))
    outcomes = [o for file in files for o in read(file.read_bytes(), file.name)]
    refused = [o for o in outcomes if not isinstance(o, Manifest)]
    assert len(outcomes) == 2911
    # Each is refused by the API server as well: placeholders such as `port: ${PORT}`, `replicas: COUNT`, and
    # a
    # variable whose value is a boolean.
    assert [(o.path, o.line) for o in refused] == [
        ("GoogleCloudPlatform__kubernetes-engine-samples.yaml", 3585),
        ("GoogleCloudPlatform__kubernetes-engine-samples.yaml", 3601),
        ("GoogleCloudPlatform__kubernetes-engine-samples.yaml", 17352),
        ("GoogleCloudPlatform__kubernetes-engine-samples.yaml", 17362),
        ("kubernetes__ingress-nginx.yaml", 1939),
    ]
