"""Every command and every program of the documentation runs as it stands there, page by page, in a fresh folder."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from tests.docs.pages import CLOSE, Command, File, Program, missing, pages, steps

LONGEST_S = 240


def environment(folder: Path) -> dict[str, str]:
    """The reader's: gigasite on the path, a wide screen; what is installed goes into the folder and nowhere else."""
    packages = folder / "site-packages"
    return os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "160",
        "NO_COLOR": "1",
        "PYTHONPATH": str(packages),
        "PIP_TARGET": str(packages),
        "PIP_NO_DEPS": "1",
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "false",  # what pip calls it: no isolation
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command and return what it printed, on both streams."""
    return subprocess.run(
        words,
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )


def ask_to_end(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run what runs until Ctrl-C, and press it once it has said where it is."""
    log = folder / "served.txt"
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(words, cwd=folder, env=environment(folder), stdout=file, stderr=subprocess.STDOUT)
        try:
            end = time.monotonic() + 60
            while not _answers(log.read_text(encoding="utf-8")):
                assert process.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() < end, log.read_text(encoding="utf-8")
                time.sleep(0.1)
            process.send_signal(signal.SIGINT)
            code = process.wait(timeout=30)
        finally:
            process.kill()
    return subprocess.CompletedProcess(words, 0 if code in (0, 130) else code, log.read_text(encoding="utf-8"))


def _answers(said: str) -> bool:
    """Whether there is a page at the address that a command has told."""
    address = re.search(r"http://[\w.:]+/", said)
    if address is None:
        return False
    try:
        with urllib.request.urlopen(address[0], timeout=10) as page:
            return page.status == 200
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.parametrize("page", [name for name in pages() if any(not isinstance(s, File) for s in steps(name))])
def test_what_a_page_tells_to_run_runs(page: str, tmp_path: Path) -> None:
    for step in steps(page):
        if isinstance(step, File):
            (tmp_path / step.name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / step.name).write_text(step.text, encoding="utf-8")
        elif isinstance(step, Program):
            done = run([sys.executable, "-W", "ignore", "-c", step.text], tmp_path)
            assert done.returncode == 0, f"{page}:\n{step.text}\n{done.stdout}"
        else:
            words = shlex.split(step.line)
            done = (ask_to_end if words[:2] == ["gigasite", "serve"] else run)(words, tmp_path)
            assert done.returncode == step.exit_code, f"{page}: {step.line}\n{done.stdout}"
            lost = missing(step.quoted, done.stdout)
            assert not lost, f"{page}: {step.line} does not print\n" + "\n".join(lost) + f"\nbut\n{done.stdout}"


def test_a_reader_needs_gigasite_and_little_else() -> None:
    known = {"gigasite", "pip"}
    commands = [step.line for name in pages() for step in steps(name) if isinstance(step, Command)]
    assert {line.split()[0] for line in commands} <= known
    assert len(commands) > 20


def test_every_command_of_the_help_is_shown_on_a_page() -> None:
    from typer.main import get_command

    from gigasite.cli.app import app

    shown = {
        shlex.split(s.line)[1] for name in pages() for s in steps(name) if isinstance(s, Command) and " " in s.line
    }
    assert set(get_command(app).commands) - shown == set()


def test_a_quoted_line_is_found_by_its_words_and_by_numbers_that_are_close() -> None:
    printed = "  Supply costs 47.6 bn USD in present value, 65.1 USD per MWh.\n Gas turbine   1,276   -"
    assert missing(("Supply costs 47.6 bn USD in present value, 65.1 USD per MWh.",), printed) == []
    near = f"Gas turbine   {1276 * (1 + CLOSE / 2):,.0f}   -"
    assert missing((near,), printed) == []
    assert missing(("Gas turbine   1,376   -",), printed) == ["Gas turbine   1,376   -"]
    assert missing(("Gas engine   1,276   -",), printed) == ["Gas engine   1,276   -"]
