"""Every command has help that fits a terminal, with examples that can be typed as they stand."""

from __future__ import annotations

import shlex

import pytest
import typer
from tests.cli.conftest import Desk

from gigasite import api
from gigasite.cli.app import app
from gigasite.cli.examples import EXAMPLES

COMMANDS = [one.name or one.callback.__name__ for one in app.registered_commands if one.callback is not None]
LINES = [(name, line) for name, examples in EXAMPLES.items() for line, _ in examples]


def test_every_command_has_an_example_and_no_other_has() -> None:
    assert set(EXAMPLES) == {"gigasite", *COMMANDS}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_eighty_columns_and_shows_an_example(
    command: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ended = desk.run_here(command, "--help")
    assert ended.code == 0
    assert max(map(len, ended.stdout.splitlines())) <= 80
    assert "gigasite " + command in " ".join(ended.stdout.split("Example", 1)[1].split())


@pytest.mark.parametrize(("name", "line"), LINES)
def test_an_example_is_understood_as_it_stands(name: str, line: str) -> None:
    words = shlex.split(line.partition(">")[0])
    assert words[0] == "gigasite"
    assert name in {"gigasite", words[1]}
    command = typer.main.get_command(app).commands[words[1]]  # type: ignore[attr-defined]
    context = command.make_context(words[1], words[2:])  # parsed, not run
    known = {one.name for one in [*api.scenarios(), *api.studies()]} | {"my-campus", "my-campus.yaml", "my-scenarios"}
    given = [
        context.params[key]
        for key in ("scenarios", "scenario", "runs", "run", "study", "name")
        if key in context.params
    ]
    named = {
        text for one in given for text in (one if isinstance(one, list | tuple) else [one]) if isinstance(text, str)
    }
    assert named <= known


def test_help_asks_for_no_colour_when_piped(desk: Desk) -> None:
    assert "\x1b[" not in desk.run("solve", "--help").stdout
