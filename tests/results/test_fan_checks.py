"""Checks of a fan find what a fault in the merging, the solver or the tables would look like."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gigasite.inputs.folders import scenarios_folder
from gigasite.results.check_fan import fan_checks
from gigasite.results.expected import BY_FUTURE, expected_tables
from gigasite.results.fan import EXPECTED, TOGETHER, FutureAnswer, stranded_table
from gigasite.run import fan_run
from gigasite.run.solve_run import solve_scenario

SCENARIO = f"""
extends: {scenarios_folder() / "base.yaml"}
name: checked-fan
horizon: {{years: [2028, 2030, 2035], resolution_h: 6, days: 2}}
sites:
  piketon:
    load_ramp_mw: {{2028: 800, 2030: 4000, 2035: 10000}}
    technologies: [gas_turbine, combined_cycle]
solve: whole
futures:
  known_in: 2035
  commit: order
  cases:
    low: {{probability: 0.25, sites: {{piketon: {{load_ramp_mw: {{2035: 4000}}}}}}}}
    high: {{probability: 0.75}}
"""


@dataclass
class Given:
    """What the checks of a fan look at, to be spoilt."""

    answers: list[FutureAnswer]
    tables: dict[str, Any]
    known_in: int
    objective_usd: float
    gap: float

    def failed(self) -> set[str]:
        table = fan_checks(self.answers, self.tables, self.known_in, self.objective_usd, self.gap)
        return set(table.loc[~table["passed"].astype(bool), "check"])

    def capacity(self, future: int, column: str, year: int, mw: float) -> None:
        frame = self.answers[future].tables["capacity"]
        rows = (frame["technology"] == "gas_turbine") & (frame["year"] == year)
        frame.loc[rows, column] = frame.loc[rows, column].astype(float) + mw


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Given:
    folder = tmp_path_factory.mktemp("checked")
    path = folder / "checked-fan.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    seen: list[Given] = []
    with pytest.MonkeyPatch.context() as patch:

        def heard(*given: Any) -> pd.DataFrame:
            seen.append(Given(*given))
            return fan_checks(*given)

        patch.setattr(fan_run, "fan_checks", heard)
        assert solve_scenario(path, results=folder / "results").checks_passed
    return seen[0]


@pytest.fixture
def given(solved: Given) -> Given:
    answers = [replace(one, tables=copy.deepcopy(dict(one.tables))) for one in solved.answers]
    return replace(solved, answers=answers, tables=copy.deepcopy(solved.tables))


def another_plan(given: Given) -> None:
    given.capacity(1, "total_mw", 2030, 5.0)


def built_by_one_only(given: Given) -> None:
    given.capacity(1, "new_mw", 2030, 5.0)


def cost_missing(given: Given) -> None:
    costs = given.answers[0].tables["costs"]
    costs.loc[costs.index[0], "cost_usd_present_value"] += 1e6


def wrong_probability(given: Given) -> None:
    given.answers[0] = replace(given.answers[0], probability=0.5)


def negative_regret(given: Given) -> None:
    """Consistent in itself: what is known of the future costs more than the fan's part of it."""
    table, dearer = given.tables["futures"], given.answers[0].objective_usd + 1e7
    given.answers[0] = replace(given.answers[0], known_cost_usd=dearer)
    shares = np.array([one.probability for one in given.answers])
    table.loc[0, ["known_cost_usd", "regret_usd", "regret_share"]] = [dearer, -1e7, -1e7 / dearer]
    for name in ("known_cost_usd", "regret_usd"):
        table.loc[len(shares), name] = shares @ table[name].to_numpy(dtype=float)[: len(shares)]
    table.loc[len(shares), "regret_share"] = table["regret_usd"].iloc[-1] / table["known_cost_usd"].iloc[-1]


def mean_regret(given: Given) -> None:
    given.tables["futures"].loc[len(given.answers), "regret_usd"] += 1e7


def share_of_regret(given: Given) -> None:
    given.tables["futures"].loc[0, "regret_share"] += 0.1


def cost_of_knowing(given: Given) -> None:
    given.tables["futures"].loc[1, "known_cost_usd"] += 1e7


def regret_that_nothing_costs(given: Given) -> None:
    given.tables["futures"].loc[1, "regret_usd"] += 1e7


def regret_of_what_was_not_solved(given: Given) -> None:
    given.answers[0] = replace(given.answers[0], known_cost_usd=float("nan"))


def below_its_bound(given: Given) -> None:
    """The fan's part and what was found alone may both be wrong alike: the bound of the latter tells."""
    given.answers[0] = replace(given.answers[0], known_bound_usd=given.answers[0].objective_usd * 1.02)


def too_little_stranded(given: Given) -> None:
    given.tables["stranded"]["stranded_mw"] += 50.0


def failed_future(given: Given) -> None:
    given.answers[1].tables["checks"].loc[3, "passed"] = False


def test_bounds_of_those_who_knew_are_there_and_near_what_was_found(given: Given) -> None:
    for one in given.answers:
        assert one.known_cost_usd == pytest.approx(one.known_bound_usd, rel=1e-3)
        assert one.known_bound_usd <= one.objective_usd


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (another_plan, {"one_plan_until_known"}),
        (built_by_one_only, {"one_plan_until_known", "committed_once", "stranded_follows"}),
        (cost_missing, {"expected_cost_adds_up", "regret_follows"}),
        (wrong_probability, {"expected_cost_adds_up", "regret_follows"}),
        (negative_regret, {"regret_not_negative"}),
        (regret_that_nothing_costs, {"regret_follows"}),
        (regret_of_what_was_not_solved, {"regret_follows"}),
        (mean_regret, {"regret_follows"}),
        (share_of_regret, {"regret_follows"}),
        (cost_of_knowing, {"regret_follows"}),
        (below_its_bound, {"regret_not_negative"}),
        (too_little_stranded, {"stranded_follows"}),
    ],
)
def test_what_is_spoilt_is_found(given: Given, spoil: Callable[[Given], None], names: set[str]) -> None:
    assert given.failed() == set()
    spoil(given)
    assert given.failed() <= names
    assert given.failed() & names


def test_a_check_that_fails_in_one_future_fails_for_all_and_says_in_which(given: Given) -> None:
    name = given.answers[1].tables["checks"]["check"][3]
    failed_future(given)
    assert given.failed() == {name}
    table = fan_checks(given.answers, given.tables, given.known_in, given.objective_usd, given.gap)
    assert table.set_index("check")["sentence"][name].startswith("If high comes: ")


# -- tables by hand ----------------------------------------------------------------------------------------------------


def test_stranded_is_what_was_bought_before_less_what_would_have_been(given: Given) -> None:
    low = given.answers[0]
    had, would = 1000.0, 700.0
    new = np.zeros((1, 3))
    new[0, 0] = had
    frame = low.tables["capacity"]
    rows = frame["technology"] == "gas_turbine"
    frame.loc[rows, "new_mw"] = new[0]
    frame.loc[frame["technology"] == "combined_cycle", "new_mw"] = 0.0
    known = {"gas_turbine": np.full((1, 3), would), "combined_cycle": np.full((1, 3), 250.0)}
    table = stranded_table([replace(low, known_capacity_mw=known)], 2035).set_index("technology")
    assert table["stranded_mw"]["gas_turbine"] == pytest.approx(had - would)
    assert table["stranded_mw"][TOGETHER] == pytest.approx(had - would - 250.0)
    annuity = low.system.features["gas_turbine"]["annuity_usd_per_mw"].values[0, 0, 2]
    assert table["stranded_cost_usd"]["gas_turbine"] == pytest.approx((had - would) * annuity)


def test_means_weigh_what_adds_up_and_what_does_not(given: Given) -> None:
    one, two = (copy.deepcopy(dict(answer.tables)) for answer in given.answers)
    keys = {"site": ["a"], "year": [2030], "technology": ["gas"]}
    row = {"component": ["fuel"], "cost_usd_present_value": [10.0], "cost_usd_per_year": [1.0], "usd_per_mwh": [20.0]}
    one["costs"] = pd.DataFrame({**keys, **row, "confidence": ["published"]})
    two["costs"] = one["costs"].assign(site=["b"], confidence=["estimate"])
    found = expected_tables([one, two], [0.25, 0.75])["costs"].set_index("site")
    assert found["cost_usd_present_value"].to_dict() == {"a": 2.5, "b": 7.5}
    assert found["usd_per_mwh"].to_dict() == {"a": 20.0, "b": 20.0}
    two["costs"] = one["costs"].assign(usd_per_mwh=[40.0], confidence=["estimate"])
    found = expected_tables([one, two], [0.25, 0.75])["costs"]
    assert found["usd_per_mwh"].item() == pytest.approx(35.0)
    assert found["confidence"].item() == BY_FUTURE


def test_the_levelised_cost_of_all_is_cost_over_energy_and_no_mean_of_prices(given: Given) -> None:
    rows = [answer.tables["summary"].iloc[0] for answer in given.answers]
    cost = 0.25 * rows[0]["present_value_usd"] + 0.75 * rows[1]["present_value_usd"]
    energy = sum(
        p * row["present_value_usd"] / row["levelised_cost_usd_per_mwh"]
        for p, row in zip((0.25, 0.75), rows, strict=True)
    )
    futures = given.tables["futures"].set_index("future")
    assert futures["levelised_cost_usd_per_mwh"][EXPECTED] == pytest.approx(cost / energy)
    assert given.tables["summary"]["levelised_cost_usd_per_mwh"].item() == pytest.approx(cost / energy)
