"""The worked example of the model, line by line, through the real code.

Piketon with the 170 machines that were announced and nothing else: a scenario over the shipped tables. The price of gas
is set to the 4.15 USD/MMBtu of 2024 that the example works with, and the cost to its 3,620 USD/kW.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from textwrap import dedent

import numpy as np
import pytest

from gigasite.finance.annuity import capital_recovery_factor
from gigasite.formulation.build import build_model
from gigasite.formulation.builder import Builder
from gigasite.formulation.fleets import Fleet, lost_mw, lost_units, machines
from gigasite.formulation.registry import preparers, requirement_specs, technology_specs
from gigasite.foundation.units import HOURS_PER_DAY, HOURS_PER_YEAR, MMBTU_PER_BCF
from gigasite.inputs.load import load_scenario
from gigasite.solve.plain import compile_model
from gigasite.solve.solution import Solution
from gigasite.solve.whole import SolverOptions, solve_whole
from gigasite.system.assemble import assemble
from gigasite.system.place import Place
from gigasite.system.system import System

YEARS = (2028, 2030, 2032, 2035)
MWH_PER_TWH = 1e6

USD_2025_FOR_4_15 = 4.15 * 0.602782158 / 0.587506977
"""4.15 USD of 2024 in dollars of 2025, the money of the table: 4.257899."""

SCENARIO = f"""
    extends: base.yaml
    horizon: {{resolution_h: 24}}
    sites:
      piketon:
        load_ramp_mw: {{2035: 10000}}
        technologies:
          gas_turbine: {{machine_class: small_frame, cost_case: headline, capacity_mw: 9200, capex_usd_per_kw: 3620}}
    overrides:
      - table: fuels
        where: {{fuel: natural_gas_delivered, region: east_north_central, case: aeo2026_baseline}}
        value: {USD_2025_FOR_4_15!r}
        reason: price of the worked example
"""


@dataclass
class Example:
    """The system of the example, its model and its plan."""

    system: System

    @cached_property
    def builder(self) -> Builder:
        return build_model(self.system, traced=True)

    @cached_property
    def solution(self) -> Solution:
        return solve_whole(compile_model(self.builder.model, self.builder.maker), SolverOptions())

    @property
    def place(self) -> Place:
        return self.system.context.place("piketon")

    def array(self, feature: str, name: str) -> np.ndarray:
        """Numbers of a feature at the one site."""
        return self.system.features[feature][name].values[0]

    def in_2035(self, variable: str) -> float:
        return float(self.solution.values(variable)[0, YEARS.index(2035)])


@pytest.fixture(scope="module")
def example_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Example]:
    def make(changed: str) -> Example:
        path = tmp_path_factory.mktemp("worked") / "worked.yaml"
        path.write_text(dedent(SCENARIO) + changed, encoding="utf-8")
        loaded = load_scenario(path, technology_specs=technology_specs(), requirement_specs=requirement_specs())
        return Example(assemble(loaded.scenario, loaded.tables, preparers(loaded.scenario)))

    return make


@pytest.fixture(scope="module")
def example(example_of: Callable[[str], Example]) -> Example:
    return example_of("")


@pytest.fixture(scope="module")
def reserve_alone(example_of: Callable[[str], Example]) -> Example:
    return example_of("requirements: {units_lost: 0}\n")


def test_the_facility_wants_10000_mw_in_2035(example: Example) -> None:
    assert example.system.ramp_mw[0].tolist() == [0.0, 0.0, 0.0, 10_000.0]


def test_that_is_8333_mw_of_it(example: Example) -> None:
    assert example.place.ramp_mw(2035) / example.place.pue_peak == pytest.approx(8_333.3, abs=0.05)  # 10,000 / 1.20


def test_it_takes_71_36_twh_a_year_and_8145_8_mw_on_average(example: Example) -> None:
    load_mw = example.place.ramp_mw(2035) * example.place.load_mw_per_mw
    assert load_mw.mean() == pytest.approx(8_145.8, abs=0.05)  # 8,333.3 x 0.85 x 1.15
    assert load_mw.sum() / MWH_PER_TWH == pytest.approx(71.36, abs=0.005)  # x 8,760 h
    assert load_mw.mean() == pytest.approx(10_000 / 1.2 * 0.85 * 1.15, rel=1e-9)


def test_one_machine_has_54_118_mw(example: Example) -> None:
    assert example.array("gas_turbine", "unit_size_mw") == pytest.approx(54.118, abs=5e-4)  # 9,200 / 170
    assert machines(9_200.0, float(example.array("gas_turbine", "unit_size_mw"))) == 170


def test_its_rating_at_33_c_is_0_892_and_the_fleets_8206_4_mw(example: Example) -> None:
    rating = float(example.array("gas_turbine", "firm_rating"))
    assert example.place.design_temperature_c == 33.0
    assert rating == pytest.approx(0.892, rel=1e-9)  # 1 - 0.006 x (33 - 15)
    assert rating * 9_200 == pytest.approx(8_206.4, rel=1e-9)


def test_by_the_reserve_alone_the_fleet_carries_7460_4_mw(reserve_alone: Example) -> None:
    assert reserve_alone.in_2035("idle_load.energised_mw") == pytest.approx(8_206.4 / 1.1, rel=1e-6)
    assert reserve_alone.in_2035("idle_load.energised_mw") == pytest.approx(7_460.4, abs=0.05)


def test_21_of_170_machines_may_be_out(example: Example) -> None:
    rate = float(example.array("gas_turbine", "forced_outage_rate"))
    assert rate == 0.05
    assert lost_units(170, rate, 0.9999) == 21
    size = float(example.array("gas_turbine", "unit_size_mw"))
    out = lost_mw({"gas_turbine": Fleet(9_200.0, size, rate, 0.892)}, "binomial", 0.9999)["gas_turbine"]
    assert out / size == pytest.approx(21.0, rel=1e-12)
    surviving = example.array("unit_loss", "surviving_gas_turbine")
    assert surviving.tolist() == pytest.approx([149 / 170] * 4, rel=1e-8)


def test_with_21_machines_out_it_carries_7192_7_mw_and_this_row_binds(example: Example) -> None:
    energised = example.in_2035("idle_load.energised_mw")
    assert energised == pytest.approx(149 * 9_200 / 170 * 0.892, rel=1e-6)
    assert energised == pytest.approx(7_192.7, abs=0.05)
    year = YEARS.index(2035)
    assert example.solution.duals("unit_loss.survivors_carry_the_peak")[0, year] < 0.0
    assert example.solution.duals("firm_supply.firm_carries_the_peak")[0, year] == pytest.approx(0.0, abs=1e-6)
    assert example.solution.values("idle_load.unserved_mw").sum() == pytest.approx(0.0, abs=1e-6)


def test_2807_3_mw_wait(example: Example) -> None:
    assert example.in_2035("idle_load.waiting_mw") == pytest.approx(2_807.3, abs=0.05)  # 10,000 - 7,192.7


def test_waiting_costs_18_2_bn_usd_a_year(example: Example) -> None:
    year = YEARS.index(2035)
    (idle,) = [term for term in example.builder.hubs.costs if term.component == "idle_load"]
    present_value = idle.coefficient[0, year] * example.in_2035("idle_load.waiting_mw")
    yearly = present_value / example.system.context.time.year_weight[year]
    assert yearly / 1e9 == pytest.approx(18.2, abs=0.05)  # 2,807.3 x 6.5 million
    assert yearly == pytest.approx(example.in_2035("idle_load.waiting_mw") * 6.5e6, rel=1e-9)


def test_capital_recovery_over_30_years_is_0_067730(example: Example) -> None:
    context = example.system.context
    assert context.time.discount_rate_real == 0.05358
    assert context.economic_life_years("piketon", "gas_turbine") == 30
    assert capital_recovery_factor(0.05358, 30) == pytest.approx(0.067730, abs=5e-7)
    weights = context.money.annuity_weights(life_years=30)
    assert weights[0, 0] / context.time.year_weight[0] == pytest.approx(0.067730, abs=5e-7)


def test_the_annuity_of_3620_usd_per_kw_is_245_2_or_35_usd_per_mwh(example: Example) -> None:
    annuity = example.array("gas_turbine", "annuity_usd_per_mw")  # vintage, year
    yearly_per_mw = annuity[0] / example.system.context.time.year_weight  # all in: no interest during construction
    assert (yearly_per_mw / 1e3).tolist() == pytest.approx([245.2] * 4, abs=0.05)  # 3,620 x 0.067730
    assert yearly_per_mw[0] / (HOURS_PER_YEAR * 0.80) == pytest.approx(35.0, abs=0.05)


def test_the_announced_cost_is_33_3_bn_usd(example: Example) -> None:
    announced = example.array("gas_turbine", "announced_usd_per_mw")
    assert announced[0] * 9_200 / 1e9 == pytest.approx(33.3, abs=0.01)  # in the money of its announcement


def test_fuel_costs_37_85_usd_per_mwh(example: Example) -> None:
    heat_rate = example.array("gas_turbine", "heat_rate_mmbtu_per_mwh")
    assert heat_rate.tolist() == [9.12] * 4
    prices, _ = example.system.context.fuel_price_usd_per_mmbtu("gas_turbine", "gas")
    assert prices[0, 0].mean() == pytest.approx(4.15, rel=1e-9)
    assert heat_rate[0] * prices[0, 0].mean() == pytest.approx(37.85, abs=0.005)
    fuel = example.array("gas_turbine", "fuel_usd_per_mw_step")[0]  # present value per MW and step
    time = example.system.context.time
    by_month = [fuel[time.month == month].mean() / (time.year_weight[0] * time.step_hours) for month in range(1, 13)]
    assert np.mean(by_month) == pytest.approx(37.85, abs=0.005)


def test_full_output_takes_1_94_bcf_a_day(example: Example) -> None:
    (burnt,) = example.builder.hubs.gas  # MMBtu/h for each MW of output
    mmbtu_per_day = 9_200 * float(burnt.coefficient_values[0, -1]) * HOURS_PER_DAY
    assert mmbtu_per_day / MMBTU_PER_BCF == pytest.approx(1.94, abs=0.005)  # 9,200 x 24 x 9.12 / 1.037 million


def test_the_years_weigh_1_71071_1_54113_2_03006_7_75962(example: Example) -> None:
    assert example.system.years == YEARS
    weights = example.system.context.time.year_weight
    assert weights.tolist() == pytest.approx([1.71071, 1.54113, 2.03006, 7.75962], abs=5e-6)


def test_waiting_costs_742_usd_an_hour(example: Example) -> None:
    place = example.place
    assert place.idle_value_usd_per_mw_year / HOURS_PER_YEAR == pytest.approx(742.0, abs=0.05)  # 6.5 million / 8,760
    assert place.unserved_cost_usd_per_mwh == 100_000.0  # far above, so nothing is energised to be shed
