"""Campuses that open as a whole or not at all, and stay open; by hand, and against trying every pattern.

The ramp is 100 MW in 2030 and 200 MW in 2032. Engines of at most 120 MW carry 120 / 1.1 = 109.09 MW with their reserve.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gigasite.foundation.errors import InfeasibleScenario
from gigasite.solve.whole import solve_whole

ENGINES = {"gas_engine": {"capacity_max_mw": 120.0}}
CARRIED = 120.0 / 1.1
PATTERNS = ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0))
"""Open in 2030 and 2032: a campus that is open stays so."""


def campus(world: Any, engines: Any = ENGINES, **said: Any) -> Any:
    return world(
        sites={
            "alpha": {
                "load_ramp_mw": {2030: 100.0, 2032: 200.0},
                "gas": {"trunk": False},
                "technologies": engines,
                **said,
            }
        }
    )


def energised(made: Any) -> list[float]:
    return [made.value(f"idle_load.energised_mw[alpha,{year}]") for year in (2030, 2032)]


def test_a_campus_is_energised_at_its_smallest_size_or_shut(world: Any) -> None:
    made = campus(world, minimum_campus_mw=60.0)
    opened, load = "whole_campus.open_campus[alpha,2032]", "idle_load.energised_mw[alpha,2032]"
    made.row("whole_campus.energised_at_least_smallest[alpha,2032]").is_({opened: 60.0, load: -1.0}, upper=0.0)
    made.row("whole_campus.energised_only_where_open[alpha,2032]").is_({opened: -200.0, load: 1.0}, upper=0.0)
    made.row("whole_campus.open_stays_open[alpha,2032]").is_(
        {"whole_campus.open_campus[alpha,2030]": 1.0, opened: -1.0}, upper=0.0
    )
    assert {made.lp.column_name(i) for i in np.flatnonzero(made.lp.integrality)} == {
        "whole_campus.open_campus[alpha,2030]",
        opened,
    }


def test_a_smallest_size_within_reach_changes_nothing(world: Any) -> None:
    assert energised(campus(world, minimum_campus_mw=60.0)) == pytest.approx([100.0, CARRIED], rel=1e-6)
    assert energised(campus(world)) == pytest.approx([100.0, CARRIED], rel=1e-6)


def test_below_its_smallest_size_a_campus_stays_shut(world: Any) -> None:
    # it may open from 2032 on, when the ramp reaches 110 MW, but only 109.09 MW could be carried
    made = campus(world, minimum_campus_mw=110.0)
    assert made.bounds("whole_campus.open_campus[alpha,2032]") == (0.0, 1.0)
    assert "whole_campus.open_campus[alpha,2030]" not in made.columns
    assert energised(made) == pytest.approx([0.0, 0.0], abs=1e-6)


def test_a_whole_campus_takes_all_of_its_ramp_from_its_first_year_on(world: Any) -> None:
    # 100 MW could be carried in 2030, but a campus that is open must take the 200 MW of 2032 as well
    assert energised(campus(world, placement="whole")) == pytest.approx([0.0, 0.0], abs=1e-6)
    enough = campus(world, {"gas_engine": {"capacity_max_mw": 220.0}}, placement="whole")
    assert energised(enough) == pytest.approx([100.0, 200.0], rel=1e-6)


def test_a_ramp_that_falls_below_the_smallest_size_leaves_what_is_left_of_it(world: Any) -> None:
    made = campus(world, load_ramp_mw={2030: 100.0, 2032: 40.0}, minimum_campus_mw=90.0)
    assert made.data("whole_campus")["least_mw"].values[0].tolist() == [90.0, 40.0]
    assert energised(made) == pytest.approx([90.0, 40.0], rel=1e-6)  # ten more would run for two years only


@pytest.mark.parametrize("said", [{"minimum_campus_mw": 105.0}, {"minimum_campus_mw": 60.0}, {"placement": "whole"}])
def test_the_plan_is_the_cheapest_of_all_patterns_of_opening(world: Any, said: dict[str, Any]) -> None:
    made = campus(world, {"gas_engine": {"capacity_max_mw": {2030: 0.0, 2032: 120.0}}}, **said)
    found = []
    whole = np.flatnonzero(made.lp.integrality)
    for pattern in PATTERNS:
        held = dict(zip((2030, 2032), pattern, strict=True))
        lower, upper = made.lp.column_lower.copy(), made.lp.column_upper.copy()
        years = [int(made.lp.column_name(int(i)).split(",")[1].rstrip("]")) for i in whole]
        lower[whole] = upper[whole] = [held[year] for year in years]
        if (upper > made.lp.column_upper).any():
            continue
        plan = replace(made.lp, column_lower=lower, column_upper=upper, integrality=np.zeros_like(made.lp.integrality))
        try:
            found.append(solve_whole(plan).objective_usd)
        except InfeasibleScenario:
            continue
    assert made.solution.objective_usd == pytest.approx(min(found), rel=1e-6)


def test_the_account_may_ask_it_of_every_campus_but_not_of_the_rest_of_a_state(world: Any) -> None:
    site = {"load_ramp_mw": {2030: 100.0}, "gas": {"trunk": False}, "technologies": ["gas_engine"]}
    made = world(
        sites={"alpha": site, "beta": {**site, "placement": "linear"}, "rest_of_oh": site},
        national={"trajectory": "growing", "include_rest_of_state": False, "placement": "whole"},
    )
    assert made.data("whole_campus")["is_whole"].values.tolist() == [1.0, 0.0, 0.0]


def test_campuses_of_any_size_have_no_row(world: Any) -> None:
    assert not [name for name in campus(world).rows if name.startswith("whole_campus")]
