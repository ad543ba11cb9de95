"""The dark theme: nothing light stays, and technologies stay apart on dark paper."""

import json
from itertools import combinations

import numpy as np
import pytest

from gigasite.formulation.registry import technologies
from gigasite.report.dark import DARK, DARK_PAPER, in_dark
from gigasite.report.run_with_charts import RunWithCharts
from gigasite.report.theme import EDGE, INK, PAPER, QUIET_INK

READERS = {
    "every cone": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Machado, Oliveira and Fernandes (2009), as in test_colours.py."""
LEAST_DISTANCE, LEAST_CONTRAST, LEAST_TEXT_CONTRAST = 12.0, 2.7, 4.5


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def seen(colour: str, reader: str) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ np.clip(np.array(READERS[reader]) @ linear(colour), 0, 1) / np.array([0.9505, 1.0, 1.089])
    curved = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * curved[1] - 16, 500 * (curved[0] - curved[1]), 200 * (curved[1] - curved[2])])


def contrast(one: str, other: str) -> float:
    """Return the ratio that WCAG 2 defines."""
    light, dark = sorted((float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def in_the_dark() -> dict[str, str]:
    return {name: DARK.get(technology.colour, technology.colour) for name, technology in technologies().items()}


@pytest.mark.parametrize("reader", READERS)
def test_no_two_technologies_look_alike_in_the_dark(reader: str) -> None:
    colours = {name: seen(colour, reader) for name, colour in in_the_dark().items()}
    apart = {pair: float(np.linalg.norm(colours[pair[0]] - colours[pair[1]])) for pair in combinations(colours, 2)}
    assert {pair: round(distance, 1) for pair, distance in apart.items() if distance < LEAST_DISTANCE} == {}


def test_every_technology_is_seen_on_dark_paper() -> None:
    faint = {name: round(contrast(colour, DARK_PAPER), 2) for name, colour in in_the_dark().items()}
    assert {name: found for name, found in faint.items() if found < LEAST_CONTRAST} == {}


def test_texts_are_readable_in_both_themes() -> None:
    for ink in (INK, QUIET_INK):
        assert contrast(ink, PAPER) >= LEAST_TEXT_CONTRAST
        assert contrast(DARK[ink], DARK[PAPER]) >= LEAST_TEXT_CONTRAST


def test_a_dark_figure_is_a_copy_with_nothing_light_left(run: RunWithCharts) -> None:
    light = run.plot.energised()
    before = light.to_json()
    dark = in_dark(light)
    assert light.to_json() == before
    assert dark.layout.paper_bgcolor == DARK_PAPER
    text = json.dumps(dark.to_plotly_json(), default=str).lower()
    assert [colour for colour in (PAPER, EDGE, INK, QUIET_INK) if colour in text] == []
    assert run.plot.dark.energised().to_json() == dark.to_json()


def test_no_dark_colour_is_changed_again() -> None:
    assert set(DARK) & set(DARK.values()) == set()
