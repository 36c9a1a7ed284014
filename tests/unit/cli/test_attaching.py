"""Manifests leave without their secrets, and with their lines."""

from jade_cli.onbus.attaching import without_secrets
from jade_policy.manifests import Manifest, Unread, read_manifests
from jade_policy.redaction import redact

DEPLOYMENT = b"""\
apiVersion: v1
kind: Pod
metadata: {name: cart}
spec:
  containers:
    - name: cart
      env:
        - name: DB_PASSWORD
          value: "hunter2hunter2"   # keep
        - name: MODE
          value: fast
---
apiVersion: v1
kind: Pod
metadata: {name: till}
"""


def manifests(text):
    return [one for one in read_manifests(text.encode(), "x.yaml") if isinstance(one, Manifest)]


def test_secret_is_replaced_where_it_stands():
    text = without_secrets(DEPLOYMENT, "x.yaml")
    assert text == DEPLOYMENT.decode().replace("hunter2hunter2", "REDACTED")


def test_what_nobody_need_hide_stays_as_it_is():
    plain = b"apiVersion: v1\nkind: Namespace\nmetadata: {name: a} # x\n...\n---\napiVersion: v1\nkind: Pod\n"
    assert [one.line for one in manifests(without_secrets(plain, "x"))] == [
        one.line for one in manifests(plain.decode())
    ]


def test_secret_over_several_lines_or_repeated_in_a_comment_is_written_anew():
    secret = b"""\
---
# the key is c2VjcmV0c2VjcmV0c2VjcmV0
apiVersion: v1
kind: Secret
metadata: {name: a}
data:
  key: |
    c2VjcmV0
    c2VjcmV0
  other: c2VjcmV0c2VjcmV0c2VjcmV0
---
apiVersion: v1
kind: Pod
metadata: {name: b}
"""
    text = without_secrets(secret, "x.yaml")
    assert "c2VjcmV0" not in text
    first, second = manifests(text)
    assert first.obj == redact(manifests(secret.decode())[0].obj)
    assert second.line == manifests(secret.decode())[1].line


def test_document_that_cannot_be_read_keeps_its_place():
    data = b"a: [\npassword: hunter2hunter2hunter2x1A\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\n"
    text = without_secrets(data, "x.yaml")
    documents = list(read_manifests(text.encode(), "x.yaml"))
    assert isinstance(documents[0], Unread)
    assert documents[1].line == 4
