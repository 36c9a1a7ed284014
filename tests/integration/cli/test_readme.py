"""The README shows what really happens: its commands run, and print what it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jade_common.tools import ToolNotFoundError, find

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
SHOWN = [block for block in BLOCKS if len(block.strip().splitlines()) > 1 and block.count("\n$ ") == 0]

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("block", SHOWN, ids=[block.splitlines()[0][2:40] for block in SHOWN])
def test_command_prints_what_the_readme_shows(block):
    command, *expected = block.strip("\n").splitlines()
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        command.removeprefix("$ "),
        shell=True,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "\n".join(expected) in done.stdout, done.stdout + done.stderr


def test_demo_prints_what_the_readme_shows():
    try:
        find("checkov")
    except ToolNotFoundError as error:
        pytest.skip(str(error))
    (excerpt,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    command = [Path(sys.executable).with_name("jade"), "demo", "data/fixtures/negative/shop"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"NO_COLOR": "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    shown = [line.rstrip("…") for line in excerpt.splitlines() if line.strip() != "…"]
    assert len(shown) > 5
    assert [line for line in shown if line not in done.stdout] == []


def test_every_command_is_one_that_jade_or_make_has():
    commands = {
        line.split()[1] for block in BLOCKS for line in block.splitlines() if line.startswith("$ jade ")
    }
    targets = {
        line.split()[2] for block in BLOCKS for line in block.splitlines() if line.startswith("$ make ")
    }
    shown = subprocess.run(
        [Path(sys.executable).with_name("jade"), "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert {command for command in commands if command not in shown} == set()
    assert {target for target in targets if f"\n{target}: " not in (ROOT / "Makefile").read_text()} == set()


def test_links_lead_somewhere():
    pages = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "SECURITY.md",
        *(ROOT / "docs").rglob("*.md"),
    ]
    pages += (ROOT / "services").glob("*/README.md")
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_two_commands_are_there():
    assert len(SHOWN) >= 2
    assert "$ make demo" in README
    assert "$ make test" in README
