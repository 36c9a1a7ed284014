"""Secrets disappear, everything else stays."""

import copy
import json
import random
import statistics
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jade_policy.manifests import Manifest, read_manifests
from jade_policy.redaction import REDACTED, redact, redact_text
from jade_policy.secret_names import is_secret_name

CORPUS = Path(__file__).parents[4] / "shared" / "manifests"
CANARY = "cAnary7x"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def env(name, value):
    variable = {"name": name, "value": value}
    return {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"env": [variable]}]}}


def args(*values):
    return {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "c", "args": list(values)}]}}


def config(key, value):
    return {"apiVersion": "v1", "kind": "ConfigMap", "data": {key: value}}


def annotated(key, value):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"annotations": {key: value}}}


PLACES = {
    "a Secret": lambda c: {"kind": "Secret", "data": {"any": c}, "stringData": {"other": c}},
    "a Secret in a List": lambda c: {"kind": "List", "items": [{"kind": "Secret", "data": {"any": c}}]},
    "a Secret in a review": lambda c: {"request": {"oldObject": {"kind": "Secret", "data": {"any": c}}}},
    "a Secret whose data is text": lambda c: {"kind": "Secret", "data": c},
    "a Secret whose data is nested": lambda c: {"kind": "Secret", "data": {"a": {"b": [c]}}},
    "DB_PASSWORD": lambda c: env("DB_PASSWORD", c),
    "PGPASSWORD": lambda c: env("PGPASSWORD", c),
    "MYSQL_ROOT_PASS": lambda c: env("MYSQL_ROOT_PASS", c),
    "AWS_SECRET_ACCESS_KEY": lambda c: env("AWS_SECRET_ACCESS_KEY", c),
    "AWS_ACCESS_KEY_ID": lambda c: env("AWS_ACCESS_KEY_ID", c),
    "githubToken": lambda c: env("githubToken", c),
    "SLACK_API_KEY": lambda c: env("SLACK_API_KEY", c),
    "spring.datasource.password": lambda c: env("spring.datasource.password", c),
    "CONNECTION_STRING": lambda c: env("CONNECTION_STRING", c),
    "BASIC_AUTH": lambda c: env("BASIC_AUTH", c),
    "PRIVATE_KEY": lambda c: env("TLS_PRIVATE_KEY", c),
    "DATABASE_URL with a password": lambda c: env("DATABASE_URL", f"postgres://shop:{c}@db:5432/shop?sslmode=off"),
    "a redis URL without a user": lambda c: env("CACHE", f"redis://:{c}@cache"),
    "java options": lambda c: env("JAVA_OPTS", f"-Xmx1g -Djavax.net.ssl.keyStorePassword={c} -Dx=y"),
    "a private key": lambda c: env("PEM", f"-----BEGIN PRIVATE KEY-----\n{c}\n-----END PRIVATE KEY-----"),
    "a truncated private key": lambda c: env("PEM", f"-----BEGIN PRIVATE KEY-----\n{c}"),
    "a JSON web token": lambda c: env("X", f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx{c}In0.sig{c}"),
    "--password=": lambda c: args("--user=shop", f"--password={c}"),
    "--password and its value": lambda c: args("--password", c, "--verbose"),
    "-password": lambda c: args("-password", c),
    "--api-key in a command": lambda c: {"command": ["curl", "--api-key", c]},
    "a shell script": lambda c: args("sh", "-c", f"set -e\nexport TOKEN={c}\nmysql -u root -p{c} shop | gzip"),
    "curl -u": lambda c: args("sh", "-c", f"curl -s -u shop:{c} https://example.org"),
    "an authorization header": lambda c: args("sh", "-c", f"wget --header 'Authorization: Bearer {c}' ftp://a"),
    "PGPASSWORD before a command": lambda c: args(f"PGPASSWORD={c} psql -h db"),
    "last-applied": lambda c: annotated(LAST_APPLIED, json.dumps({"x": c})),
    "an annotation by its name": lambda c: annotated("example.org/api-token", c),
    "an annotation with a pair": lambda c: annotated("example.org/config", f"user=a;password={c}"),
    "a ConfigMap's key": lambda c: config("DB_PASSWORD", c),
    "a properties file": lambda c: config("app.properties", f"name=x\nspring.datasource.password = {c}\n"),
    "a YAML file": lambda c: config("app.yaml", f'db:\n  host: x\n  password: "{c}"\n  token: {c}\n'),
    "a JSON file": lambda c: config("app.json", json.dumps({"db": {"password": c, "clientSecret": c}})),
    "an npmrc": lambda c: config("npmrc", f"//registry.npmjs.org/:_authToken={c}\n"),
    "a Secret in a file": lambda c: config("a.yaml", f"kind: Secret\ndata:\n  a: {c}\n  b: |\n    {c}\n"),
    "a field of a custom resource": lambda c: {"kind": "Grafana", "spec": {"config": {"adminPassword": c}}},
    "a Helm parameter": lambda c: {"spec": {"parameters": [{"name": "auth.password", "value": c}]}},
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_secret_disappears(place):
    obj = place(CANARY)
    before = copy.deepcopy(obj)
    hidden = redact(obj)
    assert CANARY not in json.dumps(hidden)
    assert REDACTED in json.dumps(hidden)
    assert obj == before
    assert redact(hidden) is hidden or redact(hidden) == hidden


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(list(PLACES)), min_size=1, max_size=6))
def test_no_canary_survives_anywhere(rng, names):
    alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    canaries = ["".join(rng.choices(alphabet, k=rng.randint(8, 40))) + "q" for _ in names]
    obj = {
        "kind": "List",
        "items": [PLACES[name](canary) for name, canary in zip(names, canaries, strict=True)],
    }
    written = json.dumps(redact(obj))
    assert [c for c in canaries if c in written] == []


def test_names_and_structure_stay():
    obj = {"kind": "Secret", "metadata": {"name": "a"}, "data": {"k": "eA==", "none": None}, "type": "Opaque"}
    assert redact(obj) == {**obj, "data": {"k": REDACTED, "none": None}}
    assert redact({"password": 1234, "spec": {"maxTokens": 5}}) == {
        "password": REDACTED,
        "spec": {"maxTokens": 5},
    }


HARMLESS = {
    "an image": {"image": "registry.example.org/password-service/token:v1.2@sha256:" + "0a1b2c3d" * 8},
    "references": {
        "env": [
            {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db-pass", "key": "password"}}},
            {"name": "API_TOKEN", "value": "$(SHARED_TOKEN)"},
        ],
        "envFrom": [{"secretRef": {"name": "token"}}],
        "imagePullSecrets": [{"name": "registry-secret"}],
        "volumes": [{"secret": {"secretName": "tls-secret"}}],
        "tls": {"secret": "cafe-secret"},
        "automountServiceAccountToken": False,
    },
    "places and lifetimes": {
        "env": [
            {"name": "TOKEN_URL", "value": "https://id.example.org/oauth/token"},
            {"name": "PASSWORD_FILE", "value": "/run/secrets/password"},
            {"name": "GOOGLE_CREDENTIALS", "value": "/var/secrets/google/key.json"},
            {"name": "TOKEN_TTL", "value": "3600"},
            {"name": "MAX_TOKENS", "value": "4096"},
            {"name": "PASSWORD_RESET_ENABLED", "value": "true"},
            {"name": "ALLOW_EMPTY_PASSWORD", "value": "yes"},
            {"name": "TOKENIZERS_PARALLELISM", "value": "false"},
            {"name": "SECRET_NAME", "value": "shop"},
            {"name": "PWD", "value": "/srv/app"},
            {"name": "DB_PASSWORD", "value": ""},
            {"name": "GIT_COMMIT", "value": "9fceb02d0ae598e95dc970b74767f19372d61af8"},
            {"name": "REGION", "value": "europe-west4"},
        ]
    },
    "arguments": {
        "args": [
            "--tls-private-key-file=/etc/tls/tls.key", "--token-auth-file", "/etc/tokens", "--max-tokens=512",
            "--password=$(DB_PASSWORD)", "--secret-name=a", "--authorization-mode=RBAC", "-v", "2",
        ]
    },
    "labels and selectors": {
        "metadata": {"labels": {"token": "abc", "secret-type": "x"}},
        "spec": {"selector": {"matchLabels": {"password": "abc"}}, "nodeSelector": {"token": "abc"}},
    },
    "annotations": {
        "metadata": {"annotations": {"nginx.org/auth-secret": "basic-auth", "checksum/config": "0a" * 32}}
    },
    "roles": {"rules": [{"resources": ["secrets", "tokenreviews"], "resourceNames": ["api-token"]}]},
    "a webhook's bundle": {"clientConfig": {"caBundle": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"}},
}  # fmt: skip


@pytest.mark.parametrize("obj", HARMLESS.values(), ids=HARMLESS)
def test_what_is_no_secret_stays_the_same_object(obj):
    assert redact(obj) is obj


@pytest.mark.parametrize(
    "text",
    [
        "Ensure that Service Account Tokens are only mounted where necessary",
        "Prefer using secrets as files over secrets as environment variables",
        "Ensure that the --basic-auth-file argument is not set",
        "Ensure that the --use-service-account-credentials argument is set to true",
        "by specifying the automountServiceAccountToken: false. Note that",
        "container 'token' does not set resources: limits",
        "https://docs.example.org/secrets/tokens?key=1#passwords",
        "secretName: tls, tokenPath: /run/token, passwordRef: x",
        "image nginx@sha256:" + "ab" * 32,
    ],
)
def test_a_message_without_secrets_stays(text):
    assert redact_text(text) is text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"password={CANARY}", "password=REDACTED"),
        (f'{{"token":"{CANARY}","a":1}}', '{"token":"REDACTED","a":1}'),
        (f"- name: DB_PASSWORD\n  value: {CANARY}\n", "- name: DB_PASSWORD\n  value: REDACTED\n"),
        (f'"name": "API_KEY", "value": "{CANARY} x"', '"name": "API_KEY", "value": "REDACTED"'),
        (
            f"kind: Secret\ndata:\n  a.b: {CANARY}\ntype: Opaque",
            "kind: Secret\ndata:\n  a.b: REDACTED\ntype: Opaque",
        ),
        (
            f'{{"kind":"Secret","data":{{"a":"{CANARY}"}}}}',
            '{"kind":"Secret","data":{"REDACTED": "REDACTED"}}',
        ),
        (f"ftp://a:{CANARY}@b", "ftp://a:REDACTED@b"),
        ("key AKIA0123456789ABCDEF found", "key REDACTED found"),
    ],
)
def test_secrets_in_text(text, hidden):
    assert redact_text(text) == hidden


TOKEN = "0123456789abcdefABCDEF"
MARKED = {
    f"glpat-{TOKEN}": "glpat-REDACTED",
    f"github_pat_{TOKEN}": "github_pat_REDACTED",
    f"xoxb-{TOKEN}": "xoxb-REDACTED",
    f"hooks.slack.com/services/T0/B0/{TOKEN}": "hooks.slack.com/services/REDACTED",
    f"-----BEGIN RSA PRIVATE KEY-----\n{TOKEN}\n-----END RSA PRIVATE KEY-----": (
        "-----BEGIN RSA PRIVATE KEY-----REDACTED-----END RSA PRIVATE KEY-----"
    ),
}


@pytest.mark.parametrize(("secret", "hidden"), MARKED.items())
def test_whose_a_secret_is_stays_for_policies_to_see(secret, hidden):
    assert redact_text(f"a: {secret}") == f"a: {hidden}"
    assert redact_text(f"a {secret}\nb: c") == f"a {hidden}\nb: c"
    for key in ("any", "session-key", "app.yaml", "tls.key"):
        safe = redact(config(key, secret))
        assert safe == config(key, hidden)
        assert redact(safe) == safe
    file = redact(config("app.yaml", f"name: x\ntoken: {secret}\n"))
    assert TOKEN not in json.dumps(file)
    assert redact(file) == file
    assert redact({"kind": "Secret", "data": {"a": secret}}) == {"kind": "Secret", "data": {"a": REDACTED}}


def test_a_key_that_is_cut_takes_nothing_with_it_the_second_time():
    cut = redact_text(f"-----BEGIN PRIVATE KEY-----\n{TOKEN}")
    assert redact_text(f"{cut}\nand more") == f"{cut}\nand more"


def test_a_reference_to_a_vault_is_no_secret():
    obj = env("DB_PASSWORD", "vault:shop/data/db#password")
    assert redact(obj) is obj
    assert CANARY not in json.dumps(redact(env("DB_PASSWORD", f"vault:{CANARY}")))


@pytest.mark.parametrize(
    "text",
    [
        "token=$(" * 20_000,
        "mysql " * 25_000,
        "eyJ-" * 40_000,
        "password='" * 15_000,
        "a_token_" * 20_000,
        "-----BEGIN " + "A " * 80_000,
    ],
)
def test_no_text_takes_long(text):
    begin = time.process_time()
    redact_text(text)
    assert time.process_time() - begin < 1.0  # 0.2 s at most; a pattern that goes quadratic takes minutes


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda v: st.lists(v) | st.dictionaries(st.text(), v),
        max_leaves=20,
    )
)
def test_any_json_can_be_redacted(value):
    before = copy.deepcopy(value)
    redact(value)
    assert value == before


def test_a_structure_too_deep_is_hidden_not_followed():
    deep = inner = {}
    for _ in range(5000):
        inner["a"] = {}
        inner = inner["a"]
    inner["x"] = CANARY
    hidden = redact(deep)
    for _ in range(200):
        hidden = hidden["a"] if isinstance(hidden, dict) else hidden
    assert hidden == REDACTED


def test_names_of_secrets():
    secret = (
        "PASSWORD passwd db_pass API_KEY apikey clientSecret auth_token CREDENTIALS jwt ENCRYPTION_KEY DSN"
    )
    plain = "KEY SORT_KEY keyboard bypass TOKEN_URL secretName passwordFile tokenizer compass monkey author"
    assert [name for name in secret.split() if not is_secret_name(name)] == []
    assert [name for name in plain.split() if is_secret_name(name)] == []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real manifests is not here")
def test_real_manifests_keep_what_policies_read():
    random.seed(0)
    for file in CORPUS.glob("*.yaml"):
        for manifest in read_manifests(file.read_bytes(), file.name):
            if isinstance(manifest, Manifest) and manifest.obj["kind"] != "Secret":
                _compare(manifest.obj, redact(manifest.obj), "")


def _compare(old, new, pointer):
    """Differences stand only where values of secrets may stand."""
    if old is new:
        return
    if isinstance(old, dict):
        for key, value in old.items():
            _compare(value, new[key], f"{pointer}/{key}")
    elif isinstance(old, list):
        for index, value in enumerate(old):
            _compare(value, new[index], f"{pointer}/{index}")
    else:
        assert pointer.endswith(("/value", "/clientSecret")) or {
            "data",
            "args",
            "command",
            "annotations",
        } & set(pointer.split("/")), f"{pointer}: {old!r}"


def test_a_deployment_takes_little_time():
    obj = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "cart", "labels": {"app": "cart"}, "annotations": {"team": "shop"}},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "cart"}},
            "template": {
                "metadata": {"labels": {"app": "cart"}},
                "spec": {
                    "serviceAccountName": "cart",
                    "containers": [
                        {
                            "name": "cart",
                            "image": "registry.example.org/shop/cart:1.2.3",
                            "args": ["--port=8080", "--log-level=info"],
                            "env": [{"name": "PORT", "value": "8080"}, {"name": "PASSWORD", "value": "x"}],
                            "ports": [{"containerPort": 8080, "name": "http", "protocol": "TCP"}],
                            "resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
                            "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8080}},
                            "securityContext": {"allowPrivilegeEscalation": False},
                        }
                    ],
                },
            },
        },
    }  # fmt: skip
    redact(obj)
    times = []
    for _ in range(200):
        begin = time.perf_counter()
        redact(obj)
        times.append(time.perf_counter() - begin)
    assert statistics.quantiles(times, n=10)[0] < 100e-6  # 17 µs on a quiet machine; a broken gate costs 300
