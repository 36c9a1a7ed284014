"""`python -m jade_common.topology` signs in, declares once, and changes nothing the second time."""

import subprocess
import sys
from dataclasses import replace

import pytest

from jade_common.servers import nats_server, url
from jade_common.testing.fixtures import running

pytestmark = pytest.mark.integration


def declared(address: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jade_common.topology", "--url", address]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_it_signs_in_and_declares_once(tmp_path, monkeypatch):
    plain = nats_server(tmp_path)
    with running(replace(plain, command=[*plain.command, "--auth", "s3cret"])) as server:
        monkeypatch.setenv("JADE_NATS_TOKEN", "s3cret")
        first, second = declared(url(server)), declared(url(server))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert {line.split()[0] for line in first.stdout.splitlines()} == {"created"}
    assert {line.split()[0] for line in second.stdout.splitlines()} == {"unchanged"}
    assert "JADE_IN" in first.stdout
