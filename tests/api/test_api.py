"""The Python API as a notebook uses it."""

import sys
import warnings
from pathlib import Path

import pandas as pd
import pytest

import gigasite
from gigasite.report.run_with_charts import RunWithCharts


def test_a_solved_run_holds_tidy_tables(small: RunWithCharts) -> None:
    assert small.scenario == "small"
    assert small.manifest["status"] == "optimal"
    assert {"site", "year", "technology", "component"} <= set(small.costs)
    assert {"site", "year", "technology", "total_mw"} <= set(small.capacity)
    assert len(small.hourly("piketon", 2035)) == 2
    assert (small.path / "manifest.json").is_file()


def test_solve_stays_the_verb_after_the_layer_of_that_name_was_imported(small: RunWithCharts) -> None:
    assert "gigasite.solve.whole" in sys.modules
    assert callable(gigasite.solve)


def test_progress_is_told_the_beginning_and_the_end_of_every_stage(folder: Path) -> None:
    told: list[tuple[str, float | None]] = []
    gigasite.solve(folder / "small.yaml", results=folder / "told", progress=lambda *stage: told.append(stage))
    begun = [name for name, seconds in told if seconds is None]
    ended = [name for name, seconds in told if seconds is not None]
    assert begun == ended
    assert begun[0] == "read the scenario"


def test_a_run_is_loaded_by_its_folder_and_by_the_name_of_its_scenario(small: RunWithCharts, folder: Path) -> None:
    assert gigasite.load(small.path).path == small.path
    assert gigasite.load(str(small.path)).summary.equals(small.summary)
    assert gigasite.load("small", results=folder / "results").path == small.path
    with pytest.raises(gigasite.InputError, match="small"):
        gigasite.load("smal", results=folder / "results")


def test_runs_lists_every_run(small: RunWithCharts, dear: RunWithCharts, folder: Path) -> None:
    found = gigasite.runs(folder / "results")
    assert {run.path for run in found} == {small.path, dear.path}
    assert gigasite.runs(folder / "nowhere") == []


def test_compare_takes_runs_folders_and_names(small: RunWithCharts, dear: RunWithCharts, folder: Path) -> None:
    frame = gigasite.compare([small, dear])
    assert isinstance(frame, pd.DataFrame)
    cost = frame.set_index("quantity").loc["levelised_cost_usd_per_mwh"]
    assert cost["dear"] > cost["small"]
    assert cost["difference dear"] == pytest.approx(cost["dear"] - cost["small"])
    assert gigasite.compare([small.path, "dear"], results=folder / "results").equals(frame)


def test_check_returns_the_scenario_and_raises_every_fault_with_its_place(folder: Path) -> None:
    loaded = gigasite.check(folder / "small.yaml")
    assert loaded.scenario.horizon.years == (2030, 2035)
    bad = folder / "bad.yaml"
    bad.write_text((folder / "small.yaml").read_text(encoding="utf-8").replace("title:", "titel:"), encoding="utf-8")
    with pytest.raises(gigasite.InputError, match="titel") as raised:
        gigasite.check(bad)
    assert raised.value.problems[0].origin is not None


def test_build_gives_an_ordinary_pyomo_model_and_warns_where_it_is_large(folder: Path) -> None:
    import pyomo.environ as pyo

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = gigasite.build(folder / "small.yaml")
    assert isinstance(model, pyo.ConcreteModel)
    assert sum(1 for _ in model.component_data_objects(pyo.Constraint)) > 100


def test_build_warns_before_it_makes_a_large_model(folder: Path) -> None:
    text = (folder / "small.yaml").read_text(encoding="utf-8")
    large = folder / "large.yaml"
    large.write_text(
        text.replace("resolution_h: 24, days: 2", "resolution_h: 1").replace("[2030", "[2028, 2030"), "utf-8"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="large Pyomo model: 1 sites x 3 years x 8,760 time steps"):
            gigasite.build(large)


def test_schema_describes_every_technology() -> None:
    options = gigasite.schema()["$defs"]["Technologies"]["properties"]
    assert {"combined_cycle", "small_modular_reactor", "battery"} <= set(options)


def test_shipped_scenarios_are_found_by_name_and_their_names_are_their_files() -> None:
    found = {scenario.name: scenario for scenario in gigasite.scenarios()}
    assert "portsmouth" in found
    assert "base" not in found
    assert all(scenario.title for scenario in found.values())


def test_a_file_here_wins_over_a_shipped_scenario_of_the_same_name(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (folder / "small.yaml").read_text(encoding="utf-8")
    (tmp_path / "portsmouth.yaml").write_text(text.replace("A campus for a test", "My own"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert gigasite.check("portsmouth").scenario.title == "My own"


def test_the_package_names_what_it_has() -> None:
    assert gigasite.__version__
    assert gigasite.Run is RunWithCharts
    assert set(gigasite.__all__) <= set(dir(gigasite))
    with pytest.raises(AttributeError, match="no attribute 'solv'"):
        _ = gigasite.solv  # type: ignore[attr-defined]
