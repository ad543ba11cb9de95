"""A run rebuilt in PyPSA says the same, and a run that was tampered with does not."""

import importlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gigasite.foundation.errors import InputError, SolverFailure
from gigasite.inputs.folders import scenarios_folder
from gigasite.results.run import Run
from gigasite.results.store import read_run
from gigasite.run.crosscheck import CrossCheck, check_run, crosscheck_run, sizing
from gigasite.run.crosscheck.answer import ALL_SITES, DISPATCH, SIZING
from gigasite.run.crosscheck.draft import Capacity, Draft, Part, Row
from gigasite.run.crosscheck.pypsa_network import solve_draft
from gigasite.run.solve_run import solve_scenario
from gigasite.system.system import System

pytest.importorskip("pypsa")

# Two campuses with everything that a run may hold: caps and shares of the year, stores, steps, billed demand, export.
EVERYTHING = """\
horizon: {years: [2028, 2035], resolution_h: 24}
requirements:
  co2_price_usd_per_t: {2028: 10, 2035: 60}
  co2_cap_t_per_year: {2028: 3.0e+6, 2035: 4.0e+5}
  clean_share: {2028: 0.2}
  minimum_take_share: 0.8
  ramp_share_per_hour: {combined_cycle: 0.01}
sites:
  piketon:
    load_ramp_mw: {2028: 300, 2035: 900}
    technologies:
      combined_cycle: {}
      gas_turbine: {capacity_min_mw: 60}
      backup_generator: {capacity_mw: 100}
      small_modular_reactor: {capacity_min_mw: {2035: 77}}
      large_reactor: null
      gas_engine: null
      fuel_cell: null
      grid_connection: {capacity_max_mw: 400}
      battery: {capacity_min_mw: {2035: 40}}
      flexible_load: {shed_share: 0.1, shed_hours_per_year: 60, shed_price_usd_per_mwh: 40}
    capacity_floor_mw: [{technologies: [combined_cycle, gas_turbine], mw: {2035: 1500}}]
  abilene:
    load_ramp_mw: {2028: 300, 2035: 400}
    technologies: [gas_engine, grid_connection, solar, battery, flexible_load, backup_generator]
    grid: {export: true}
"""


def solved(folder: Path, extends: str, text: str) -> Run:
    path = folder / f"short-{extends}"
    path.write_text(f"extends: {scenarios_folder() / extends}\nname: short\n{text}", encoding="utf-8")
    return solve_scenario(path, results=folder / "results")


@pytest.fixture(scope="module")
def abilene(tmp_path_factory: pytest.TempPathFactory) -> Run:
    horizon = "horizon: {years: [2027, 2030], resolution_h: 24}\n"
    return solved(tmp_path_factory.mktemp("abilene"), "abilene.yaml", horizon)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return solved(tmp_path_factory.mktemp("everything"), "portsmouth.yaml", EVERYTHING)


def files_of(run: Run) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in run.path.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def as_written(everything: Run) -> dict[Path, bytes]:
    return files_of(everything)


@pytest.fixture(scope="module")
def found(everything: Run, as_written: dict[Path, bytes]) -> CrossCheck:
    assert as_written
    return crosscheck_run(everything)


@dataclass
class Sized:
    """The sizing of the last year by both sides, kept: it is made from the inputs and not from the tables of a run."""

    ours: Any = None
    both: Any = None


@pytest.fixture(scope="module")
def kept() -> Sized:
    return Sized()


@pytest.fixture(scope="module")
def checked(abilene: Run, kept: Sized) -> CrossCheck:
    """The check of the run as it was written."""

    def our_answer(system: System) -> Any:
        kept.ours = sizing.our_answer(system)
        return kept.ours

    def sized(solved: Any) -> Any:
        kept.both = sizing.sized(solved)
        return kept.both

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check_run, "our_answer", our_answer)
        patch.setattr(check_run, "sized", sized)
        return crosscheck_run(abilene)


@pytest.fixture
def copied(
    abilene: Run, checked: CrossCheck, kept: Sized, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, Callable[[pd.DataFrame], None]], Run]:
    """A copy of the run in which one table is changed; its check takes the sizing that is known."""
    assert checked.agrees
    monkeypatch.setattr(check_run, "our_answer", lambda _: kept.ours)
    monkeypatch.setattr(check_run, "sized", lambda _: kept.both)

    def change(table: str, spoil: Callable[[pd.DataFrame], None]) -> Run:
        folder = tmp_path / "run"
        shutil.copytree(abilene.path, folder)
        frame = pd.read_parquet(folder / f"{table}.parquet")
        spoil(frame)
        frame.to_parquet(folder / f"{table}.parquet", index=False)
        return read_run(folder)

    return change


def test_dispatch_of_the_plan_costs_what_the_run_says(checked: CrossCheck) -> None:
    assert checked.agrees, checked.faults
    dispatch = checked.frame[checked.frame["question"] == DISPATCH]
    assert set(dispatch["year"]) == {2027, 2030}
    assert dispatch["gigasite"].min() > 1e7
    assert dispatch["share"].abs().max() < 1e-6


def test_pypsa_builds_at_the_cost_we_build_at(checked: CrossCheck) -> None:
    both = checked.frame[checked.frame["question"] == SIZING].set_index(["site", "quantity"])
    assert both.loc[(ALL_SITES, "cost"), "gigasite"] > 1e7
    assert abs(both.loc[(ALL_SITES, "cost"), "share"]) < 1e-6


@pytest.mark.slow
def test_everything_a_site_may_have_agrees_in_every_year(found: CrossCheck) -> None:
    assert found.agrees, found.faults
    dispatch = found.frame[(found.frame["question"] == DISPATCH) & (found.frame["site"] == ALL_SITES)]
    assert len(dispatch) == 2
    assert dispatch["share"].abs().max() < 1e-6


@pytest.mark.slow
def test_pypsa_builds_what_we_build_in_the_last_year_alone(found: CrossCheck) -> None:
    both = found.frame[found.frame["question"] == SIZING].set_index(["site", "quantity"])
    assert abs(both.loc[(ALL_SITES, "cost"), "share"]) < 1e-6
    # floors that the scenario sets, so that they stand in any cheapest plan
    assert both.loc[("piketon", "capacity of small_modular_reactor"), "pypsa"] >= 77 - 1e-6
    assert both.loc[("piketon", "capacity of battery"), "pypsa"] >= 40 - 1e-6
    assert both.loc[("piketon", "capacity of backup_generator"), "pypsa"] == pytest.approx(100)


@pytest.mark.slow
def test_what_pypsa_cannot_say_is_named(found: CrossCheck) -> None:
    named = " ".join((*found.added_rows, *found.left_out))
    for what in ("reserve", "unit loss", "gas burnt within the trunk", "build slots", "vintages over several years"):
        assert what in named


@pytest.mark.slow
def test_a_run_is_not_written_to(everything: Run, as_written: dict[Path, bytes], found: CrossCheck) -> None:
    assert found.run == str(everything.path)
    assert files_of(everything) == as_written


def test_a_capacity_that_was_changed_is_noticed(copied: Callable[..., Run]) -> None:
    def spoil(capacity: pd.DataFrame) -> None:
        engines = (capacity["technology"] == "gas_turbine") & (capacity["year"] == 2030)
        capacity.loc[engines, "total_mw"] *= 0.5

    answer = crosscheck_run(copied("capacity", spoil))
    assert not answer.agrees
    assert any("dispatch of 2030" in fault for fault in answer.faults)
    assert not any("2027" in fault for fault in answer.faults)


def test_a_cost_that_was_changed_is_noticed(copied: Callable[..., Run]) -> None:
    def spoil(costs: pd.DataFrame) -> None:
        costs.loc[costs["component"] == "grid_energy", "cost_usd_per_year"] *= 1.001

    assert len(crosscheck_run(copied("costs", spoil)).faults) == 2


def test_demand_billed_below_what_was_metered_is_noticed(copied: Callable[..., Run]) -> None:
    def spoil(billed: pd.DataFrame) -> None:
        billed.loc[billed["month"] == 7, "billed_mw"] *= 0.1

    assert not crosscheck_run(copied("billed_demand", spoil)).agrees


def test_figures_that_have_changed_since_are_refused(abilene: Run) -> None:
    manifest = dict(abilene.manifest)
    manifest["input_sha256"] = {
        path: "0" * 64 if path.endswith("fuels.csv") else digest for path, digest in manifest["input_sha256"].items()
    }
    with pytest.raises(InputError, match=r"fuels\.csv"):
        crosscheck_run(Run(abilene.path, manifest))


def test_a_missing_pypsa_names_the_extra(abilene: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.import_module

    def without(name: str, package: str | None = None) -> object:
        if name == "pypsa":
            raise ModuleNotFoundError("No module named 'pypsa'")
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", without)
    with pytest.raises(InputError, match=r"gigasite\[crosscheck\]"):
        crosscheck_run(abilene)


def test_an_odd_resolution_is_refused(abilene: Run) -> None:
    with pytest.raises(InputError, match="resolution"):
        crosscheck_run(abilene, resolution_h=5)


def draft(load_mw: float) -> Draft:
    """One node with a load over two steps of 4,380 hours."""
    made = Draft(steps=2, step_hours=4380.0, width_h=24.0)
    made.bus("here")
    made.loads["here"] = np.full(2, load_mw)
    return made


def test_a_draft_costs_what_the_hand_says() -> None:
    made = draft(100.0)
    plant = Part("Generator", "plant", "here", Capacity(80.0), {"fuel": 30.0}, {"bus": "here"})
    dear = Part("Generator", "dear", "here", Capacity(most=50.0, usd_per_year=1000.0), {"fuel": 90.0}, {"bus": "here"})
    made.add(plant)
    key = made.add(dear)
    answer = solve_draft(made)
    # 80 MW at 30 and 20 MW at 90 USD/MWh over 8,760 h, and 20 MW at 1,000 USD a year
    assert answer.cost_usd == pytest.approx(80 * 30 * 8760 + 20 * 90 * 8760 + 20 * 1000)
    assert answer.capacity[key] == pytest.approx(20.0)


def test_a_row_over_the_year_and_one_over_each_step_hold() -> None:
    made = draft(100.0)
    cheap = made.add(Part("Generator", "cheap", "here", Capacity(100.0), {"fuel": 10.0}, {"bus": "here"}))
    made.add(Part("Generator", "dear", "here", Capacity(100.0), {"fuel": 50.0}, {"bus": "here"}))
    limit = made.quantity("limit", "here", Capacity(60.0))
    made.row(Row("each", "each step", "<=", 0.0, {limit: -1.0}, {cheap: np.array([1.0, 0.5])}, each_step=True))
    assert solve_draft(made).power[cheap] == pytest.approx([60.0, 100.0])
    made.row(Row("year", "the year", "<=", 120.0, {}, {cheap: 1.0}))
    assert solve_draft(made).power[cheap].sum() == pytest.approx(120.0)


def test_a_cap_on_carbon_dioxide_holds_over_the_year() -> None:
    made = draft(100.0)
    dirty = made.add(Part("Generator", "dirty", "here", Capacity(100.0), {"fuel": 10.0}, {"bus": "here"}))
    made.add(Part("Generator", "clean", "here", Capacity(100.0), {"fuel": 50.0}, {"bus": "here"}))
    made.emissions_t_per_mwh["dirty"] = 0.5
    made.co2_cap_t = 60.0 * 4380 * 0.5  # sixty megawatts of the two hundred that the steps ask for
    assert solve_draft(made).power[dirty].sum() == pytest.approx(60.0)


def test_a_draft_without_an_answer_fails_loudly() -> None:
    made = draft(100.0)
    made.add(Part("Generator", "plant", "here", Capacity(80.0), {"fuel": 30.0}, {"bus": "here"}))
    with pytest.raises(SolverFailure, match="infeasible"):
        solve_draft(made)


def test_nothing_of_the_solver_reaches_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    made = draft(10.0)
    made.add(Part("Generator", "plant", "here", Capacity(80.0), {"fuel": 30.0}, {"bus": "here"}))
    solve_draft(made)
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err == ""


@pytest.mark.slow
def test_a_year_that_begins_in_april_and_stock_on_order_agree(tmp_path: Path) -> None:
    run = solved(tmp_path, "portsmouth-time-to-power.yaml", "horizon: {days: 6, resolution_h: 6}\n")
    check = crosscheck_run(run)
    assert check.agrees
    assert not [left for left in check.left_out if "does not know" in left]
