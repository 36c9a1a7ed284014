"""Runs in a real MLflow on sqlite, read back with its own client; and an MLflow that is missing, away or leaves."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import structlog
from mlflow import MlflowClient

from jade_common.reports import write_report
from jade_common.settings import TrackingSettings
from jade_common.tracking import tracked_run

WRITER = """
import sys
from jade_common.settings import TrackingSettings
from jade_common.tracking import tracked_run
with tracked_run("ranker", name=sys.argv[2], settings=TrackingSettings(state_dir=sys.argv[1])) as run:
    run.metrics({f"figure_{number}": number for number in range(150)})
assert run.id
"""


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory):
    """A state directory whose database is there: laying one out takes seconds."""
    folder = tmp_path_factory.mktemp("laid out")
    with tracked_run("first", name="first", settings=TrackingSettings(state_dir=folder)) as run:
        assert run.id
    return folder


@pytest.fixture
def settings(laid_out, tmp_path):
    """Of a database of its own, below a folder with a space."""
    folder = tmp_path / "a project" / ".jade"
    folder.mkdir(parents=True)
    shutil.copy(laid_out / "mlflow.db", folder)
    return TrackingSettings(state_dir=folder)


@pytest.fixture
def warned():
    with structlog.testing.capture_logs() as lines:
        yield lambda: [line for line in lines if line["log_level"] == "warning"]


def client(settings):
    return MlflowClient(tracking_uri=settings.target)


def test_a_run_is_read_back_as_it_was_logged(settings, tmp_path, warned):
    artefact = tmp_path / "model-card.md"
    artefact.write_text("# Model\n")
    with tracked_run(
        "ranker",
        name="eval-ranker",
        params={"seed": 7, "split": "tools left out"},
        tags={"stage": "dev"},
        library="sha256:abc",
        settings=settings,
    ) as run:
        run.metrics({"hit@5": 0.95, "ece": 0.04, "passed": True})
        run.metrics({"loss": 0.7}, step=0)
        run.metrics({"loss": 0.5}, step=1)
        run.artifact(artefact)
        run.table("tools", ["tool", "hit"], [["trivy", 0.9], ["kyverno, new", 0.8]])
    stored = client(settings).get_run(run.id)
    assert stored.info.status == "FINISHED"
    assert stored.info.run_name == "eval-ranker"
    assert stored.data.metrics == {"hit_at_5": 0.95, "ece": 0.04, "passed": 1.0, "loss": 0.5}
    assert [one.value for one in client(settings).get_metric_history(run.id, "loss")] == [0.7, 0.5]
    assert stored.data.params == {"seed": "7", "split": "tools left out"}
    assert stored.data.tags["stage"] == "dev"
    assert stored.data.tags["library.digest"] == "sha256:abc"
    assert stored.data.tags["version.jade-common"] == "0.1.0"
    assert {one.path for one in client(settings).list_artifacts(run.id)} == {"model-card.md", "tools.csv"}
    folder = settings.state_dir / "mlruns" / run.id / "artifacts"
    assert (folder / "tools.csv").read_text() == 'tool,hit\ntrivy,0.9\n"kyverno, new",0.8\n'
    assert warned() == []


def test_a_run_names_the_commit_and_whether_files_differ_from_it(settings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with tracked_run("ranker", name="outside", settings=settings) as run:
        pass
    assert "mlflow.source.git.commit" not in client(settings).get_run(run.id).data.tags
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    (tmp_path / "file").write_text("1")
    for arguments in (["init", "-q"], ["add", "file"], [*identity, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", *arguments], check=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout
    for content, dirty in (("1", "false"), ("2", "true")):
        (tmp_path / "file").write_text(content)
        with tracked_run("ranker", name="inside", settings=settings) as run:
            pass
        tags = client(settings).get_run(run.id).data.tags
        assert (tags["mlflow.source.git.commit"], tags["git.dirty"]) == (commit.strip(), dirty)


@pytest.mark.parametrize(("error", "status"), [(ValueError, "FAILED"), (KeyboardInterrupt, "KILLED")])
def test_what_stops_an_evaluation_ends_its_run_and_goes_on_to_the_caller(settings, error, status):
    with pytest.raises(error), tracked_run("ranker", name="x", settings=settings) as run:
        raise error
    assert client(settings).get_run(run.id).info.status == status


def test_more_params_and_metrics_than_one_call_takes(settings, warned):
    with tracked_run(
        "r", name="x", params={f"p{n}": "v" * 9_000 for n in range(130)}, settings=settings
    ) as run:
        run.metrics({f"m{n}": n for n in range(1_200)})
    stored = client(settings).get_run(run.id).data
    assert (len(stored.params), len(stored.metrics)) == (130, 1_200)
    assert warned() == []


def writer(folder, name):
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", WRITER, folder, name],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_first_starts_that_are_killed_or_meet_leave_a_database_for_all(tmp_path):
    database, draft = tmp_path / "mlflow.db", tmp_path / "mlflow.db.new"
    with writer(tmp_path, "killed") as killed:
        while not (draft.exists() and draft.stat().st_size > 200_000):  # of 1 MB in the end
            assert killed.poll() is None, killed.stdout.read()
        killed.kill()
    assert not database.exists()
    writers = [writer(tmp_path, str(number)) for number in range(3)]
    outputs = [one.communicate(timeout=200)[0] for one in writers]
    assert [one.returncode for one in writers] == [0, 0, 0], outputs
    reader = client(TrackingSettings(state_dir=tmp_path))
    runs = reader.search_runs([reader.get_experiment_by_name("ranker").experiment_id])
    assert {run.info.run_name for run in runs} == {"0", "1", "2"}
    assert all(len(run.data.metrics) == 150 and run.info.status == "FINISHED" for run in runs)


def test_a_missing_artefact_costs_itself_alone(settings, tmp_path, warned):
    with tracked_run("ranker", name="x", settings=settings) as run:
        run.artifact(tmp_path / "none.json")
        run.metrics({"hit": 1})
    assert client(settings).get_run(run.id).data.metrics == {"hit": 1}
    assert [line["event"] for line in warned()] == ["tracking.artifact_missing"]


def test_without_mlflow_a_warning_names_the_extra_and_the_evaluation_goes_on(tmp_path, monkeypatch, warned):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with tracked_run(
        "ranker", name="x", params={"a": 1}, settings=TrackingSettings(state_dir=tmp_path)
    ) as run:
        run.metrics({"hit": 1})
        run.artifact(tmp_path)
        run.table("t", [], [])
    assert run.id is None
    (line,) = warned()
    assert line["event"] == "tracking.off"
    assert "jade-common[tracking]" in line["reason"]


def test_a_database_that_is_none_is_a_warning(tmp_path, warned):
    (tmp_path / "mlflow.db").write_bytes(b"no database, but text" * 99)
    with tracked_run("ranker", name="x", settings=TrackingSettings(state_dir=tmp_path)) as run:
        run.metrics({"hit": 1})
    assert [line["event"] for line in warned()] == ["tracking.off"]


def test_a_folder_that_cannot_be_made_is_a_warning(tmp_path, warned):
    (tmp_path / "file").touch()
    with tracked_run("ranker", name="x", settings=TrackingSettings(state_dir=tmp_path / "file")) as run:
        run.metrics({"hit": 1})
    assert [line["event"] for line in warned()] == ["tracking.off"]


def test_a_server_that_is_away_or_silent_is_a_warning_without_its_password(warned):
    with socket.socket() as silent, socket.socket() as closed:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        closed.bind(("127.0.0.1", 0))
        for listener in (silent, closed):
            uri = f"http://jade:hunter2@127.0.0.1:{listener.getsockname()[1]}"
            with tracked_run("ranker", name="x", settings=TrackingSettings(uri=uri, timeout=1)) as run:
                run.metrics({"hit": 1})
            assert run.id is None
    assert [line["event"] for line in warned()] == ["tracking.off", "tracking.off"]
    assert "hunter2" not in str(warned())


class Leaving(BaseHTTPRequestHandler):
    """An MLflow that starts a run and is gone afterwards."""

    def do_GET(self):
        self.answer({"experiment": {"experiment_id": "1", "name": "ranker", "lifecycle_stage": "active"}})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({"run": {"info": {"run_id": "a" * 32, "experiment_id": "1"}, "data": {}}})

    def answer(self, content):
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_server_that_leaves_is_warned_of_once(warned):
    with HTTPServer(("127.0.0.1", 0), Leaving) as server:
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        uri = f"http://127.0.0.1:{server.server_address[1]}"
        with tracked_run("ranker", name="x", settings=TrackingSettings(uri=uri, timeout=1)) as run:
            server.shutdown()
            server.server_close()
            serving.join()
            for number in range(3):
                run.metrics({"hit": number})
    assert run.id == "a" * 32
    assert [(line["event"], line["run"]) for line in warned()] == [("tracking.lost", run.id)]


def test_tracking_that_is_off_makes_no_files(tmp_path, warned, monkeypatch):
    monkeypatch.setenv("JADE_MLFLOW_ENABLED", "false")
    monkeypatch.setenv("JADE_STATE_DIR", str(tmp_path))
    with tracked_run("ranker", name="x") as run:
        run.metrics({"hit": 1})
    assert (run.id, list(tmp_path.iterdir()), warned()) == (None, [], [])


def test_a_report_with_an_experiment_is_a_run_of_it(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("JADE_STATE_DIR", str(settings.state_dir))
    figures = {"coverage": 0.97, "engine": "1.22.2"}
    path = write_report("eval-coverage", figures, [], tmp_path / "reports", experiment="policies")
    reader = client(settings)
    (run,) = reader.search_runs([reader.get_experiment_by_name("policies").experiment_id])
    assert run.info.run_name == "eval-coverage"
    assert run.data.metrics == {"coverage": 0.97}
    assert run.data.params == {"engine": "1.22.2"}
    kept = settings.state_dir / "mlruns" / run.info.run_id / "artifacts" / "eval-coverage.json"
    assert kept.read_bytes() == path.read_bytes()


def test_a_report_without_one_loads_no_mlflow(tmp_path):
    program = "import sys; from jade_common.reports import write_report; write_report('bench', {}, []); "
    done = subprocess.run(
        [sys.executable, "-c", program + "print('mlflow' in sys.modules)"],
        cwd=tmp_path,
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "False"
