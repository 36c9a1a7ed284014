"""A scan is quick: judging begins while files are read, and nothing is imported or collected that need not be."""

import gc
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from jade_cli import main
from jade_cli.scan import offline
from jade_policy.verdicts import Verdict

DOCUMENTS = [
    {"kind": "Pod", "metadata": {"name": str(number)}} for number in range(2 * offline.DOCUMENTS + 1)
]
INVENTORY = {"cluster": {}, "namespace": {}}


class FakeEngine:
    """Says which documents it was asked about, with or without the inventory."""

    library = SimpleNamespace(policies=[SimpleNamespace(id=name) for name in "abc"])
    needing_cluster = frozenset("b")

    def __init__(self):
        self.asked = threading.Event()

    def start(self):
        return self

    def close(self):
        pass

    def judge(self, reviews, *, only):
        assert only == ({"a", "c"} if reviews[0].inventory is None else {"b"})
        self.asked.set()
        return [
            [
                Verdict(name, review.object["metadata"]["name"], "unknown", reason=str(review.inventory))
                for name in sorted(only)
            ]
            for review in reviews
        ]


@pytest.fixture
def engine(monkeypatch):
    fake = FakeEngine()
    monkeypatch.setattr(offline, "new_engine", lambda _: fake)
    return fake


def test_documents_are_judged_while_more_are_read(engine):
    with offline.Offline(None) as judge:
        for document in DOCUMENTS[: offline.DOCUMENTS]:
            judge.take(document)
        assert engine.asked.wait(10)


@pytest.mark.parametrize("number", [0, 1, offline.DOCUMENTS, len(DOCUMENTS)])
def test_each_document_gets_all_judgements_in_order(engine, number):
    with offline.Offline(None) as judge:
        for document in DOCUMENTS[:number]:
            judge.take(document)
        answers = list(judge.judge(INVENTORY))
    assert [[one.constraint for one in answer] for answer in answers] == [[str(n)] * 3 for n in range(number)]
    alone, in_cluster = str(None), str(INVENTORY)
    for answer in answers:
        assert [(one.policy_id, one.reason) for one in answer] == [
            ("a", alone),
            ("b", in_cluster),
            ("c", alone),
        ]


def test_a_scan_imports_nothing_of_other_scanners():
    code = "import sys, jade_cli.scan.scanning, jade_cli.scan.offline; print('jade_common.events' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_command_collects_rarely_and_switches_often(monkeypatch):
    before, interval = gc.get_threshold(), sys.getswitchinterval()
    monkeypatch.setattr(main, "run", lambda _: 0)
    try:
        with pytest.raises(SystemExit):
            main.main()
        assert gc.get_threshold() == main.COLLECT
        assert sys.getswitchinterval() == pytest.approx(main.SWITCH_SECONDS)
    finally:
        gc.set_threshold(*before)
        sys.setswitchinterval(interval)
