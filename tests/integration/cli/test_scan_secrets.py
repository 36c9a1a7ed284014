"""No secret of a manifest reaches an output of `jade scan`, whoever judges and whatever a policy quotes."""

import json

import pytest
import yaml

from jade_cli import outputs

pytestmark = pytest.mark.integration

CANARY = "cAnary7xcAnary7xQ9"
QUOTING = """\
# METADATA
# custom:
#   id: quotes-everything
package quotes_everything
import rego.v1
violation contains {"msg": sprintf("%v", [json.marshal(input.review.object)])} if input.review.object.kind
violation contains {"msg": value, "details": {"path": "/data"}} if some value in input.review.object.data
violation contains {"msg": base64.decode(value)} if {
    input.review.object.kind == "Secret"
    some value in input.review.object.data
}
"""


def config_map(name, **data):
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": "shop"},
        "data": data,
    }


def pod(name, **container):
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"containers": [{"name": "c", "image": "a.example.org/b:1", **container}]},
    }


DOCUMENTS = [
    {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s", "namespace": "shop"},
        "data": {"a": CANARY},
        "stringData": {"b": CANARY},
    },
    config_map("slack", **{"alerts.yaml": f"url: https://hooks.slack.com/services/T0/B0/{CANARY}\n"}),
    config_map("bare", url=f"https://hooks.slack.com/services/T0/B0/{CANARY}"),
    config_map("key", **{"tls.key": f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----\n"}),
    config_map("tokens", **{"session-key": f"glpat-{CANARY}abc", "app.ini": f"bot = xoxb-{CANARY}\n"}),
    config_map("pairs", **{"app.properties": f"db.password={CANARY}\n", "DB_PASSWORD": CANARY}),
    config_map("aws", credentials=f"aws_secret_access_key = {CANARY}\n"),
    pod("env", env=[{"name": "DB_PASSWORD", "value": CANARY}]),
    pod("url", env=[{"name": "DATABASE", "value": f"postgres://shop:{CANARY}@db/shop"}]),
    pod("args", args=["--password", CANARY, f"--api-key={CANARY}"]),
    pod("shell", command=["sh", "-c", f"export TOKEN={CANARY}; mysql -p{CANARY}"]),
    pod("annotated") | {"metadata": {"name": "annotated", "annotations": {"example.org/api-token": CANARY}}},
    pod("held")
    | {
        "metadata": {
            "name": "held",
            "annotations": {"ignore.jade.dev/deny-latest-tag": f"password={CANARY}; until=2999-01-31"},
        }
    },
]
REPORT = {
    "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
    "version": "2.1.0",
    "runs": [
        {
            "tool": {"driver": {"name": "leaky", "rules": []}},
            "results": [
                {
                    "ruleId": "LEAK-1",
                    "message": {"text": f"found password={CANARY} and glpat-{CANARY}abc"},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {"uri": "manifests/all.yaml"},
                                "region": {"startLine": 3},
                            }
                        }
                    ],
                }
            ],
        }
    ],
}


@pytest.fixture
def manifests(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "manifests"
    folder.mkdir()
    (folder / "all.yaml").write_text(yaml.safe_dump_all(DOCUMENTS, sort_keys=False))
    library = tmp_path / "library"
    library.mkdir()
    (library / "policy.rego").write_text(QUOTING)
    (tmp_path / "leaky.sarif").write_text(json.dumps(REPORT))
    return folder


def test_what_is_a_secret_is_found_though_nobody_sees_it(jade, manifests):
    done = jade("scan", manifests, "-o", "json")
    found = {
        one["resource"]["name"]
        for one in json.loads(done.out)["findings"]
        if one["policy_id"] == "deny-secrets-in-config-maps"
    }
    assert found == {"slack", "bare", "key", "tokens", "pairs", "aws"}


@pytest.mark.parametrize("form", outputs.names())
@pytest.mark.parametrize("how", [(), ("--library", "library"), ("--report", "leaky.sarif")])
def test_no_output_shows_a_secret(jade, manifests, form, how):
    done = jade("scan", manifests, *how, "-o", form)
    assert done.code == 1, done.err
    assert CANARY not in done.out + done.err
    assert "cAnary" not in done.out + done.err
    if how:
        assert "REDACTED" in done.out or form == "markdown"
