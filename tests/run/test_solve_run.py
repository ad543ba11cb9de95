"""From a file to a written run."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gigasite.run.solve_run import assemble_file, build_ordinary_model, solve_scenario

Write = Callable[..., Path]


def test_a_run_tells_what_it_was_made_from(scenario: Write, tmp_path: Path) -> None:
    run = solve_scenario(scenario("abilene.yaml"), results=tmp_path / "results")
    manifest = run.manifest
    assert manifest["checks_passed"]
    assert manifest["status"] == "optimal"
    assert manifest["gap"] < 1e-6
    assert len(manifest["input_sha256"]) > 10
    assert {"gigasite", "highspy", "pyomo", "python"} <= set(manifest["versions"])
    assert len(manifest["scenario_files"]) == 3


def test_every_stage_is_told_as_it_begins_and_ends(scenario: Write, tmp_path: Path) -> None:
    heard: list[tuple[str, bool]] = []
    solve_scenario(
        scenario("portsmouth-gas-only.yaml"),
        results=tmp_path / "results",
        progress=lambda name, seconds: heard.append((name, seconds is not None)),
    )
    begun = [name for name, ended in heard if not ended]
    assert begun == [name for name, ended in heard if ended]
    assert begun[0] == "read the scenario"
    assert begun[-1] == "write the run"


def test_a_planners_own_hours_replace_the_shipped_shape(scenario: Write, tmp_path: Path) -> None:
    hours = "\n".join(["load_per_unit", *(f"{0.5 + 0.25 * (hour % 24 < 12)}" for hour in range(8760))])
    (tmp_path / "own.csv").write_text(hours, encoding="utf-8")
    _, system = assemble_file(scenario("abilene.yaml", "sites: {abilene: {hourly: {load: own.csv}}}\n"))
    assert np.array_equal(system.context.places[0].load_mw_per_mw[:24], np.repeat([0.75, 0.5], 12))


def test_an_override_reaches_the_model_and_is_marked_an_estimate(scenario: Write) -> None:
    text = (
        "overrides:\n"
        "  - {table: technologies, where: {technology: gas_turbine, parameter: heat_rate_mmbtu_per_mwh}, value: 8.0,"
        " reason: a test of overrides}\n"
    )
    loaded, system = assemble_file(scenario("portsmouth-gas-only.yaml", text))
    assert system.features["gas_turbine"]["heat_rate_mmbtu_per_mwh"].values == pytest.approx(8.0)
    assert (
        loaded.tables.figure(
            "technologies",
            technology="gas_turbine",
            machine_class="small_frame",
            cost_case="headline",
            parameter="heat_rate_mmbtu_per_mwh",
        ).confidence
        == "estimate"
    )


def test_the_ordinary_model_has_every_row_of_the_equations(scenario: Write) -> None:
    model = build_ordinary_model(scenario("portsmouth-gas-only.yaml", days=1))
    assert len(model.power_balance.supply_meets_load) == 4 * 4  # four years, four steps of six hours
