"""docs/cli.md lists what there is, and `jade --help` comes at once."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from jade_cli.exits import CLEAN, FOUND, INCOMPLETE, INTERRUPTED, USAGE
from jade_cli.main import app
from jade_cli.settings import ScanSettings

PAGE = Path(__file__).parents[3] / "docs" / "cli.md"
HEAVY = {
    "faststream",
    "nats",
    "pydantic_settings",
    "orjson",
    "yaml",
    "rich",
    "prometheus_client",
    "redis",
    "fastapi",
}


def sections():
    """The text of each section by the commands in its heading."""
    found = {}
    for part in PAGE.read_text("utf-8").split("\n## ")[1:]:
        heading, text = part.split("\n", 1)
        for command in re.findall(r"jade ((?:(?:policies|events|dlq) )?[a-z]+)", heading):
            found[command] = text
    return found


def commands(group, prefix=""):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


COMMANDS = dict(commands(typer.main.get_command(app)))


def test_every_command_has_its_section_and_no_other():
    assert set(COMMANDS) == set(sections())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_listed(name):
    text = sections()[name]
    for parameter in COMMANDS[name].params:
        for option in parameter.opts:
            if option.startswith("-") and option not in {"-h", "--help"}:
                assert f"`{option}" in text, f"{option} of jade {name} is not in docs/cli.md"


@pytest.mark.parametrize(
    "name", [name for name in COMMANDS if name.split()[0] in {"events", "dlq", "replay"}]
)
def test_help_shows_examples_that_can_be_run(name):
    examples = [line.split("#")[0].strip() for line in COMMANDS[name].epilog.splitlines() if "jade " in line]
    assert any(line.startswith(f"jade {name}") for line in examples)
    for line in examples:
        for option in re.findall(r"--[a-z-]+", line.partition("|")[0].removeprefix("jade watch")):
            known = {opt for one in COMMANDS[name].params for opt in (*one.opts, *one.secondary_opts)}
            assert option in known or "jade watch" in line


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_does(name):
    assert COMMANDS[name].help
    assert all(getattr(parameter, "help", None) for parameter in COMMANDS[name].params)


def test_exit_codes_and_settings_are_listed():
    text = PAGE.read_text("utf-8")
    for code in (CLEAN, FOUND, USAGE, INCOMPLETE, INTERRUPTED):
        assert f"\n| {code} | " in text
    for name in ScanSettings.model_fields:
        assert f"| `{name}`" in text
        assert f"`JADE_SCAN_{name.upper()}`" in text


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from jade_cli.main import run; run(['--help']); "
        "print(sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    imported = set(re.findall(r"'(\w+)'", done.stderr))
    assert "typer" in imported
    assert not imported & HEAVY
