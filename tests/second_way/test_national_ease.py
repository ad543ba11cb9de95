"""What holds the nation back, eased by a tenth and solved again: cost and shortfall change as the shadow price says.

The cost of a plan is convex in a limit, so a tenth more saves at most the price before times the tenth, and at least
the price afterwards times the tenth:

    price after * ease <= cost before - cost after <= price before * ease

What is saved is the price of the shortfall that is gone less the supply that serves it, so the terawatt-hours follow
from the price as well. Shares lost with machines depend on the plan, which is not convex: `units_lost: 0` leaves them
out. All is solved whole, so that prices are those of a basis.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gigasite.inputs.folders import scenarios_folder
from gigasite.results.run import Run
from gigasite.run.solve_run import solve_scenario

EASED = {
    ("rest_of_state_limits", ""): "{rest_of_state_limits: 1.1}",
    ("campus_ramps", ""): "{campus_ramps: 1.1}",
    ("build_slots", "gas_engine"): "{build_slots: {gas_engine: 1.1}}",
    ("grid_headroom", "us_other"): "{grid_headroom: {us_other: 1.1}}",
}
YEARS = (2028, 2030)
DUST_USD = 2e5


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Solves the account with a limit eased, once each."""
    folder, runs = tmp_path_factory.mktemp("ease"), {}

    def run(ease: str) -> Run:
        if ease not in runs:
            file = folder / f"run{len(runs)}.yaml"
            file.write_text(
                f"extends: {scenarios_folder() / 'national-580.yaml'}\n"
                f"name: run{len(runs)}\nsolve: whole\nrequirements: {{units_lost: 0}}\n"
                f"horizon: {{years: {list(YEARS)}, days: 2}}\nnational: {{ease: {ease}}}\n",
                encoding="utf-8",
            )
            runs[ease] = solve_scenario(file, results=folder / "results")
        return runs[ease]

    return run


def worth(run: Run, what: tuple[str, str]) -> float:
    """Present value of the price of a limit times its size, over all years."""
    table = run.table("obstacles")
    return float(table.loc[(table["obstacle"] == what[0]) & (table["place"] == what[1]), "worth_usd"].sum())


def cost_of(run: Run, component: str) -> float:
    costs = run.costs
    chosen = costs["component"] == component
    return float(costs.loc[chosen, "cost_usd_present_value"].sum())


@pytest.mark.parametrize("what", EASED, ids=lambda what: "-".join(filter(None, what)))
def test_a_tenth_more_saves_what_its_shadow_price_says(solved: Any, what: tuple[str, str]) -> None:
    before, after = solved("{}"), solved(EASED[what])
    saved = before.manifest["objective_usd"] - after.manifest["objective_usd"]
    assert saved > 1e8
    assert saved <= 0.1 * worth(before, what) + DUST_USD
    assert saved >= 0.1 * worth(after, what) / 1.1 - DUST_USD


@pytest.mark.parametrize("what", EASED, ids=lambda what: "-".join(filter(None, what)))
def test_the_shortfall_falls_by_what_the_shadow_price_says(solved: Any, what: tuple[str, str]) -> None:
    """Shortfall gone times its price = what the price of the limit says + the supply that serves it."""
    before, after = solved("{}"), solved(EASED[what])
    gone = cost_of(before, "national_shortfall") - cost_of(after, "national_shortfall")
    supply = gone - (before.manifest["objective_usd"] - after.manifest["objective_usd"])
    assert 0.1 * worth(after, what) / 1.1 + supply - DUST_USD <= gone <= 0.1 * worth(before, what) + supply + DUST_USD
    assert supply > 0
    short = [run.demand.set_index("year")["shortfall_twh"] for run in (before, after)]
    told = before.table("obstacles")
    told = told[(told["obstacle"] == what[0]) & (told["place"] == what[1])].set_index("year")["gained_twh"]
    gained = (short[0] - short[1]).sum()
    assert gained == pytest.approx(told.sum(), rel=0.15)  # the mean cost of supply stands for that of what is gained


def test_the_sentence_names_what_brings_most_and_it_does(solved: Any) -> None:
    """Of the limits eased here the one told as the largest is the one that serves most in that year."""
    from gigasite.results.sentences import answer

    before = solved("{}")
    short = before.demand.set_index("year")["shortfall_twh"]
    year = int(short.idxmax())
    gained = {
        what: float(short[year] - solved(ease).demand.set_index("year").loc[year, "shortfall_twh"])
        for what, ease in EASED.items()
    }
    assert max(gained, key=lambda what: gained[what]) == ("rest_of_state_limits", "")
    (told,) = [sentence for sentence in answer(before) if " back most: " in sentence]
    assert told.startswith(
        f"What holds {year} back most: what the rest of each state may add. A tenth more of it would"
    )
    said = float(told.split("would serve some ")[1].split(" of the ")[0])
    assert said == pytest.approx(gained["rest_of_state_limits", ""], rel=0.1)


def test_a_year_earlier_in_the_queue_brings_no_more_than_is_told(solved: Any) -> None:
    before, after = solved("{}"), solved("{queue_years_earlier: 1}")
    saved = before.manifest["objective_usd"] - after.manifest["objective_usd"]
    assert 0 < saved <= worth(before, ("queue", "")) + DUST_USD


def test_the_last_terawatt_hour_costs_what_the_account_says(tmp_path: Path) -> None:
    """A trajectory that is met, and one TWh more of it in 2030: cost rises between the price before and after."""
    runs = []
    for twh in (300, 301):
        file = tmp_path / f"met{twh}.yaml"
        file.write_text(
            f"extends: {scenarios_folder() / 'national-580.yaml'}\n"
            f"name: met{twh}\nsolve: whole\nrequirements: {{units_lost: 0}}\n"
            "horizon: {years: [2028, 2030], days: 2}\n"
            f"national: {{trajectory: null, trajectory_twh: {{2028: 250, 2030: {twh}}}}}\n",
            encoding="utf-8",
        )
        runs.append(solve_scenario(file, results=tmp_path / "results"))
    before, after = (float(run.demand.set_index("year").loc[2030, "last_twh_usd_per_mwh"]) for run in runs)
    weight = sum(1.05358 ** -(year + 0.5 - 2026) for year in range(2030, 2040))  # the last year stands for ten
    rise = (runs[1].manifest["objective_usd"] - runs[0].manifest["objective_usd"]) / weight / 1e6
    assert max(run.demand["shortfall_twh"].max() for run in runs) < 1e-3
    assert 20 < before - 0.05 <= rise <= after + 0.05 < 742


@pytest.mark.slow
def test_the_shipped_account_solved_again_serves_what_its_sentence_says(tmp_path: Path) -> None:
    """As shipped: six years, decomposed, machines are lost. What is gained may move from one year to the next."""
    base = scenarios_folder() / "national-580.yaml"
    file = tmp_path / "eased.yaml"
    before = solve_scenario(base, results=tmp_path / "results")
    table = before.table("obstacles")
    short = before.demand.set_index("year")["shortfall_twh"]
    assert short.idxmax() == 2028
    first = table[(table["year"] == 2028) & (table["eased_by"] == "a tenth")].iloc[0]
    file.write_text(f"extends: {base}\nname: eased\n{first['ease']}\n", encoding="utf-8")
    eased = solve_scenario(file, results=tmp_path / "results")
    gained = short - eased.demand.set_index("year")["shortfall_twh"]
    told = table[(table["obstacle"] == first["obstacle"]) & (table["place"] == first["place"])].set_index("year")
    assert gained[2028] == pytest.approx(first["gained_twh"], rel=0.25)
    assert gained.sum() == pytest.approx(told["gained_twh"].sum(), rel=0.1)
    what = (str(first["obstacle"]), str(first["place"]))
    saved = before.manifest["objective_usd"] - eased.manifest["objective_usd"]
    solved_to = 2e-4 * before.manifest["objective_usd"]  # both to a gap of 1e-4, and lost machines are not convex
    assert 0.1 * worth(eased, what) / 1.1 - solved_to <= saved <= 0.1 * worth(before, what) + solved_to
