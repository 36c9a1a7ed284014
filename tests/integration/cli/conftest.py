"""The command line in this process, with one OPA for all its scans."""

from pathlib import Path
from typing import NamedTuple

import pytest
import structlog

from jade_cli.main import run
from jade_cli.scan import offline
from jade_common.tools import find
from jade_policy.library import own_library
from jade_policy.opa import Engine

VIOLATING = """\
apiVersion: v1
kind: Pod
metadata:
  name: cart
  namespace: shop
spec:
  containers:
    - name: cart
      image: registry.example.com/cart:1.0
      env:
        - {name: DB_PASSWORD, value: hunter2hunter2}
      securityContext:
        privileged: true
"""
CLEAN = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\ndata: {colour: red}\n"


class Done(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


class Kept:
    """An engine that outlives the scan that asks for one of Jade's own library."""

    def __init__(self, engine):
        self._engine = engine

    def __getattr__(self, name):
        return getattr(self._engine, name)

    def start(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        """Kept as well."""

    def close(self):
        """Kept for the next scan."""


@pytest.fixture(scope="session")
def kept_engine():
    with Engine(own_library(), opa=find("opa").path, limit_seconds=offline.LIMIT_SECONDS) as engine:
        yield engine


@pytest.fixture
def logs_as_before():
    """A command tells the loggers of its process where to write; this process is that of other tests as well."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture
def jade(kept_engine, monkeypatch, capfd, logs_as_before):
    """Runs a command line as `jade` would."""
    new_engine = offline.new_engine
    monkeypatch.setattr(
        offline,
        "new_engine",
        lambda library: Kept(kept_engine) if library is None else new_engine(library),
    )

    def command(*arguments):
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        done = capfd.readouterr()
        return Done(code, done.out, done.err)

    return command


@pytest.fixture
def shop(tmp_path, monkeypatch) -> Path:
    """A folder with a violating, a clean and a foreign document; it is the current one."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "cart.yaml").write_text(VIOLATING)
    (folder / "settings.yaml").write_text(CLEAN)
    (folder / "values.yaml").write_text("replicas: 3\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JADE_CONFIG", raising=False)
    return folder
