"""Colours of technologies stay apart for readers who see red and green, or blue and yellow, alike.

Simulated after Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
Deficiency" (2009), severity 1.0; distances are CIE76 in Lab, where 2 is just seen side by side.
"""

from itertools import combinations

import numpy as np
import pytest

from gigasite.formulation.registry import technologies

READERS = {
    "every cone": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
LEAST_DISTANCE = 12.0


def seen(colour: str, reader: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(READERS[reader]) @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ linear / np.array([0.9505, 1.0, 1.089])
    curved = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * curved[1] - 16, 500 * (curved[0] - curved[1]), 200 * (curved[1] - curved[2])])


@pytest.mark.parametrize("reader", READERS)
def test_no_two_technologies_look_alike(reader: str) -> None:
    colours = {name: seen(technology.colour, reader) for name, technology in technologies().items()}
    apart = {pair: float(np.linalg.norm(colours[pair[0]] - colours[pair[1]])) for pair in combinations(colours, 2)}
    assert {pair: round(distance, 1) for pair, distance in apart.items() if distance < LEAST_DISTANCE} == {}


def test_the_simulation_knows_that_red_and_green_look_alike_without_green_cones() -> None:
    red, green = "#a05030", "#6b6a2a"
    assert np.linalg.norm(seen(red, "every cone") - seen(green, "every cone")) > 25
    assert np.linalg.norm(seen(red, "no green") - seen(green, "no green")) < 15
