"""A year earlier for turbines changes the cost in the direction of, and no more than, what the shadow prices said."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gigasite.inputs.folders import scenarios_folder
from gigasite.results.run import Run
from gigasite.run.solve_run import solve_scenario

TURBINES = ("gas_turbine", "combined_cycle")
LOOKS = [
    pytest.param("{days: 12, resolution_h: 6}", id="short"),
    pytest.param("{resolution_h: 1}", marks=pytest.mark.slow, id="hours"),
]


@pytest.fixture
def solved(tmp_path: Path) -> Callable[[str, str], Run]:
    def solve(name: str, horizon: str) -> Run:
        file = tmp_path / f"{name}.yaml"
        file.write_text(f"extends: {scenarios_folder() / name}.yaml\nname: {name}-look\nhorizon: {horizon}\n", "utf-8")
        return solve_scenario(file, results=tmp_path / "results")

    return solve


def most_saved_usd(before: Run, after: Run) -> float:
    """Prices of a year earlier times the megawatts that came earlier."""
    prices = before.prices[before.prices["requirement"].str.startswith(("lead_time_", "ordered_stock_"))]
    total = 0.0
    for row in prices.to_dict("records"):
        technology = str(row["requirement"]).removeprefix("lead_time_").removeprefix("ordered_stock_")
        built = [
            run.capacity[(run.capacity["technology"] == technology) & (run.capacity["year"] <= row["year"])][
                "new_mw"
            ].sum()
            for run in (before, after)
        ]
        total += float(row["shadow_price"]) * max(0.0, built[1] - built[0])
    return total


@pytest.mark.parametrize("horizon", LOOKS)
def test_no_backlog_saves_no_more_than_the_prices_said(solved: Callable[[str, str], Run], horizon: str) -> None:
    before, after = solved("portsmouth-time-to-power", horizon), solved("portsmouth-no-backlog", horizon)
    for run in (before, after):
        assert run.checks.loc[~run.checks["passed"].astype(bool), "sentence"].tolist() == []
    saved = before.summary["objective_usd"].item() - after.summary["objective_usd"].item()
    said = before.prices[before.prices["requirement"].isin([f"lead_time_{name}" for name in TURBINES])]
    assert set(said["requirement"]) == {f"lead_time_{name}" for name in TURBINES}
    assert (said["shadow_price"] > 0).all()
    assert 0 < saved <= most_saved_usd(before, after)


def test_engines_bridge_until_the_turbines_come(solved: Callable[[str, str], Run]) -> None:
    run = solved("portsmouth-time-to-power", "{days: 12, resolution_h: 6}")
    mw = run.capacity.pivot_table(index="year", columns="technology", values="total_mw")
    assert mw.loc[2028, "gas_engine"] == pytest.approx(760, rel=1e-3)
    assert mw.loc[2028, ["gas_turbine", "combined_cycle"]].max() < 1
    assert mw.loc[2029, "gas_turbine"] > 1000
    quarters = run.table("energised_by_quarter").set_index("quarter")
    assert (quarters.loc["2028-Q1", "wanted_mw"], quarters.loc["2028-Q2", "wanted_mw"]) == (0, 800)
    assert quarters.loc["2028-Q2", "energised_mw"] == pytest.approx(800, abs=0.5)


def test_with_fewer_engines_the_rest_waits_for_the_machines_on_order(tmp_path: Path) -> None:
    file = tmp_path / "fewer.yaml"
    file.write_text(
        f"extends: {scenarios_folder() / 'portsmouth-time-to-power'}.yaml\nname: fewer-look\n"
        "horizon: {days: 12, resolution_h: 6}\n"
        "sites: {piketon: {technologies: {gas_engine: {capacity_max_mw: 600}}}}\n",
        "utf-8",
    )
    quarters = solve_scenario(file, results=tmp_path / "results").table("energised_by_quarter").set_index("quarter")
    assert 500 < quarters.loc["2028-Q2", "energised_mw"] < 700
    assert quarters.loc["2028-Q2", "until"].startswith("2029-Q1")
