"""Shipped scenarios, shortened: every cost follows from the CSV files by formulas written a second time.

The checks after a solve take the arrays that were prepared for the model. Here nothing of the package is used but what
a run has written and the seeded series, so a fault in the preparation shows: a missing deflator, interest during
construction on an all-in cost, no discounting.
"""

from collections import defaultdict

import pytest
from tests.second_way import costs, figures
from tests.second_way.plan import Plan
from tests.second_way.site import Site

from gigasite.inputs.folders import scenarios_folder
from gigasite.run.solve_run import solve_scenario

SHORTENED = {
    "portsmouth": 4,
    "portsmouth-grid-contract": 6,
    "abilene": 6,
    "idaho-smr-2023": 6,
    "texas-gas-field": 4,
    "tomakomai-sakai": 6,
}
RELATIVE, SMALL_USD = 1e-6, 1e3
NOT_SUPPLY = ("idle_load", "unserved_energy", "national_shortfall")


@pytest.fixture(scope="module", params=SHORTENED)
def plan(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("second_way")
    path = folder / "short.yaml"
    path.write_text(
        f"extends: {scenarios_folder() / request.param}.yaml\nname: short\n"
        f"horizon: {{days: {SHORTENED[request.param]}, resolution_h: 6}}\n",
        encoding="utf-8",
    )
    return Plan(solve_scenario(path, results=folder / "results"))


@pytest.fixture(scope="module")
def sites(plan):
    return [Site(plan, name) for name in plan.scenario["sites"]]


@pytest.fixture(scope="module")
def again(plan, sites):
    """Present value by site, technology, component and year."""
    found = defaultdict(float)
    for site in sites:
        for technology, component, year, value in costs.of_site(site):
            found[site.name, technology, component, year] += value
    for name, line in plan.scenario["lines"].items():
        for technology, component, year, value in costs.of_line(plan, name):
            found[line["to_site"], technology, component, year] += value
    return found


@pytest.fixture(scope="module")
def told(plan):
    rows = plan.run.costs.set_index(["site", "technology", "component", "year"]).cost_usd_present_value
    return rows.groupby(level=[0, 1, 2, 3]).sum().to_dict()


def test_every_cost_follows_from_the_files(told, again):
    missed = {
        key: (told.get(key, 0.0), again.get(key, 0.0))
        for key in {*told, *again}
        if told.get(key, 0.0) != pytest.approx(again.get(key, 0.0), rel=RELATIVE, abs=SMALL_USD)
    }
    assert missed == {}


def test_levelised_cost_follows_from_the_files(plan, sites, again):
    supply = sum(value for (_, _, component, _), value in again.items() if component not in NOT_SUPPLY)
    served = 0.0
    for site in sites:
        for row in plan.table("load", site=site.name).itertuples():
            lost = plan.hourly(site.name, row.year).unserved_mw.sum()
            load = row.energised_mw * plan.in_steps(site.load_per_mw).sum()
            served += (load - lost) * plan.step_hours * plan.weights[row.year]
    assert plan.run.summary.levelised_cost_usd_per_mwh.iloc[0] == pytest.approx(supply / served, rel=RELATIVE)


def test_load_of_every_step_follows_from_the_files(plan, sites):
    for site in sites:
        for row in plan.table("load", site=site.name).itertuples():
            expected = row.energised_mw * plan.in_steps(site.load_per_mw)
            assert plan.hourly(site.name, row.year).load_mw.to_numpy() == pytest.approx(expected, rel=1e-6, abs=1e-3)


def test_no_plant_runs_above_what_weather_and_outages_leave(plan, sites):
    for site in sites:
        for technology in set(site.said["technologies"]) & set(costs.PLANTS):
            machine = site.machine(technology)
            yearly = machine("planned_outage_rate", default=0.0)
            planned = [machine(f"planned_outage_rate_month_{m}", default=yearly) for m in range(1, 13)]
            loss, reference = machine("rating_loss_per_k", default=0.0), machine("rating_reference_c", default=15.0)
            rating = plan.in_steps(1 - loss * (site.temperature - reference).clip(0))
            up = rating * (1 - figures.np.array(planned)[plan.month]) * (1 - machine("forced_outage_rate", default=0.0))
            capacity = plan.table("capacity", site=site.name, technology=technology).set_index("year").total_mw
            for year in plan.years:
                output = plan.hourly(site.name, year)[f"{technology}_output_mw"]
                assert (output <= up * capacity[year] * 1.0001 + 0.02).all()
