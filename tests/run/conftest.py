from collections.abc import Callable
from pathlib import Path

import pytest

from gigasite.inputs.folders import scenarios_folder


@pytest.fixture
def scenario(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a scenario that extends a shipped one, short enough to solve in a second."""

    def write(extends: str, text: str = "", days: int = 4) -> Path:
        path = tmp_path / "short.yaml"
        path.write_text(
            f"extends: {scenarios_folder() / extends}\nname: short\nhorizon: {{days: {days}, resolution_h: 6}}\n{text}",
            encoding="utf-8",
        )
        return path

    return write
