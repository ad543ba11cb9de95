"""Discs and names on a map: areas in proportion, nothing on top of anything else."""

from itertools import combinations
from math import hypot, pi

import numpy as np
import pytest

from gigasite.report.map_labels import around, overlap, place
from gigasite.report.map_marks import Disc, radii, ring, spread, wedge

PAGE = (0.0, 0.0, 1000.0, 1000.0)


def area(path: np.ndarray) -> float:
    x, y = path[:, 0], path[:, 1]
    return 0.5 * abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))))


def test_areas_of_discs_stand_as_their_power() -> None:
    large, small, none = radii([8000.0, 2000.0, 0.0], 60.0)
    assert (large / small) ** 2 == pytest.approx(4.0)
    assert none == pytest.approx(0.22 * 60.0)
    assert radii([0.0, 0.0], 60.0) == [pytest.approx(13.2)] * 2


def test_slices_of_a_disc_add_up_to_it_in_their_shares() -> None:
    parts = [wedge(5.0, -3.0, 10.0, 0.0, 0.25), wedge(5.0, -3.0, 10.0, 0.25, 1.0)]
    assert area(parts[0]) == pytest.approx(pi * 100 / 4, rel=0.005)
    assert area(parts[1]) == pytest.approx(3 * pi * 100 / 4, rel=0.005)
    assert parts[0][:, 0].min() == pytest.approx(5.0)  # the first slice begins at the top and runs clockwise
    assert parts[0][:, 1].min() == pytest.approx(-3.0)


def test_a_ring_has_the_area_of_what_waits() -> None:
    assert area(ring(0.0, 0.0, 6.0, 10.0)) == pytest.approx(pi * (100 - 36), rel=0.005)
    assert area(ring(0.0, 0.0, 0.0, 10.0)) == pytest.approx(pi * 100, rel=0.005)


def test_discs_that_would_cover_each_other_move_apart_and_stay_near_home() -> None:
    homes = [(0.0, 0.0), (0.0, 0.0), (8.0, 3.0), (500.0, 500.0)]
    discs = [Disc(f"site{n}", x, y, 10.0 + n) for n, (x, y) in enumerate(homes)]
    spread(discs)
    for one, other in combinations(discs, 2):
        assert hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius
    assert (discs[3].x, discs[3].y) == (500.0, 500.0)
    assert all(hypot(disc.x - disc.home_x, disc.y - disc.home_y) < 40.0 for disc in discs)


def test_the_same_discs_always_move_the_same_way() -> None:
    first, second = ([Disc(str(n), 3.0 * n, 1.0, 10.0) for n in range(20)] for _ in range(2))
    spread(first)
    spread(second)
    assert first == second


def test_a_name_goes_where_nothing_stands() -> None:
    disc, wall = around(500.0, 500.0, 20.0), (520.0, 0.0, 1000.0, 1000.0)
    found = place(
        [["Piketon", "10 GW"]], (500.0, 500.0, 20.0), size_px=12, km_per_px=1, taken=[disc, wall], within=PAGE
    )
    assert found is not None
    assert found.position == "middle left"
    assert found.lead is None
    assert not overlap(found.box, disc)
    assert not overlap(found.box, wall)
    assert found.markup == "<b>Piketon</b><br>10 GW"


def test_a_name_without_room_is_shortened_then_led_to_and_at_last_left_out() -> None:
    at, disc = (500.0, 500.0, 20.0), around(500.0, 500.0, 20.0)
    tight = (430.0, 470.0, 610.0, 530.0)
    short = place(
        [["Piketon", "ten gigawatts of load"], ["P"]], at, size_px=12, km_per_px=1, taken=[disc], within=tight
    )
    assert short is not None
    assert short.lines == ("P",)
    walls = [(0.0, 0.0, 476.0, 1000.0), (476.0, 0.0, 523.0, 476.0), (476.0, 524.0, 523.0, 1000.0)]
    gate = [(523.0, 0.0, 532.0, 493.0), (523.0, 507.0, 532.0, 1000.0)]
    beside, across = (523.0, 493.5, 530.0, 499.0), (523.0, 493.5, 530.0, 501.0)
    led = place([["P"]], at, size_px=12, km_per_px=1, taken=[disc, *walls, *gate, beside], within=PAGE)
    assert led is not None
    assert led.lead == ((520.0, 500.0), (542.0, 500.0))
    assert place([["P"]], at, size_px=12, km_per_px=1, taken=[disc, *walls, *gate, across], within=PAGE) is None
    assert place([["P"]], at, size_px=12, km_per_px=1, taken=[PAGE], within=PAGE) is None


def test_names_are_written_as_text_not_as_markup() -> None:
    found = place([["A<b>&"]], (500.0, 500.0, 5.0), size_px=12, km_per_px=1, taken=[], within=PAGE)
    assert found is not None
    assert found.markup == "<b>A&lt;b&gt;&amp;</b>"
