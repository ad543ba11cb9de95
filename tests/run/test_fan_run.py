"""A scenario with futures from its file to a run: one plan until it is known, whole and in blocks, and its tables."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import block_diag, csr_array, vstack

from gigasite import api
from gigasite.formulation.build import build_model
from gigasite.foundation.errors import InfeasibleScenario, InputError, LimitReached, SolverFailure
from gigasite.foundation.names import column
from gigasite.inputs.folders import scenarios_folder
from gigasite.results.run import Run
from gigasite.results.sentences import answer
from gigasite.run import fan_solves
from gigasite.run.agreement import plan_dependent, solve_in_agreement
from gigasite.run.fan_inputs import assemble_fan
from gigasite.run.fan_kind import FAN
from gigasite.run.solve_run import check_scenario_file, solve_scenario
from gigasite.solve.compiled import CompiledLP
from gigasite.solve.decomposed.memory import Memory
from gigasite.solve.plain import compile_model
from gigasite.solve.solver import new_highs
from gigasite.solve.whole import SolverOptions
from gigasite.system.futures import Fan

LOADS = {
    "low": "{2028: 800, 2029: 2000, 2030: 3000, 2032: 3000, 2035: 3000}",
    "high": "{2028: 800, 2029: 2000, 2030: 4000, 2032: 8000, 2035: 10000}",
}
SHARES = {"low": 0.4, "high": 0.6}
LEFT_OUT = "gas_engine: null, fuel_cell: null, small_modular_reactor: null, large_reactor: null, wind: null"


def text(
    name: str, *, commit: str = "start", method: str = "auto", more: str = "", follow: str = "", hours: int = 6
) -> str:
    cases = "\n".join(
        f"    {one}: {{probability: {SHARES[one]}, sites: {{piketon: {{load_ramp_mw: {load}}}}}}}"
        for one, load in LOADS.items()
    )
    return (
        f"extends: {scenarios_folder() / 'portsmouth.yaml'}\nname: {name}\n"
        f"horizon: {{years: [2028, 2029, 2030, 2032, 2035], resolution_h: {hours}, days: 3}}\n"
        f"sites: {{piketon: {{capacity_floor_mw: null, technologies: {{{LEFT_OUT}}}}}}}\n"
        f"solve: {{method: {method}, gap: 1.0e-5}}\n{more}"
        f"futures:\n  known_in: 2032\n  commit: {commit}\n{follow}  cases:\n{cases}\n"
    )


@dataclass(frozen=True)
class Solver:
    folder: Path

    def file(self, name: str, **said: Any) -> Path:
        path = self.folder / f"{name}.yaml"
        path.write_text(text(name, **said), encoding="utf-8")
        return path

    def fan(self, name: str, **said: Any) -> Fan:
        return assemble_fan(check_scenario_file(self.file(name, **said)))

    def run(self, name: str, **said: Any) -> Run:
        return solve_scenario(self.file(name, **said), results=self.folder / "results")


@pytest.fixture(scope="module")
def solver(tmp_path_factory: pytest.TempPathFactory) -> Solver:
    return Solver(tmp_path_factory.mktemp("fans"))


@pytest.fixture(scope="module")
def run(solver: Solver) -> Run:
    return solver.run("short-fan", commit="order", method="whole")


def capacity(one: Run) -> pd.Series:
    return one.capacity.set_index(["year", "technology"])["total_mw"].sort_index().dropna()


# -- the same as writing it out ----------------------------------------------------------------------------------------

BOUGHT = re.compile(r"\.(built_\w+|vintage_mw|capacity_mw|firm_mw|nonfirm_mw|new_step_mw|trunk_mmbtu_per_h)\[")
NOT_BOUGHT = ("battery.firm_mw",)


def is_common(name: str, decided: Callable[[str, int], int]) -> bool:
    """Whether a column is the same in both futures, from its name: 2028 and 2029 are alike, 2030 has to be bought."""
    years = [
        int(label) for label in name.partition("[")[2].rstrip("]").split(",") if label.isdigit() and int(label) > 2000
    ]
    if not years:
        return False
    bought = BOUGHT.search(name) is not None and not name.startswith(NOT_BOUGHT)
    new = bought and re.search(r"\.(built_|new_step)", name) is not None
    year = decided(name, years[-1]) if new else years[-1]
    return years[-1] <= 2029 or (bought and year < 2032)


def extensive_cost(fan: Fan, decided: Callable[[str, int], int]) -> float:
    """Both futures in full, side by side, with a row of its own for every column that has to be the same."""
    lps: list[CompiledLP] = []
    for one in fan.futures:
        builder = build_model(one.system, traced=True)
        lps.append(compile_model(builder.model, builder.maker))
    named = [{lp.column_name(c): c for c in range(lp.shape[1])} for lp in lps]
    same = sorted(name for name in named[0].keys() & named[1].keys() if is_common(name, decided))
    tie = np.zeros((len(same), sum(lp.shape[1] for lp in lps)))
    tie[np.arange(len(same)), [named[0][name] for name in same]] = 1.0
    tie[np.arange(len(same)), [lps[0].shape[1] + named[1][name] for name in same]] = -1.0
    own = [csr_array((lp.values, lp.column_indices, lp.row_starts), shape=lp.shape) for lp in lps]
    whole = csr_array(vstack([block_diag(own, format="csr"), csr_array(tie)], format="csr"))
    none = np.zeros(len(same))
    highs = new_highs()
    highs.passModel(
        whole.shape[1], whole.shape[0], whole.nnz, 2, 1, 0.0,
        np.concatenate([f.probability * lp.column_cost for f, lp in zip(fan.futures, lps, strict=True)]) / 1e6,
        np.concatenate([lp.column_lower for lp in lps]), np.concatenate([lp.column_upper for lp in lps]),
        np.concatenate([*(lp.row_lower for lp in lps), none]), np.concatenate([*(lp.row_upper for lp in lps), none]),
        whole.indptr.astype(np.int32), whole.indices.astype(np.int32), whole.data,
        np.zeros(whole.shape[1], dtype=np.int32),
    )  # fmt: skip
    highs.run()
    constant = sum(f.probability * lp.objective_constant for f, lp in zip(fan.futures, lps, strict=True))
    return float(highs.getInfo().objective_function_value) * 1e6 + constant


def test_a_plan_for_two_futures_costs_what_the_extensive_form_costs(solver: Solver) -> None:
    solved = solve_in_agreement(solver.fan("extensive"), SolverOptions(), kind=FAN)
    expected = extensive_cost(solved.system, lambda _, year: year)
    assert solved.solution.objective_usd == pytest.approx(expected, rel=1e-6)


LEAD_YEARS = {"combined_cycle": 5, "large_reactor": 10, "small_modular_reactor": 7}
"""Orders of these are placed so long before they start, by inputs/technologies.csv; of the others two years at most."""


def test_what_has_to_be_ordered_before_is_common_too(solver: Solver) -> None:
    solved = solve_in_agreement(solver.fan("ordered", commit="order"), SolverOptions(), kind=FAN)

    def ordered(name: str, year: int) -> int:
        lead = LEAD_YEARS.get(name.partition(".")[0], 2)
        at_once = name.startswith(("grid_connection.", "fuel_lateral."))
        quick = name.startswith(("battery.", "fuel_cell."))
        months = 0 if at_once else 12 if quick else 18 if name.startswith("gas_engine.") else 12 * lead
        return int((12 * year - months) // 12)

    assert solved.solution.objective_usd == pytest.approx(extensive_cost(solved.system, ordered), rel=1e-6)


def test_one_future_with_probability_one_is_the_ordinary_solve(solver: Solver) -> None:
    fan = solver.fan("alone")
    only = Fan((replace(fan.futures[1], probability=1.0),), known_in=2032)
    together = solve_in_agreement(only, SolverOptions(), kind=FAN)
    ordinary = solve_in_agreement(only.futures[0].system, SolverOptions())
    assert together.solution.objective_usd == pytest.approx(ordinary.solution.objective_usd, rel=1e-9)
    assert together.solution.passes == ordinary.solution.passes


def test_blocks_and_the_whole_find_the_same_cost(solver: Solver) -> None:
    whole = solver.run("both-ways-whole", commit="order", method="whole", hours=24)
    blocks = solver.run("both-ways-blocks", commit="order", method="decomposed", hours=24)
    assert blocks.manifest["method"] == "decomposed"
    assert blocks.manifest["objective_usd"] == pytest.approx(whole.manifest["objective_usd"], rel=2e-4)
    assert blocks.manifest["gap"] <= 1e-5
    assert whole.checks_passed
    assert blocks.checks_passed


def test_planning_for_one_future_alone_costs_more_on_average(solver: Solver) -> None:
    """Without lost machines every problem is linear, so that each is solved to its end."""
    linear = {"method": "whole", "commit": "order", "more": "requirements: {units_lost: 0}\n"}
    runs = {name: solver.run(f"follow-{name}", **linear, follow=f"  follow: {name}\n") for name in LOADS}
    for name, run in runs.items():
        table = run.table("futures").set_index("future")
        rows = table.drop(index="expected")
        mean = rows["probability"] @ rows["followed_cost_usd"]
        assert table["followed_cost_usd"]["expected"] == pytest.approx(mean)
        assert mean > table["objective_usd"]["expected"]
        assert rows["followed_cost_usd"][name] == pytest.approx(rows["known_cost_usd"][name], rel=1e-6)
        assert run.checks_passed
        assert any(told.startswith(f"Ordering for {name} alone until 2032 would cost") for told in answer(run))


# -- until when the futures are one ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("follow", "remembers"), [("", False), ("  follow: low\n", True)])
def test_only_a_fan_that_is_solved_twice_remembers(
    solver: Solver, monkeypatch: pytest.MonkeyPatch, follow: str, remembers: bool
) -> None:
    given: list[Memory | None] = []

    def stopped(*arguments: Any, **_: Any) -> None:
        given.append(arguments[-1])
        raise LimitReached("told to be")

    monkeypatch.setattr(fan_solves, "solve_together", stopped)
    with pytest.raises(LimitReached):
        solver.run("twice" if remembers else "once", follow=follow)
    assert [memory is not None for memory in given] == [remembers]


def test_years_are_undivided_until_something_differs(solver: Solver) -> None:
    fan = solver.fan("undivided")
    assert fan.undivided_years(plan_dependent()) == (2028, 2029)
    alike = Fan(tuple(replace(one, system=fan.futures[0].system) for one in fan.futures), 2032)
    assert alike.undivided_years(plan_dependent()) == (2028, 2029, 2030)


def test_every_future_has_room_for_the_largest_load_of_all(solver: Solver) -> None:
    low, high = solver.fan("room").futures
    assert low.system.context.largest_load_mw("piketon") == high.system.context.largest_load_mw("piketon") == 10000


# -- the run -----------------------------------------------------------------------------------------------------------


def test_capacity_until_it_is_known_is_one_plan_and_then_one_for_each(run: Run) -> None:
    low, high = (capacity(one) for one in run.futures.values())
    for year in (2028, 2029, 2030):
        assert low[year].to_numpy() == pytest.approx(high[year].to_numpy(), abs=1e-6)
    assert low[2035].sum() < high[2035].sum()
    combined = [one.table("capacity").query("technology == 'combined_cycle'")["new_mw"] for one in run.futures.values()]
    assert combined[0].to_numpy() == pytest.approx(combined[1].to_numpy(), abs=1e-6)


def test_every_check_passes_in_every_future_and_for_all(run: Run) -> None:
    assert run.checks_passed
    assert all(one.checks_passed for one in run.futures.values())
    assert {
        "one_plan_until_known",
        "committed_once",
        "expected_cost_adds_up",
        "regret_follows",
        "regret_not_negative",
        "stranded_follows",
    } <= set(run.checks["check"])


def test_expected_cost_is_the_mean_and_knowing_is_never_dearer(run: Run) -> None:
    table = run.table("futures").set_index("future")
    rows = table.drop(index="expected")
    assert table["objective_usd"]["expected"] == pytest.approx(rows["probability"] @ rows["objective_usd"], rel=1e-9)
    assert run.manifest["objective_usd"] == pytest.approx(table["objective_usd"]["expected"], rel=1e-9)
    assert (rows["regret_usd"] >= 0).all()
    assert table["regret_usd"]["expected"] == pytest.approx(rows["probability"] @ rows["regret_usd"])
    assert table["regret_usd"]["expected"] > 0


def test_means_of_the_run_are_those_of_its_futures(run: Run) -> None:
    shares = np.array(list(SHARES.values()))
    for name in ("present_value_usd", "overnight_capex_usd", "co2_t"):
        each = np.array([one.summary[name].item() for one in run.futures.values()])
        assert run.summary[name].item() == pytest.approx(shares @ each)
    energy = [one.energy.groupby("year")["energy_mwh"].sum() for one in run.futures.values()]
    mean = run.energy.groupby("year")["energy_mwh"].sum()
    assert mean.to_numpy() == pytest.approx(sum(p * e for p, e in zip(shares, energy, strict=True)).to_numpy())
    served = [one.load["served_mwh"].sum() for one in run.futures.values()]
    assert run.load["served_mwh"].sum() == pytest.approx(shares @ served)


def test_what_is_stranded_is_what_was_ordered_and_the_low_future_would_not_have(run: Run) -> None:
    table = run.table("stranded")
    low = table.query("future == 'low' and technology == 'combined_cycle' and year == 2035").iloc[0]
    ordered = run.table("committed").query("technology == 'combined_cycle'")["new_mw"].sum()
    assert low["committed_mw"] == pytest.approx(ordered, rel=1e-6)
    assert low["stranded_mw"] == pytest.approx(ordered - low["known_capacity_mw"], rel=1e-6)
    assert low["stranded_mw"] > 100
    assert low["stranded_cost_usd"] > 0


def test_the_answer_says_it_in_plain_sentences(run: Run) -> None:
    told = answer(run)
    assert told[0].startswith(
        "One plan holds for both futures until 2032, when it is known which has come: by 2030 it has"
    )
    assert "of combined cycle that starts later is ordered before" in told[0]
    assert told[1].startswith("It is expected to cost")
    assert told[2].startswith("Knowing the future now would save")
    assert told[3].startswith("If low comes, it strands")
    assert any(sentence == f"All {len(run.checks)} checks passed." for sentence in told)


def test_a_future_that_is_not_solved_alone_has_no_regret(solver: Solver, monkeypatch: pytest.MonkeyPatch) -> None:
    from gigasite.run import fan_solves

    once = fan_solves.solve_system

    def fails_for_low(loaded: Any, *more: Any) -> Any:
        if loaded.scenario.name.endswith("low"):
            raise SolverFailure("no answer")
        return once(loaded, *more)

    monkeypatch.setattr(fan_solves, "solve_system", fails_for_low)
    run = solver.run("half-known", commit="order", method="whole", hours=24)
    assert run.checks_passed
    table = run.table("futures").set_index("future")
    assert table["regret_usd"].isna().to_dict() == {"low": True, "high": False, "expected": True}
    assert set(run.table("stranded")["future"]) == {"high"}
    assert answer(run)[2].startswith("No plan was found for low alone, known from the start")


def test_only_the_mean_of_all_futures_is_proven(run: Run) -> None:
    assert run.manifest["bound_usd"] <= run.manifest["objective_usd"]
    assert [one.manifest["bound_usd"] for one in run.futures.values()] == [None, None]


def test_a_future_is_a_run_like_any_other(run: Run) -> None:
    low = api.load("short-fan/low", results=run.path.parents[1])
    assert (low.scenario, low.manifest["future"], low.manifest["probability"]) == ("short-fan-low", "low", 0.4)
    assert low.hourly("piketon", 2030)["load_mw"].max() > 0
    assert low.settings["sites"]["piketon"]["load_ramp_mw"][2035] == 3000
    compared = api.compare([low, run.futures["high"]])
    assert {"short-fan-low", "short-fan-high"} <= set(compared.columns)
    assert api.replay(low, years=10).table["availability"].between(0, 1).all()


def test_json_holds_expected_figures_and_the_futures(run: Run) -> None:
    told = run.json_summary()
    assert told["checks_passed"]
    assert [one["future"] for one in told["futures"]] == ["low", "high", "expected"]
    assert told["present_value_usd"] == pytest.approx(told["futures"][-1]["present_value_usd"])
    assert run.futures["low"].json_summary()["futures"] is None


def test_an_ordinary_model_is_of_one_future(solver: Solver) -> None:
    with pytest.raises(InputError, match="holds one future"):
        api.build(solver.file("to-be-built"))


def test_means_of_several_futures_are_not_rebuilt_as_a_plan(run: Run) -> None:
    with pytest.raises(InputError, match="means of several futures"):
        api.replay(run, years=10)


def test_every_column_has_a_unit_and_a_meaning(run: Run) -> None:
    for name in ("futures", "committed", "stranded", "summary", "costs", "capacity", "energy", "load", "checks"):
        for told in run.table(name).columns:
            assert column(str(told)).meaning


def test_the_run_is_listed_once_and_its_futures_are_not(run: Run) -> None:
    listed = [one.scenario for one in api.runs(run.path.parents[1])]
    assert listed.count("short-fan") == 1
    assert "short-fan-low" not in listed


def test_nothing_is_written_where_one_future_has_no_plan(solver: Solver) -> None:
    path = solver.file("no-plan")
    said = path.read_text(encoding="utf-8").replace(
        "probability: 0.6,", "probability: 0.6, requirements: {capital_budget_usd: 1.0e+6},"
    )
    floor = "[{technologies: [gas_turbine], mw: {2032: 500}}]"
    path.write_text(said.replace("capacity_floor_mw: null", f"capacity_floor_mw: {floor}"), encoding="utf-8")
    with pytest.raises(InfeasibleScenario) as told:
        solve_scenario(path, results=solver.folder / "results")
    assert told.value.problems[0].message == "the future high has no plan, even by itself"
    assert not (solver.folder / "results" / "no-plan").exists()


def test_nothing_is_left_where_writing_fails_half_way(solver: Solver, monkeypatch: pytest.MonkeyPatch) -> None:
    from gigasite.run import fan_run

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fan_run, "fan_checks", full)
    with pytest.raises(InputError, match="No space left"):
        solver.run("half-written", method="whole")
    assert not any((solver.folder / "results" / "half-written").iterdir())
