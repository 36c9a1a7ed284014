"""The examples run as their README says: against a real broker and ranker, across restarts, and failing closed."""

import asyncio
import json
import os
import re
import signal
import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from nats.errors import Error as NatsError

from jade_common.settings import CacheSettings
from jade_common.subjects import Stream
from jade_ranker.app import build_app

pytestmark = pytest.mark.integration

EXAMPLES = Path(__file__).parents[3] / "examples"
MOST_LINES = 60

WEB = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
    - name: web
      image: registry.example.com/web:1.0
      env:
        - {name: DB_PASSWORD, value: hunter2hunter2}
    - name: side
      image: registry.example.com/side:1.0
      securityContext:
        readOnlyRootFilesystem: true
"""


def started(settings, name, *arguments, **options):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JADE_NATS")}
    return asyncio.create_subprocess_exec(
        sys.executable,
        EXAMPLES / name,
        *map(str, arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment | {"JADE_NATS_URL": settings.url},
        **options,
    )


async def ran(settings, name, *arguments, stdin=b"", **options):
    process = await started(settings, name, *arguments, **options)
    out, err = await process.communicate(stdin)
    return process.returncode, out.decode(), err.decode()


@asynccontextmanager
async def ranker(connection, settings):
    app = build_app(nats=settings, cache=CacheSettings(url="memory://"))
    async with app.router.lifespan_context(app):
        async with asyncio.timeout(20):
            while True:
                with suppress(NatsError):  # nobody listens yet
                    await connection.request("rank.ask", b'{"lines": []}', timeout=1)
                    break
        yield


@pytest.fixture
def manifest(tmp_path):
    path = tmp_path / "web.yaml"
    path.write_text(WEB)
    return path


async def test_the_scanner_publishes_each_finding_once_without_secrets(
    connection, nats_settings, manifest, tmp_path
):
    (tmp_path / "broken.yaml").write_text("a: [\n")
    code, out, err = await ran(nats_settings, "scanner.py", manifest, tmp_path / "broken.yaml")
    assert (code, out) == (0, "1 findings, 1 of them new to the bus\n")
    assert "broken.yaml: not read" in err
    assert (await ran(nats_settings, "scanner.py", manifest))[1] == "1 findings, 0 of them new to the bus\n"
    finding = json.loads((await connection.jetstream().get_msg(Stream.IN, 1)).data)
    assert finding["source"] == {"path": str(manifest), "line": 6}
    assert finding["path"] == "/spec/containers/0/securityContext/readOnlyRootFilesystem"
    assert "hunter2" not in json.dumps(finding)


async def test_the_agent_acts_once_a_problem_across_restarts(connection, nats_settings, manifest, tmp_path):
    async with ranker(connection, nats_settings):
        for _ in range(2):  # the second time by another name of the file: another finding, the same problem
            await ran(nats_settings, "scanner.py", manifest)
            manifest = manifest.rename(tmp_path / "moved.yaml")
        first = await started(nats_settings, "agent.py", cwd=tmp_path)
        async with asyncio.timeout(30):
            line = (await first.stdout.readline()).decode()
            problem, policy = line.split()[:2]
            assert policy == "require-read-only-root-filesystem:"
            await settled(connection, 2)
        first.send_signal(signal.SIGKILL)
        rest, _ = await first.communicate()
        assert rest == b""

        second = await started(nats_settings, "agent.py", cwd=tmp_path)
        (tmp_path / "other.yaml").write_text(WEB.replace("name: web, namespace", "name: other, namespace"))
        await ran(nats_settings, "scanner.py", tmp_path / "other.yaml")
        async with asyncio.timeout(30):
            other = (await second.stdout.readline()).decode()
        second.send_signal(signal.SIGINT)
        assert await second.wait() == 130
    assert other.split()[0] != problem
    assert (tmp_path / "acted.txt").read_text().split() == [problem, other.split()[0]]


async def settled(connection, count):
    """Wait until the agent has handled so many."""
    while True:
        info = await connection.jetstream().consumer_info(Stream.OUT, "client-example-agent")
        if info.ack_floor.consumer_seq >= count:
            return


def review(pod):
    request = {"uid": "u-1", "operation": "CREATE", "kind": {"version": "v1", "kind": "Pod"}, "object": pod}
    return json.dumps(
        {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
    ).encode()


async def test_the_validator_denies_what_a_policy_forbids(connection, nats_settings):
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"containers": [{"name": "c", "image": "a:1", "securityContext": {"privileged": True}}]},
    }
    namespace = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "c", "namespace": "shop"},
        "data": {},
    }
    async with ranker(connection, nats_settings):
        denied = await ran(nats_settings, "validator.py", stdin=review(pod))
        allowed = await ran(nats_settings, "validator.py", stdin=review(namespace))
        odd = await ran(nats_settings, "validator.py", stdin=review(pod | {"spec": {"containers": "none"}}))
    response = json.loads(denied[1])["response"]
    assert (denied[0], response["uid"], response["allowed"]) == (1, "u-1", False)
    assert "deny-privileged-pods: " in response["status"]["message"]
    assert (allowed[0], json.loads(allowed[1])["response"]) == (0, {"uid": "u-1", "allowed": True})
    assert (odd[0], json.loads(odd[1])["response"]["allowed"]) == (1, False)


@pytest.mark.parametrize(("stdin", "uid"), [(review({}), "u-1"), (b"{", ""), (b"[]", ""), (b"{}", "")])
async def test_the_validator_fails_closed(connection, nats_settings, stdin, uid):
    code, out, _ = await ran(nats_settings, "validator.py", stdin=stdin)
    response = json.loads(out)["response"]
    assert (code, response["uid"], response["allowed"]) == (1, uid, False)
    assert response["status"]["message"].startswith("not judged: ")


@pytest.mark.parametrize("name", ["scanner.py", "agent.py", "validator.py"])
async def test_nobody_there_is_said(name, nats_settings, manifest):
    nowhere = nats_settings.model_copy(update={"url": "nats://127.0.0.1:9"})
    code, out, err = await ran(nowhere, name, manifest, stdin=review({}))
    assert code == 1
    assert "jade up" in out + err
    assert "Traceback" not in err


def test_each_is_short_and_named_in_the_readme():
    readme = (EXAMPLES / "README.md").read_text()
    programs = sorted(EXAMPLES.glob("*.py"))
    assert [path.name for path in programs] == ["agent.py", "scanner.py", "validator.py"]
    for path in programs:
        assert len(path.read_text().splitlines()) <= MOST_LINES
        assert re.search(rf"\[{path.name}\]\({path.name}\)", readme)
        assert f"python examples/{path.name}" in readme
