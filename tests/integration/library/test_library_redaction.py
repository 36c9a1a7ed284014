"""Policies judge documents without their secrets as they judge them with: hiding a secret hides no verdict."""

from pathlib import Path

import pytest

from jade_common.tools import find
from jade_policy.library import own_library
from jade_policy.manifests import Manifest, read_manifests
from jade_policy.opa import Engine
from jade_policy.redaction import redact
from jade_policy.verdicts import Review

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]
FOLDERS = [ROOT / "data", ROOT.parent / "shared" / "manifests"]


@pytest.mark.parametrize("folder", FOLDERS, ids=["fixtures", "real"])
def test_no_verdict_hangs_on_a_hidden_value(folder):
    if not folder.exists():
        pytest.skip("../shared/manifests is not here")
    documents = [
        one.obj
        for path in sorted(folder.rglob("*.yaml"))
        for one in read_manifests(path.read_bytes(), str(path))
        if isinstance(one, Manifest)
    ]
    pairs = [(obj, safe) for obj in documents if (safe := redact(obj)) is not obj]
    assert len(pairs) > 10  # else this says nothing
    with Engine(own_library(), opa=find("opa").path, limit_seconds=10.0).start() as engine:
        seen = engine.judge([Review(obj) for obj, _ in pairs])
        unseen = engine.judge([Review(safe) for _, safe in pairs])
    assert unseen == seen
