"""The shipped tables of technologies, fuels and finance hold what the model reads and quote what was published."""

import re
from pathlib import Path

import pandas as pd
import pytest

INPUTS = Path(__file__).parents[2] / "inputs"
COMMON = ["value", "low", "high", "unit", "currency_year", "source", "locator", "source_year", "confidence", "note"]
KEYS = {
    "technologies": ["technology", "machine_class", "cost_case", "parameter", "year"],
    "fuels": ["fuel", "region", "case", "year", "month"],
    "fuel_properties": ["fuel", "parameter"],
    "finance": ["topic", "item", "year"],
    "tax_credits": ["credit", "technology", "machine_class", "parameter", "year"],
}

LEAD_TIMES = {"delivery_months", "construction_months"}
GENERAL = {
    "capex_all_in",
    "firm_credit",
    "forced_outage_rate",
    "planned_outage_rate",
    "unit_size_mw",
    "lifetime_years",
    "economic_life_years",
    "construction_years",
    "delivery_months",
    "construction_months",
    "rating_loss_per_k",
    "rating_reference_c",
    "co2_kg_per_mmbtu",
    "nox_kg_per_mmbtu",
    "water_consumption_m3_per_mwh",
    "water_withdrawal_m3_per_mwh",
    "land_m2_per_kw",
    "heat_rate_mmbtu_per_mwh",
    "variable_om_usd_per_mwh",
    "spending_year_1",
} | {f"planned_outage_rate_month_{month}" for month in range(1, 13)}
PLANT = GENERAL | {"overnight_capex_usd_per_kw", "fixed_om_usd_per_kw_year"}
BATTERY = GENERAL | {
    "capex_power_usd_per_kw",
    "capex_energy_usd_per_kwh",
    "fixed_om_power_usd_per_kw_year",
    "fixed_om_energy_usd_per_kwh_year",
    "round_trip_efficiency",
    "self_discharge_per_hour",
    "firm_hours",
}
RENTED = GENERAL - {
    "capex_all_in",
    "lifetime_years",
    "economic_life_years",
    "construction_years",
    "spending_year_1",
} | {"rental_usd_per_mw_month", "mobilisation_usd_per_mw", "removal_usd_per_mw", "permit_years"}
NETWORK = {
    "lifetime_years",
    "economic_life_years",
    "fixed_om_fraction",
    "construction_years",
    "capex_all_in",
    "spending_year_1",
}

GAS_CASES = ["atb", "market", "headline"]
ATB_CASES = ["atb", "advanced", "conservative"]
SMR_CASES = ["advanced", "moderate", "conservative"]
UAMPS_CASES = ["uamps_2020", "uamps_2023"]

REQUIRED: list[tuple[str, str, list[str], set[str]]] = [
    ("combined_cycle", "f_class_2x1", [*GAS_CASES, "second_tranche"], PLANT | {"slots_mw_per_year"}),
    ("combined_cycle", "h_class_1x1", [*GAS_CASES, "second_tranche"], PLANT | {"slots_mw_per_year"}),
    ("combined_cycle", "h_class_2x1", [*GAS_CASES, "second_tranche"], PLANT | {"slots_mw_per_year"}),
    ("combined_cycle", "h_class_2x1_ccs95", ["atb", "market"], PLANT | {"slots_mw_per_year"}),
    ("gas_turbine", "frame_f", GAS_CASES, PLANT | {"slots_mw_per_year"}),
    ("gas_turbine", "aeroderivative", GAS_CASES, PLANT | {"slots_mw_per_year"}),
    ("gas_turbine", "small_frame", GAS_CASES, PLANT | {"slots_mw_per_year"}),
    ("gas_engine", "reciprocating_3mw", GAS_CASES, PLANT | {"slots_mw_per_year"}),
    ("fuel_cell", "solid_oxide", ["atb", "reopt", "market"], PLANT | {"slots_mw_per_year"}),
    ("small_modular_reactor", "generic_300mw", [*SMR_CASES, *UAMPS_CASES, "darlington"], PLANT | {"slots_mw_per_year"}),
    ("small_modular_reactor", "nuscale_77mw", [*SMR_CASES, *UAMPS_CASES], PLANT | {"slots_mw_per_year"}),
    ("small_modular_reactor", "bwrx_300", [*SMR_CASES, "darlington"], PLANT | {"slots_mw_per_year"}),
    (
        "large_reactor",
        "ap1000",
        ["atb", "advanced", "moderate", "conservative", "vogtle"],
        PLANT | {"slots_mw_per_year"},
    ),
    ("solar", "single_axis", ATB_CASES, PLANT),
    ("wind", "onshore", ATB_CASES, PLANT),
    ("battery", "lithium_ion", ATB_CASES, BATTERY),
    ("backup_generator", "diesel", ["reopt"], PLANT | {"run_hours_per_year_max"}),
    ("grid_connection", "transmission", [""], NETWORK | {"connection_capex_usd_per_kw", "firm_credit"}),
    ("flexible_load", "deferrable_computing", [""], {"shed_share", "shed_hours_per_year", "shed_price_usd_per_mwh"}),
    (
        "shiftable_load",
        "batch_computing",
        [""],
        {"shift_share", "shift_window_h", "shift_price_usd_per_mwh", "shift_rebound"},
    ),
    *(
        (
            "line",
            f"ac_{kv}kv",
            [""],
            NETWORK | {"line_capex_usd_per_mw_km", "loss_per_km", "wheeling_usd_per_mwh", *LEAD_TIMES},
        )
        for kv in (138, 230, 345, 500, 765)
    ),
    (
        "gas_trunk",
        "steel_42in",
        [""],
        NETWORK | {"pipeline_cost_usd_per_km", "pipeline_capacity_mmbtu_per_h", *LEAD_TIMES},
    ),
    *(("bridge_power", machine_class, [""], RENTED) for machine_class in ("mobile_engine", "trailer_turbine")),
    (
        "dual_fuel",
        "distillate",
        [""],
        NETWORK | {"tank_cost_usd_per_mmbtu", "burner_cost_usd_per_mmbtu_per_h"},
    ),
]


def read(name: str) -> pd.DataFrame:
    frame = pd.read_csv(INPUTS / f"{name}.csv", dtype=str, keep_default_na=False)
    frame["number"] = frame["value"].astype(float)
    return frame


@pytest.fixture(scope="module")
def technologies() -> pd.DataFrame:
    return read("technologies")


def serving(frame: pd.DataFrame, technology: str, machine_class: str, cost_case: str) -> pd.DataFrame:
    """Rows that serve a class and case: an empty class or case serves every one."""
    return frame[
        (frame["technology"] == technology)
        & frame["machine_class"].isin([machine_class, ""])
        & frame["cost_case"].isin([cost_case, ""])
    ]


def one(frame: pd.DataFrame, technology: str, machine_class: str, cost_case: str, parameter: str) -> float:
    rows = serving(frame, technology, machine_class, cost_case)
    rows = rows[rows["parameter"] == parameter]
    assert len(rows) == 1
    return float(rows["number"].iloc[0])


CASES = [
    pytest.param(technology, machine_class, case, needed, id=f"{technology}-{machine_class}-{case or 'any'}")
    for technology, machine_class, cases, needed in REQUIRED
    for case in cases
]


@pytest.mark.parametrize(("technology", "machine_class", "case", "needed"), CASES)
def test_every_class_and_cost_case_has_every_parameter(
    technologies: pd.DataFrame, technology: str, machine_class: str, case: str, needed: set[str]
) -> None:
    assert needed - set(serving(technologies, technology, machine_class, case)["parameter"]) == set()


@pytest.mark.parametrize(("technology", "machine_class", "case", "needed"), CASES)
def test_no_figure_is_given_twice_for_one_class_case_and_year(
    technologies: pd.DataFrame, technology: str, machine_class: str, case: str, needed: set[str]
) -> None:
    rows = serving(technologies, technology, machine_class, case)
    assert not rows.duplicated(["parameter", "year"]).any()
    mixed = rows.groupby("parameter")["year"].agg(lambda years: "" in set(years) and len(set(years)) > 1)
    assert not mixed.any()


@pytest.mark.parametrize(("technology", "machine_class", "case", "needed"), CASES)
def test_spending_profiles_sum_to_one(
    technologies: pd.DataFrame, technology: str, machine_class: str, case: str, needed: set[str]
) -> None:
    rows = serving(technologies, technology, machine_class, case)
    shares = rows[rows["parameter"].str.startswith("spending_year_")]
    if technology not in {"bridge_power", "flexible_load", "shiftable_load"}:
        assert shares["number"].sum() == pytest.approx(1)
        assert len(shares) == one(technologies, technology, machine_class, case, "construction_years")


def test_every_class_in_the_table_is_known_to_these_tests(technologies: pd.DataFrame) -> None:
    named = technologies[technologies["machine_class"] != ""]
    found = set(zip(named["technology"], named["machine_class"], strict=True))
    assert found == {(technology, machine_class) for technology, machine_class, _, _ in REQUIRED}


def test_every_default_names_a_class_and_case_of_the_table() -> None:
    defaults = pd.read_csv(INPUTS / "technology_defaults.csv", dtype=str, keep_default_na=False)
    known = {(technology, machine_class, case) for technology, machine_class, cases, _ in REQUIRED for case in cases}
    assert set(zip(defaults["technology"], defaults["machine_class"], defaults["cost_case"], strict=True)) <= known
    assert set(defaults["technology"]) == {technology for technology, _, _, _ in REQUIRED}


def test_rates_and_fractions_lie_between_zero_and_one(technologies: pd.DataFrame) -> None:
    rows = technologies[
        technologies["parameter"].str.contains("outage_rate|firm_credit|round_trip|spending_year|fixed_om_fraction")
    ]
    assert rows["number"].between(0, 1).all()


def test_figures_of_one_series_share_a_currency_year(technologies: pd.DataFrame) -> None:
    series = technologies.groupby(["technology", "machine_class", "cost_case", "parameter"])["currency_year"].nunique()
    assert (series == 1).all()


def test_no_sentinel_price_is_left_in_the_fuel_cell_rows(technologies: pd.DataFrame) -> None:
    rows = technologies[
        (technologies["technology"] == "fuel_cell") & (technologies["parameter"] == "overnight_capex_usd_per_kw")
    ]
    assert (rows["number"] < 9_000).all()


def test_headline_cost_gives_the_announced_total_of_portsmouth(technologies: pd.DataFrame) -> None:
    for machine_class in ("frame_f", "aeroderivative", "small_frame"):
        announced = one(technologies, "gas_turbine", machine_class, "headline", "announced_capex_usd_per_kw")
        assert announced * 9_200e3 == pytest.approx(33.3e9, rel=0.01)
        assert one(technologies, "gas_turbine", machine_class, "headline", "capex_all_in") == 1


def test_170_small_frame_machines_make_9200_mw(technologies: pd.DataFrame) -> None:
    size = one(technologies, "gas_turbine", "small_frame", "market", "unit_size_mw")
    assert 170 * size == pytest.approx(9_200, rel=1e-6)
    heat_rate = one(technologies, "gas_turbine", "small_frame", "market", "heat_rate_mmbtu_per_mwh")
    assert 9_200 * 24 * heat_rate / 1.037e6 == pytest.approx(1.94, abs=0.005)


@pytest.mark.parametrize(("case", "announced_usd"), [("uamps_2020", 5.3e9), ("uamps_2023", 9.3e9)])
@pytest.mark.parametrize("machine_class", ["nuscale_77mw", "generic_300mw"])
def test_462_mw_cost_what_uamps_announced(
    technologies: pd.DataFrame, machine_class: str, case: str, announced_usd: float
) -> None:
    announced = one(technologies, "small_modular_reactor", machine_class, case, "announced_capex_usd_per_kw")
    assert announced * 462e3 == pytest.approx(announced_usd, rel=1e-6)


@pytest.mark.parametrize(("case", "usd_per_kw"), [("advanced", 5_500), ("moderate", 8_000), ("conservative", 10_000)])
def test_reactor_modules_cost_the_atb_figures_in_2030(technologies: pd.DataFrame, case: str, usd_per_kw: float) -> None:
    rows = serving(technologies, "small_modular_reactor", "generic_300mw", case)
    row = rows[(rows["parameter"] == "overnight_capex_usd_per_kw") & (rows["year"] == "2030")]
    assert row["number"].tolist() == [usd_per_kw]


@pytest.mark.parametrize(("year", "usd_per_mmbtu"), [("2028", 3.54), ("2030", 4.15), ("2035", 4.19)])
def test_baseline_gas_price_of_east_north_central_is_the_published_one(year: str, usd_per_mmbtu: float) -> None:
    fuels = read("fuels")
    row = fuels[
        (fuels["fuel"] == "natural_gas_delivered")
        & (fuels["region"] == "east_north_central")
        & (fuels["case"] == "aeo2026_baseline")
        & (fuels["year"] == year)
    ]
    assert [round(price, 2) for price in row["number"]] == [usd_per_mmbtu]


def test_every_outlook_case_covers_nine_divisions_and_27_years() -> None:
    fuels = read("fuels")
    delivered = fuels[fuels["fuel"] == "natural_gas_delivered"]
    assert delivered["case"].nunique() == 6
    assert delivered["region"].nunique() == 9
    assert (delivered.groupby(["case", "region"])["year"].nunique() == 27).all()


def test_nuclear_fuel_has_a_price_in_every_outlook_case() -> None:
    fuels = read("fuels")
    delivered = set(fuels.loc[fuels["fuel"] == "natural_gas_delivered", "case"])
    assert set(fuels.loc[fuels["fuel"] == "uranium", "case"]) == delivered


def test_discount_rate_follows_from_the_published_finance_block() -> None:
    finance = read("finance")
    block = finance.query("topic == 'atb_finance'").set_index("item")["number"]
    equity, interest = block["return_on_equity_nominal"], block["interest_rate_nominal"]
    nominal = (1 - block["debt_fraction"]) * equity + block["debt_fraction"] * interest * (1 - block["tax_rate"])
    real = (1 + nominal) / (1 + block["inflation"]) - 1
    rate = finance.query("topic == 'discount_rate' and item == 'real'")["number"].item()
    assert rate == pytest.approx(real, abs=1e-5)


def test_deflator_is_published_from_2004_to_2025() -> None:
    finance = read("finance")
    years = finance.loc[finance["item"] == "usd_2004_per_usd", "year"].astype(int).tolist()
    assert years == list(range(2004, 2026))


def test_idle_value_and_shortfall_price_agree() -> None:
    finance = read("finance").set_index(["topic", "item"])["number"]
    idle = finance["load", "idle_value_usd_per_mw_year"].item()
    assert idle == 500e9 / 10_000 * 0.65 / 5
    assert finance["load", "shortfall_price_usd_per_mwh"].item() == pytest.approx(idle / 8_760)
    assert round(idle / 8_760) == 742


def test_pue_reaches_its_peak_on_a_design_day() -> None:
    load = read("finance").query("topic == 'load'").set_index("item")["number"]
    design_day = load["pue_base"] + load["pue_slope_per_k"] * (33 - load["pue_threshold_c"])
    assert design_day == pytest.approx(load["pue_peak"], abs=0.001)


@pytest.mark.parametrize("name", list(KEYS))
def test_every_row_has_a_number_a_unit_and_a_source(name: str) -> None:
    frame = read(name)
    assert list(frame.columns[:-1]) == KEYS[name] + COMMON
    assert not frame.duplicated(KEYS[name]).any()
    assert frame["number"].notna().all()
    assert (frame["unit"] != "").all()
    assert (frame["source"] != "").all()


@pytest.mark.parametrize("name", list(KEYS))
def test_no_row_is_unverified_and_every_estimate_gives_its_reason(name: str) -> None:
    frame = read(name)
    assert set(frame["confidence"]) <= {"published", "derived", "reported", "estimate"}
    assert (frame.loc[frame["confidence"].isin(["derived", "estimate"]), "note"] != "").all()
    text = (INPUTS / f"{name}.csv").read_text(encoding="utf-8").lower()
    assert "unverified" not in text
    assert ".txt" not in text
    assert re.search(r"(?<!\.)\.\./", text) is None


@pytest.mark.parametrize("name", list(KEYS))
def test_values_lie_between_their_low_and_high(name: str) -> None:
    frame = read(name)
    low = pd.to_numeric(frame["low"]).fillna(frame["number"])
    high = pd.to_numeric(frame["high"]).fillna(frame["number"])
    slack = 1e-9 * frame["number"].abs()
    assert (low <= frame["number"] + slack).all()
    assert (frame["number"] <= high + slack).all()


@pytest.mark.parametrize("name", list(KEYS))
def test_money_carries_its_currency_year(name: str) -> None:
    frame = read(name)
    money = frame["unit"].str.match(r"^(bn |M |oku )?(USD|CAD|JPY)\b") & (frame["unit"] != "JPY/USD")
    assert (frame.loc[money, "currency_year"] != "").all()
