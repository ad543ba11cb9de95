"""A scenario with something changed, as a file of its own that extends it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gigasite.foundation.errors import InputError, Problem


def write_variant(folder: Path, scenario: Path, name: str, title: str, changes: Mapping[str, Any]) -> Path:
    """Write a scenario that extends another, and return its file.

    Args:
        folder: where the file is written; made where it is not there.
        scenario: the file it extends.
        name: its name.
        title: what a planner reads above its answer.
        changes: sections and keys that take the place of those of `scenario`.

    Raises:
        InputError: the folder cannot be written.
    """
    said = {"extends": str(scenario.resolve()), "name": name, "title": title, **changes}
    path = folder / f"{name}.yaml"
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in said.items()]  # JSON is YAML
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(lines), encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(Problem(f"{path} cannot be written: {error.strerror}", given=str(path))) from None
    return path
