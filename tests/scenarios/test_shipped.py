"""Every shipped scenario checks, solves and passes its checks; those built on announcements give their figures."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gigasite.inputs.folders import scenarios_folder
from gigasite.results.run import Run
from gigasite.results.sentences import answer
from gigasite.run.solve_run import check_scenario_file, solve_scenario

TEMPLATES = {"base"}
NATIONAL = {"national-325", "national-580"}
SHIPPED = sorted({path.stem for path in scenarios_folder().glob("*.yaml")} - TEMPLATES)
README = Path(__file__).parents[2] / "README.md"


def shipped(name: str) -> Path:
    return scenarios_folder() / f"{name}.yaml"


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """Solves a shipped scenario as it is, once."""
    results = tmp_path_factory.mktemp("results")
    runs: dict[str, Run] = {}

    def solve(name: str) -> Run:
        if name not in runs:
            runs[name] = solve_scenario(shipped(name), results=results)
        return runs[name]

    return solve


def failed_checks(run: Run) -> list[str]:
    return run.checks.loc[~run.checks["passed"].astype(bool), "sentence"].tolist()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_has_no_fault(name: str) -> None:
    loaded = check_scenario_file(shipped(name))
    assert loaded.scenario.name == name
    assert loaded.scenario.title


def test_only_templates_are_left_out_of_the_shipped_scenarios() -> None:
    marked = {path.stem for path in scenarios_folder().glob("*.yaml") if "\ntemplate: true" in path.read_text("utf-8")}
    assert marked == TEMPLATES


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in NATIONAL else name for name in SHIPPED]
)
def test_a_shortened_shipped_scenario_passes_every_check(name: str, tmp_path: Path) -> None:
    hours = ", resolution_h: 24" if name in NATIONAL else ""
    short = tmp_path / f"{name}.yaml"
    short.write_text(
        f"extends: {shipped(name)}\nname: {name}-shortened\nhorizon: {{days: 4{hours}}}\n", encoding="utf-8"
    )
    run = solve_scenario(short, results=tmp_path / "results")
    assert failed_checks(run) == []
    assert run.manifest["checks_passed"]
    assert run.manifest["days"] == 4


# -- as they are -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_announced_gas_plan_costs_what_was_announced(solved: Callable[[str], Run]) -> None:
    run = solved("portsmouth-gas-only")
    last = run.capacity[run.capacity["year"] == run.capacity["year"].max()]
    assert failed_checks(run) == []
    assert last["units"].sum() == pytest.approx(170)
    assert run.summary["announced_capex_usd"].item() == pytest.approx(33.3e9, rel=0.01)


@pytest.mark.slow
def test_the_announced_gas_plan_carries_less_than_the_campus(solved: Callable[[str], Run]) -> None:
    """The peak stands with 21 of 170 machines out; the rest of 10,000 MW waits."""
    run = solved("portsmouth-gas-only")
    last = run.load[run.load["year"] == run.load["year"].max()]
    assert last["energised_mw"].sum() == pytest.approx(7_193, rel=0.01)
    assert last["waiting_mw"].sum() == pytest.approx(2_807, rel=0.01)


@pytest.mark.slow
def test_the_announced_gas_plan_at_full_output_burns_almost_two_bcf_a_day(solved: Callable[[str], Run]) -> None:
    assert solved("portsmouth-gas-only").summary["gas_full_output_bcf_per_day"].item() == pytest.approx(1.94, rel=0.01)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "announced_usd"), [("idaho-smr", 5.3e9), ("idaho-smr-2023", 9.3e9)])
def test_the_idaho_plant_costs_what_was_announced(
    name: str, announced_usd: float, solved: Callable[[str], Run]
) -> None:
    run = solved(name)
    assert failed_checks(run) == []
    assert run.summary["announced_capex_usd"].item() == pytest.approx(announced_usd, rel=0.01)


@pytest.mark.slow
def test_the_readme_tells_what_portsmouth_costs(solved: Callable[[str], Run]) -> None:
    run = solved("portsmouth")
    (told,) = [
        line.strip() for line in README.read_text("utf-8").splitlines() if line.strip().startswith("Supply costs")
    ]
    assert failed_checks(run) == []
    assert told in answer(run)
