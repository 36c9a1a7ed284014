"""Every bad input and what it gets, held equal to the table in docs/architecture/hostile-input.md.

`python tests/unit/policy/test_hostile_input_table.py` writes the table anew.
"""

import json
import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from jade_policy.limits import MAX_DEPTH, MAX_DOCUMENT_BYTES, MAX_DOCUMENTS_PER_FILE
from jade_policy.manifests import Manifest, Skipped, read_manifests

PAGE = Path(__file__).parents[3] / "docs" / "architecture" / "hostile-input.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"

HEAD = b"apiVersion: v1\nkind: Pod\n"
CONTAINERS = HEAD + b"spec:\n  containers:\n"
SERVICE = b"apiVersion: v1\nkind: Service\n"
ROLE = b"apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n"
DEPLOYMENT = b"apiVersion: apps/v1\nkind: Deployment\n"
BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (i + 1, i + 1, b",".join([b"*%c" % i] * 9)) for i in range(ord("a"), ord("i"))
)
MERGES = (
    b"a: &a {"
    + b",".join(b"k%d: 1" % i for i in range(2000))
    + b"}\n"
    + b"".join(b"b%d: {<<: *a}\n" % i for i in range(60))
)


@dataclass(frozen=True)
class Bad:
    """One bad input; `name` is its row in the table."""

    name: str
    data: bytes
    path: str = "file.yaml"

    def __str__(self):
        return self.name


SECTIONS = {
    "Beyond a limit": [
        Bad("a document of more than 1 MiB", HEAD + b"#" * MAX_DOCUMENT_BYTES),
        Bad("YAML nested 65 deep", HEAD + b"x: " + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH),
        Bad("YAML nested 500,000 deep, unclosed", b"[" * 500_000),
        Bad("block sequences nested 5,000 deep", b"- " * 5_000 + b"x"),
        Bad("JSON nested 5,000 deep", b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "file.json"),
        Bad("alias bomb: 350 bytes that expand to 254 MB", HEAD + BOMB),
        Bad("merge-key bomb: 120,000 keys out of 20 kB", HEAD + MERGES),
        Bad("a string of 9 kB aliased 1,000 times", b"a: &a " + b"x" * 9_000 + b"\nb: [" + b"*a," * 1_000),
        Bad("an alias inside what it names", HEAD + b"a: &a\n  b: *a\n"),
        Bad("more than 10,000 documents in a file", b"--- {}\n" * MAX_DOCUMENTS_PER_FILE + b"--- {}\n"),
    ],
    "Bytes that are no text": [
        Bad("UTF-16", "apiVersion: v1\n".encode("utf-16")),
        Bad("UTF-16 without a byte order mark", "apiVersion: v1\n".encode("utf-16-le")),
        Bad("invalid UTF-8", HEAD + b"x: \xff\xfe\n"),
        Bad("a control character", HEAD + b"x: \x07\n"),
        Bad("a compiled program", b"\x7fELF\x02\x01\x01\x00\x00\x00"),
    ],
    "Text that is no YAML or JSON": [
        Bad("an unclosed bracket", HEAD + b"x: [1, 2\n"),
        Bad("a tab for indentation", HEAD + b"metadata:\n\tname: a\n"),
        Bad("a missing colon", HEAD + b"metadata\n  name: a\n"),
        Bad("an alias without an anchor", HEAD + b"x: *nothing\n"),
        Bad("a Helm template: a block", b"{{- if .Values.enabled }}\n" + HEAD + b"{{- end }}\n"),
        Bad("a Helm template: a value", HEAD + b"metadata:\n  name: {{ .Values.name }}\n"),
        Bad("truncated JSON", b'{"apiVersion": "v1",\n "kind": ', "file.json"),
        Bad("JSON with NaN", b'{"apiVersion": "v1", "kind": "Pod", "x": NaN}', "file.json"),
        Bad("JSON with a lone surrogate", b'{"kind": "Pod", "x": "\\ud800"}', "file.json"),
        Bad("two documents without `---`", HEAD + b"...x\n{}\n"),
    ],
    "What Kubernetes does not take": [
        Bad("a key that stands twice", HEAD + b"metadata:\n  name: a\n  name: b\n"),
        Bad("the same in JSON", b'{"apiVersion": "v1",\n "kind": "Pod",\n "kind": "Job"}'),
        Bad('keys `1` and `"1"`', HEAD + b"data:\n  1: a\n  '1': b\n"),
        Bad("NaN", HEAD + b"x: .nan\n"),
        Bad("infinity", HEAD + b"x: -.inf\n"),
        Bad("a null key", HEAD + b"x:\n  ~: a\n"),
        Bad("a float as key", HEAD + b"x:\n  1.10: a\n"),
        Bad("a list as key", HEAD + b"x:\n  [a]: b\n"),
        Bad("a Python tag", HEAD + b"x: !!python/object/apply:os.system [id]\n"),
        Bad("a custom tag", HEAD + b"x: !vault secret\n"),
        Bad("binary", HEAD + b"x: !!binary aGk=\n"),
        Bad("a tag that does not fit", HEAD + b"x: !!int abc\n"),
        Bad("merging what is no mapping", HEAD + b"x: {<<: 5}\n"),
    ],
    "YAML, but no Kubernetes object": [
        Bad("a scalar", b"just text\n"),
        Bad("a list", b"- apiVersion: v1\n  kind: Pod\n"),
        Bad("a JSON array", b'[{"apiVersion": "v1", "kind": "Pod"}]', "file.json"),
        Bad("an empty mapping", b"{}\n"),
        Bad("neither apiVersion nor kind (compose file, values.yaml)", b"services: {web: {image: nginx}}\n"),
        Bad("Helm's Chart.yaml", b"apiVersion: v2\nname: shop\nversion: 1.0.0\n"),
        Bad("kind without apiVersion", b"kind: Pod\nspec: {}\n"),
        Bad("apiVersion without kind", b"apiVersion: v1\nspec: {}\n"),
        Bad("kind is a number", b"apiVersion: v1\nkind: 5\n"),
        Bad("kind is empty", b"apiVersion: v1\nkind: ''\n"),
        Bad("apiVersion is a list", b"apiVersion: [v1]\nname: a\nversion: b\n"),
        Bad("apiVersion is null", b"apiVersion:\nkind: Pod\n"),
        Bad("only comments", b"# nothing here\n"),
    ],
    "Wrongly typed": [
        Bad("metadata is a string", HEAD + b"metadata: a\n"),
        Bad("name is a number", HEAD + b"metadata:\n  name: 5\n"),
        Bad("a label is a boolean", HEAD + b"metadata:\n  labels:\n    on-call: yes\n"),
        Bad("annotations are a list", HEAD + b"metadata:\n  annotations: [a]\n"),
        Bad("spec is a list", HEAD + b"spec: []\n"),
        Bad("a pod template is a string", DEPLOYMENT + b"spec:\n  template: x\n"),
        Bad("replicas is text", DEPLOYMENT + b"spec:\n  replicas: three\n"),
        Bad("containers is a mapping", HEAD + b"spec:\n  containers: {name: a}\n"),
        Bad("a container is a string", CONTAINERS + b"  - nginx\n"),
        Bad("a container is null", CONTAINERS + b"  -\n"),
        Bad("image is a number", CONTAINERS + b"  - image: 1.21\n"),
        Bad("privileged is a string", CONTAINERS + b"  - securityContext:\n      privileged: 'true'\n"),
        Bad("securityContext is a string", HEAD + b"spec:\n  securityContext: root\n"),
        Bad("limits are a list", CONTAINERS + b"  - resources:\n      limits: [1]\n"),
        Bad("a variable is a boolean", CONTAINERS + b"  - env:\n    - name: A\n      value: yes\n"),
        Bad("hostPath is a string", HEAD + b"spec:\n  volumes:\n  - name: a\n    hostPath: /etc\n"),
        Bad("verbs is a string", ROLE + b"rules:\n- verbs: '*'\n"),
        Bad("a placeholder for a port", SERVICE + b"spec:\n  ports:\n  - port: ${PORT}\n"),
        Bad("items is a string", b"apiVersion: v1\nkind: List\nitems: none\n"),
        Bad("an item of a list is a string", b"apiVersion: v1\nkind: List\nitems:\n- none\n"),
        Bad("a Secret's data is a list", b"apiVersion: v1\nkind: Secret\ndata: [a]\n"),
    ],
    "Odd, but fine": [
        Bad("null wherever a value is optional", HEAD + b"metadata:\nspec:\n  containers:\n  volumes:\n"),
        Bad("a byte order mark and CRLF", b"\xef\xbb\xbf" + HEAD.replace(b"\n", b"\r\n")),
        Bad("`yes`, `017` and a date", HEAD + b"x: [yes, 017, 2001-01-01]\n"),
        Bad("keys that are whole numbers or booleans", HEAD + b"data: {9000: a, on: b}\n"),
        Bad("an empty list", b"apiVersion: v1\nkind: List\nitems: []\n"),
        Bad("a kind that nobody knows", b"apiVersion: example.org/v1\nkind: Thing\nspec: 5\n"),
    ],
}  # fmt: skip
ROWS = [bad for rows in SECTIONS.values() for bad in rows]


def outcome(bad):
    found = [o for o in read_manifests(bad.data, bad.path) if not isinstance(o, Skipped)] or list(
        read_manifests(bad.data[:10_000], bad.path)
    )
    if not found:
        return "nothing to read"
    (first,) = found
    if isinstance(first, Manifest):
        return "read as " + json.dumps(
            {k: v for k, v in first.obj.items() if k not in {"apiVersion", "kind"}}
        )
    word = "skipped" if isinstance(first, Skipped) else "unread"
    return f"{word}, line {first.line}: {first.reason}"


def table():
    lines = []
    for section, rows in SECTIONS.items():
        lines += [f"### {section}", "", "| input | what it gets |", "|---|---|"]
        lines += [f"| {bad.name} | {outcome(bad).replace('|', chr(92) + '|')} |" for bad in rows]
        lines.append("")
    return "\n".join(lines)


def page_with(table_text):
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    return f"{before}{BEGIN}\n{table_text}{END}{after}"


def test_the_page_says_what_happens():
    assert PAGE.read_text(encoding="utf-8") == page_with(table()), f"run `python {Path(__file__).name}`"


def stands_between_others(bad):
    return bad.path.endswith(".yaml") and b"\0" not in bad.data and len(bad.data) < 70_000


@pytest.mark.parametrize("bad", list(filter(stands_between_others, ROWS)), ids=str)
def test_a_bad_document_harms_no_other_and_names_its_line(bad):
    before = HEAD + b"metadata: {name: before}\n---\n"
    data = before + bad.data.removeprefix(b"\xef\xbb\xbf") + b"\n---\n" + HEAD + b"metadata: {name: after}\n"
    found = list(read_manifests(data, "file.yaml"))
    assert isinstance(found[0], Manifest)
    assert isinstance(found[-1], Manifest)
    assert found[-1].obj["metadata"] == {"name": "after"}
    alone = list(read_manifests(bad.data, bad.path))
    assert [o.line for o in found[1:-1]] == [o.line + before.count(b"\n") for o in alone]


@pytest.mark.parametrize("bad", [bad for bad in ROWS if outcome(bad).startswith("unread")], ids=str)
def test_a_reason_says_what_to_do(bad):
    assert re.search(
        r"correct|remove|quote|split|flatten|write|render|convert|save|put|begin|add|give", outcome(bad)
    )


@pytest.mark.parametrize("bad", SECTIONS["Beyond a limit"], ids=str)
def test_a_limit_is_reached_quickly(bad):
    begin = time.process_time()
    list(read_manifests(bad.data, bad.path))
    assert time.process_time() - begin < 1.0  # the largest takes 0.05 s; without limits the bombs take many


if __name__ == "__main__":
    PAGE.write_text(page_with(table()), encoding="utf-8")
