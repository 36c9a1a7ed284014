"""The bridge's settings, and the bridge as a process."""

import asyncio
import os
import sys

import pytest

from jade_gatekeeper_bridge.settings import GatekeeperBridgeSettings


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "spool").mkdir()
    return GatekeeperBridgeSettings(
        spool=tmp_path / "spool", state=tmp_path / "state.json", poll_seconds=0.02, batch=50
    )


@pytest.fixture
def process(settings):
    """Start the bridge as a process: on the spool, or on the pipe that is given."""

    def start(address, *, stdin=None, log=None):
        environment = {
            **os.environ,
            "JADE_NATS_URL": address,
            "JADE_HTTP_PORT": "0",
            "JADE_GATEKEEPER_BRIDGE_STATE": str(settings.state),
            "JADE_GATEKEEPER_BRIDGE_POLL_SECONDS": "0.02",
            "JADE_GATEKEEPER_BRIDGE_BATCH": "40",
        }
        if stdin is None:
            environment["JADE_GATEKEEPER_BRIDGE_SPOOL"] = str(settings.spool)
        else:
            environment["JADE_GATEKEEPER_BRIDGE_AUDIT_LOG"] = "-"
        return asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "jade_common.worker",
            "gatekeeper-bridge",
            env=environment,
            stdin=stdin,
            stderr=log or asyncio.subprocess.DEVNULL,
        )

    return start
