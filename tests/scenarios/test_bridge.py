"""The sequence engines - turbines - grid - reactors comes out of the plan, and rented engines leave."""

from pathlib import Path

import pandas as pd
import pytest

from gigasite.inputs.folders import scenarios_folder
from gigasite.results.run import Run
from gigasite.results.sentences import answer
from gigasite.run.solve_run import solve_scenario

SMALL_MW = 1.0
SEQUENCE = ("bridge_power", "gas_turbine", "grid_connection", "small_modular_reactor")
LOOKS = [
    pytest.param("{days: 12, resolution_h: 6}", id="short"),
    pytest.param("{resolution_h: 1}", marks=pytest.mark.slow, id="hours"),
]


@pytest.fixture(params=LOOKS)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    file = tmp_path / "bridge.yaml"
    extends = scenarios_folder() / "portsmouth-bridge.yaml"
    file.write_text(f"extends: {extends}\nname: bridge-look\nhorizon: {request.param}\n", "utf-8")
    return solve_scenario(file, results=tmp_path / "results")


def test_rented_engines_then_turbines_then_the_grid_then_reactors(run: Run) -> None:
    assert run.checks.loc[~run.checks["passed"].astype(bool), "sentence"].tolist() == []
    mw = run.capacity.pivot_table(index="technology", columns="year", values="total_mw", aggfunc="sum").fillna(0.0)
    first = [first_year(mw.loc[name]) for name in SEQUENCE]
    assert first == [2028, 2030, 2032, 2035]
    rented = mw.loc["bridge_power"]
    assert (rented[[2028, 2029]] > 100).all()
    assert (rented[[2030, 2032, 2035]] < SMALL_MW).all()
    load = run.load.set_index("year")
    assert load.loc[[2028, 2029, 2032, 2035], "waiting_mw"].max() < SMALL_MW
    assert load.loc[2030, "waiting_mw"] < 0.1 * load.loc[2030, "wanted_mw"]
    (told,) = [sentence for sentence in answer(run) if sentence.startswith("Bridge power at piketon")]
    assert told.startswith("Bridge power at piketon from 2028 to 2029: up to ")
    assert "in 2030 it has gone" in told
    bound = run.capacity[run.capacity["technology"] == "bridge_power"].set_index("year")["bound"]
    assert set(bound[[2030, 2032, 2035]]) == {"its permit does not hold"}


def first_year(mw: pd.Series) -> int:
    return int(min(year for year, one in mw.items() if one > SMALL_MW))
