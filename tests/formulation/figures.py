"""Figures of the small world worked by hand, as tables held in memory."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

from gigasite.formulation.registry import requirement_specs, technology_specs
from gigasite.foundation.errors import Origin
from gigasite.inputs.figure_rows import COMMON_COLUMNS
from gigasite.inputs.figure_table import Row, Table
from gigasite.inputs.scenario import scenario_type
from gigasite.inputs.tables import Tables

FIRST_HOURS_OF = [0, 1, 4344]
"""Hours of the year that are modelled: 0:00 and 1:00 on 1 January, 0:00 on 1 July."""

PLANTS = {
    # Every plant: overnight USD/kW, fixed O&M USD/kW-year, variable O&M USD/MWh, heat rate MMBtu/MWh, life, machine MW.
    "combined_cycle": (1000, 20, 2, 6, 4, 25),
    "gas_turbine": (500, 10, 5, 10, 4, 10),
    "gas_engine": (800, 30, 6, 8, 4, 5),
    "fuel_cell": (2000, 40, 1, 7, 2, 1),
    "small_modular_reactor": (6000, 100, 3, 10, 30, 50),
    "large_reactor": (5000, 120, 2, 10, 40, 80),
    "backup_generator": (400, 5, 9, 10, 4, 2),
}

TECHNOLOGIES: dict[tuple[str, str], float] = {
    (name, parameter): value
    for name, figures in PLANTS.items()
    for parameter, value in zip(
        (
            "overnight_capex_usd_per_kw",
            "fixed_om_usd_per_kw_year",
            "variable_om_usd_per_mwh",
            "heat_rate_mmbtu_per_mwh",
            "economic_life_years",
            "unit_size_mw",
        ),
        figures,
        strict=True,
    )
} | {
    # Combined cycle: the one with every kind of figure.
    ("combined_cycle", "forced_outage_rate"): 0.1,
    ("combined_cycle", "planned_outage_rate"): 0.5,  # no month uses it: every month has its own
    **{("combined_cycle", f"planned_outage_rate_month_{m}"): 0.2 if m == 1 else 0.0 for m in range(1, 13)},
    ("combined_cycle", "rating_loss_per_k"): 0.01,
    ("combined_cycle", "rating_reference_c"): 15.0,
    ("combined_cycle", "spending_year_1"): 1.0,
    ("combined_cycle", "co2_kg_per_mmbtu"): 50.0,
    ("combined_cycle", "nox_kg_per_mmbtu"): 0.1,
    ("combined_cycle", "water_consumption_m3_per_mwh"): 0.75,
    ("combined_cycle", "land_m2_per_kw"): 0.02,
    ("combined_cycle", "earliest_year"): 2030,
    ("combined_cycle", "announced_capex_usd_per_kw"): 1111.0,
    ("gas_turbine", "forced_outage_rate"): 0.05,
    ("gas_turbine", "planned_outage_rate"): 0.1,  # the same in every month
    ("gas_turbine", "rating_loss_per_k"): 0.006,
    ("gas_turbine", "co2_kg_per_mmbtu"): 50.0,
    ("gas_engine", "co2_kg_per_mmbtu"): 50.0,
    ("fuel_cell", "co2_kg_per_mmbtu"): 50.0,
    ("fuel_cell", "cost_of_capital_real"): 0.5,
    ("small_modular_reactor", "spending_year_1"): 0.5,
    ("small_modular_reactor", "spending_year_2"): 0.5,
    ("small_modular_reactor", "earliest_year"): 2032,
    ("small_modular_reactor", "forced_outage_rate"): 0.08,
    ("large_reactor", "capex_all_in"): 1.0,
    ("large_reactor", "spending_year_1"): 1.0,
    ("backup_generator", "run_hours_per_year_max"): 730.0,
    ("backup_generator", "co2_kg_per_mmbtu"): 70.0,
    **{(name, "firm_credit"): 0.0 if name == "backup_generator" else 1.0 for name in PLANTS},
    # Bridge power: rented, so without capital.
    ("bridge_power", "rental_usd_per_mw_month"): 5000,
    ("bridge_power", "mobilisation_usd_per_mw"): 40_000,
    ("bridge_power", "removal_usd_per_mw"): 15_000,
    ("bridge_power", "permit_years"): 2,
    ("bridge_power", "variable_om_usd_per_mwh"): 7,
    ("bridge_power", "heat_rate_mmbtu_per_mwh"): 9,
    ("bridge_power", "unit_size_mw"): 4,
    ("bridge_power", "forced_outage_rate"): 0.1,
    ("bridge_power", "firm_credit"): 1.0,
    ("bridge_power", "co2_kg_per_mmbtu"): 50.0,
    # Sun and wind.
    ("solar", "overnight_capex_usd_per_kw"): 900,
    ("solar", "fixed_om_usd_per_kw_year"): 15,
    ("solar", "economic_life_years"): 4,
    ("solar", "land_m2_per_kw"): 25.0,
    ("wind", "overnight_capex_usd_per_kw"): 1400,
    ("wind", "fixed_om_usd_per_kw_year"): 25,
    ("wind", "economic_life_years"): 4,
    # Battery: power and energy apart; round trip 0.81, so 0.9 each way.
    ("battery", "capex_power_usd_per_kw"): 200,
    ("battery", "capex_energy_usd_per_kwh"): 100,
    ("battery", "fixed_om_power_usd_per_kw_year"): 4,
    ("battery", "fixed_om_energy_usd_per_kwh_year"): 2,
    ("battery", "round_trip_efficiency"): 0.81,
    ("battery", "self_discharge_per_hour"): 0.02,
    ("battery", "firm_hours"): 10,
    ("battery", "economic_life_years"): 4,
    # Grid connection: substation beside the network works of the zone.
    ("grid_connection", "substation_capex_usd_per_kw"): 50,
    ("grid_connection", "fixed_om_fraction"): 0.02,
    ("grid_connection", "economic_life_years"): 4,
    # Load that may be shed.
    ("flexible_load", "shed_share"): 0.2,
    ("flexible_load", "shed_hours_per_year"): 1000,
    ("flexible_load", "shed_price_usd_per_mwh"): 300,
    # Load that may be moved.
    ("shiftable_load", "shift_share"): 0.2,
    ("shiftable_load", "shift_window_h"): 2,
    ("shiftable_load", "shift_price_usd_per_mwh"): 10,
    ("shiftable_load", "shift_rebound"): 0.25,
    # Line and gas trunk.
    ("line", "line_capex_usd_per_mw_km"): 1000,
    ("line", "fixed_om_fraction"): 0.01,
    ("line", "loss_per_km"): 0.001,
    ("line", "economic_life_years"): 40,
    ("line", "wheeling_usd_per_mwh"): 3,
    ("gas_trunk", "pipeline_cost_usd_per_km"): 2e6,
    ("gas_trunk", "compression_cost_usd_per_km"): 5e5,
    ("gas_trunk", "pipeline_capacity_mmbtu_per_h"): 1000,
    ("gas_trunk", "economic_life_years"): 30,
    # Distillate in tanks.
    ("dual_fuel", "tank_cost_usd_per_mmbtu"): 20,
    ("dual_fuel", "burner_cost_usd_per_mmbtu_per_h"): 1000,
    ("dual_fuel", "fixed_om_fraction"): 0.01,
    ("dual_fuel", "economic_life_years"): 4,
    ("dual_fuel", "lifetime_years"): 30,
}

ZONE: dict[str, float] = {
    "energy_price_usd_per_mwh": 40.0,
    "demand_charge_floor": 0.85,
    "queue_year_firm": 2032,
    "queue_year_nonfirm": 2030,
    "headroom_mw": 150.0,
    "nonfirm_curtailed_share": 1 / 8760,
    "export_discount_usd_per_mwh": 5.0,
    "capacity_price_usd_per_mw_day": 100.0,
    "transmission_charge_usd_per_mw_month": 1000.0,
    "transmission_charge_on_coincident_peak": 0.0,
    "co2_kg_per_mwh": 400.0,
    "reinforcement_usd_per_kw": 200.0,
}

CREDITS: list[tuple[str, str, str, str, Any, float]] = [
    *(
        ("48e", name, "", "share_of_capex", "", share)
        for name, share in (("large_reactor", 0.3), ("battery", 0.2), ("solar", 0.3))
    ),
    *(("45y", name, "", "usd_per_mwh", "", 25.0) for name in ("large_reactor", "wind")),
    ("45y", "", "", "credit_years", "", 3.0),
    *(
        (credit, "", "", "share_kept", year, kept)
        for credit in ("48e", "45y")
        for year, kept in ((2029, 1), (2030, 0.5))
    ),
    ("45y", "wind", "", "construction_begins_by", "", 2029.5),
    ("45y", "wind", "", "in_service_by", "", 2030.0),
    ("45u", "large_reactor", "", "usd_per_mwh", "", 15.0),
    ("45u", "", "", "receipts_free_usd_per_mwh", "", 25.0),
    ("45u", "", "", "reduction_share", "", 0.8),
    ("45u", "", "", "last_year", "", 2032.0),
    ("45q", "combined_cycle", "plain", "usd_per_t", "", 80.0),
    ("45q", "", "", "credit_years", "", 1.0),
]
"""Tax credits: half of 48E and 45Y is left where construction begins in 2030 or later."""

STEPS = {1: (60.0, 1.0, 1.0), 2: (100.0, 1.5, 2.0)}
"""Steps of a zone: width in MW, multiplier of the price, multiplier of the reinforcement."""


def table(name: str, keys: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> Table:
    """A table of figures: every row is its keys and its value, in the money of 2024."""
    made = []
    for *key, value in rows:
        figures = (repr(float(value)), "", "", "by hand", "", "by hand", "", "", "published", "")
        made.append(Row((*map(str, key), *figures), Origin(f"{name}.csv", len(made) + 2), float(value)))
    return Table(name, (*keys, *COMMON_COLUMNS), keys, tuple(made), has_figures=True)


def text_table(name: str, columns: tuple[str, ...], keys: int, rows: Iterable[tuple[str, ...]]) -> Table:
    made = tuple(Row(tuple(row), Origin(f"{name}.csv", number + 2)) for number, row in enumerate(rows))
    return Table(name, columns, columns[:keys], made, has_figures=False)


@cache
def scenario_model() -> Any:
    return scenario_type(technology_specs(), requirement_specs())


@cache
def tables_of(figures: tuple[tuple[Any, float], ...], zone_figures: tuple[tuple[str, float], ...]) -> Tables:
    """The tables of the small world. Zone load is highest at 1:00 in January and, in summer, at 0:00 in July."""
    technologies, zone = dict(figures), dict(zone_figures)
    named = sorted({key[0] for key in technologies})
    load = np.ones((12, 24))
    load[0, 1], load[6, 0] = 3.0, 2.0
    shape = [("zone_load", m + 1, h, load[m, h]) for m in range(12) for h in range(24)]
    calm = [
        ("zone_load", month, parameter, 0.0)
        for month in range(1, 13)
        for parameter in ("standard_deviation", "autocorrelation_1h")
    ]
    zones = ("north", "south")
    made = [
        table(
            "technologies",
            ("technology", "machine_class", "cost_case", "parameter", "year"),
            [(key[0], "", "", key[1], key[2] if len(key) > 2 else "", value) for key, value in technologies.items()],
        ),
        text_table(
            "technology_defaults",
            ("technology", "machine_class", "cost_case", "note"),
            1,
            [(name, "plain", "plain", "") for name in named],
        ),
        table(
            "fuels",
            ("fuel", "region", "case", "year", "month"),
            [
                ("natural_gas_delivered", "midwest", "by_hand", "", "", 4.4),
                ("uranium", "us", "by_hand", "", "", 0.75),
                ("diesel", "us", "by_hand", "", "", 20.0),
                ("natural_gas_hub", "henry_hub", "by_hand", "", "", 3.0),
                ("gas_basis", "waha", "by_hand", "", "", -1.0),
                ("natural_gas_transport", "intrastate", "by_hand", "", "", 0.4),
            ],
        ),
        table(
            "fuel_properties",
            ("fuel", "parameter"),
            [
                ("natural_gas", "winter_adder_fraction", 0.24),
                ("natural_gas", "co2_kg_per_mmbtu", 53.0),
                ("natural_gas", "firm_reservation_usd_per_mmbtu_per_day", 0.5),
                ("natural_gas", "interruptible_usd_per_mmbtu", 0.25),
                ("natural_gas", "interruptible_stops_days", 1),
                ("natural_gas", "price_elasticity_usd_per_mmbtu_per_quad", 0.1),
                ("diesel", "co2_kg_per_mmbtu", 73.0),
                ("diesel", "heat_rate_penalty_fraction", 0.25),
                ("diesel", "nox_added_kg_per_mmbtu", 0.05),
                ("diesel", "refill_mmbtu_per_day", 4800),
                ("diesel", "dual_fuel_firm_hours", 10),
            ],
        ),
        table(
            "grid_zones",
            ("zone", "parameter", "year"),
            [
                (z, parameter, "", value)
                for z in zones
                for parameter, value in zone.items()
                if parameter != "headroom_mw"
            ]
            + [("east", "headroom_mw", "", zone["headroom_mw"])],
        ),
        table(
            "grid_steps",
            ("zone", "step", "parameter"),
            [
                ("default", k, parameter, value)
                for k, values in STEPS.items()
                for parameter, value in zip(
                    ("width_mw", "price_multiplier", "reinforcement_multiplier"), values, strict=True
                )
            ],
        ),
        text_table("grid_zone_series", ("zone", "series_kind", "series"), 2, [(z, "load", "zone_load") for z in zones]),
        table("hourly_shapes", ("series", "month", "hour"), shape),
        table("hourly_variability", ("series", "month", "parameter"), calm),
        table("demand", ("trajectory", "year"), [("growing", 2030, 2.0), ("growing", 2032, 4.0)]),
        table("existing_fleet", ("state", "year"), [("OH", 2023, 0.5), ("PA", 2023, 0.25)]),
        table("tax_credits", ("credit", "technology", "machine_class", "parameter", "year"), CREDITS),
        table(
            "finance",
            ("topic", "item", "year"),
            [
                ("load", "shortfall_price_usd_per_mwh", "", 700.0),
                ("grid", "headroom_factor_quarter_percent", "", 0.8),
                ("grid", "headroom_factor_one_percent", "", 1.25),
            ],
        ),
    ]
    return Tables({one.name: one for one in made})


COLD_JANUARY = np.full(8760, 20.0)
"""A year of temperatures for `place_of`: those of its three hours, and 1 January as the coldest day."""
COLD_JANUARY[:24] = -30.0
COLD_JANUARY[FIRST_HOURS_OF] = 15.0, 25.0, 35.0
