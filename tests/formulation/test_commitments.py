"""What binds for later: by its start, or by its order a lead time before."""

from pathlib import Path

import numpy as np
import pytest

from gigasite.formulation.build import build_model
from gigasite.formulation.builder import Builder
from gigasite.formulation.commitments import committed
from gigasite.inputs.folders import scenarios_folder
from gigasite.run.solve_run import assemble_file

YEARS = [2028, 2030, 2032, 2035]


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    path: Path = tmp_path_factory.mktemp("commitments") / "short.yaml"
    path.write_text(
        f"extends: {scenarios_folder() / 'portsmouth.yaml'}\nname: short\n"
        f"horizon: {{years: {YEARS}, days: 1, resolution_h: 24}}\n"
        "sites: {piketon: {technologies: {solar: {delivery_months: 3, construction_months: 0}}}}\n",
        encoding="utf-8",
    )
    return build_model(assemble_file(path)[1], traced=True)


def decided(builder: Builder, name: str, *, by_order: bool) -> list[int]:
    """Vintages of a technology at Piketon that are decided before 2031."""
    mask = np.broadcast_to(committed(builder, 2031, by_order=by_order)[name], (1, len(YEARS)))
    return [year for year, common in zip(YEARS, mask[0], strict=True) if common]


def test_by_start_all_that_starts_before_is_decided(builder: Builder) -> None:
    for name in ("gas_turbine.built_mw", "combined_cycle.built_mw", "solar.built_mw", "battery.built_energy_mwh"):
        assert decided(builder, name, by_order=False) == [2028, 2030]


@pytest.mark.parametrize(
    ("name", "vintages"),
    [
        ("solar.built_mw", [2028, 2030]),  # three months
        ("gas_turbine.built_mw", [2028, 2030, 2032]),  # two years
        ("combined_cycle.built_mw", [2028, 2030, 2032, 2035]),  # five
        ("fuel_lateral.trunk_mmbtu_per_h", [2028, 2030]),  # what is no technology of the site counts from its start
    ],
)
def test_by_order_a_lead_time_counts_too(builder: Builder, name: str, vintages: list[int]) -> None:
    assert decided(builder, name, by_order=True) == vintages


def test_capacity_and_contracts_of_a_year_are_decided_before_it_whatever_the_rule(builder: Builder) -> None:
    for by_order in (False, True):
        for name in ("gas_turbine.capacity_mw", "grid_connection.firm_mw"):
            assert decided(builder, name, by_order=by_order) == [2028, 2030]


def test_what_follows_from_demand_is_no_commitment(builder: Builder) -> None:
    names = committed(builder, 2031, by_order=True)
    assert not {name for name in names if name.startswith("idle_load.") or name.endswith("output_mw")}
