"""What a line and a gas pipe cost: by hand from the cited rows, and as the model itself counts them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from gigasite.formulation.registry import preparers, requirement_specs, technology_specs
from gigasite.formulation.requirements.fuel_lateral import trunk_distance_km
from gigasite.inputs.folders import data_folder, scenarios_folder
from gigasite.inputs.load import load_scenario
from gigasite.inputs.tables import load_tables
from gigasite.siting.connection_costs import cheapest_connection, connection_usd, lateral_usd, line_usd
from gigasite.siting.voltage_classes import VOLTAGE_CLASSES
from gigasite.system.assemble import assemble, deflator_of

# Median cost in MUSD/mile and thermal rating in MW of one circuit, as published.
PUBLISHED = {138: (1.79, 206), 230: (1.987, 343), 345: (3.096, 1030), 500: (4.13, 2468), 765: (5.127, 6294)}
KM_PER_MILE = 1.609344


@pytest.mark.parametrize("kv", VOLTAGE_CLASSES)
def test_a_full_circuit_costs_its_published_price_per_mile(kv):
    musd_per_mile, rating_mw = PUBLISHED[kv]
    assert line_usd(KM_PER_MILE, rating_mw, voltage_kv=kv) / 1e6 == pytest.approx(musd_per_mile, rel=6e-4)


def test_a_line_by_hand():
    # 12.5 km x 1,000 MW x 1,867.9 USD/MW-km = 23,348,750 USD; two circuits of 1,030 MW for 1,100 MW
    assert line_usd(12.5, 1000.0, voltage_kv=345) == pytest.approx(23_348_750.0, rel=1e-9)
    assert line_usd(12.5, 1000.0, voltage_kv=345, route_factor=1.2) == pytest.approx(28_018_500.0, rel=1e-9)
    assert line_usd(12.5, 1100.0, voltage_kv=345, whole_units=True) == pytest.approx(12.5 * 2 * 1030 * 1867.9, rel=1e-9)
    # and 100 USD/kW of substation
    assert connection_usd(12.5, 1000.0, voltage_kv=345) == pytest.approx(123_348_750.0, rel=1e-9)


def test_a_lateral_by_hand():
    deflator = deflator_of(load_tables((data_folder(),)))
    per_km = deflator.to_2024(7_518_591.426 + 943_200.0, 2025)
    # 20 km for half of the 86,416.67 MMBtu/h that a pipe carries
    assert lateral_usd(20.0, 86_416.66667 / 2) == pytest.approx(20.0 * 0.5 * per_km, rel=1e-9)
    assert lateral_usd(20.0, 86_416.66667 / 2, whole_units=True) == pytest.approx(20.0 * per_km, rel=1e-9)
    assert lateral_usd(20.0, 100_000.0, whole_units=True) == pytest.approx(20.0 * 2 * per_km, rel=1e-9)


def test_line_and_lateral_cost_what_the_model_itself_counts():
    loaded = load_scenario(
        scenarios_folder() / "portsmouth-grid-contract.yaml",
        technology_specs=technology_specs(),
        requirement_specs=requirement_specs(),
    )
    system = assemble(loaded.scenario, loaded.tables, preparers(loaded.scenario))
    context, trunk = system.context, system.features["fuel_lateral"]["overnight_usd_per_mmbtu_per_h"].values
    assert trunk.any()
    for site, place in enumerate(context.places):
        per_unit = lateral_usd(trunk_distance_km(place), 1.0)
        assert trunk[site] == pytest.approx(np.full(trunk.shape[1], per_unit), rel=1e-9)
    lines = list(context.scenario.lines.values())
    assert lines
    ends = [place.name for place in context.places]
    overnight = system.features["line"]["overnight_at_site_usd_per_mw"].values
    for number, line in enumerate(lines):
        per_mw = line_usd(line.length_km, 1.0, voltage_kv=line.voltage_kv)
        assert overnight[number, ends.index(line.to_site), 0] == pytest.approx(float(per_mw), rel=1e-9)


def test_nothing_costs_nothing_and_an_unknown_line_costs_infinitely_much():
    assert lateral_usd([0.0, math.inf, math.inf], [100.0, 100.0, 0.0]).tolist() == [0.0, math.inf, 0.0]
    assert line_usd(math.inf, 0.0, voltage_kv=500) == 0.0
    with pytest.raises(KeyError, match="no voltage class 400"):
        line_usd(1.0, 1.0, voltage_kv=400)
    for wrong in ((-1.0, 1.0), (1.0, -1.0)):
        with pytest.raises(ValueError, match="cannot be below 0"):
            line_usd(*wrong, voltage_kv=345)
        with pytest.raises(ValueError, match="cannot be below 0"):
            lateral_usd(*wrong)


def test_the_cheapest_class_is_chosen_place_by_place():
    distances = pd.DataFrame(
        {
            "line_138kv_km": [1.0, 8.0, math.inf],
            "line_345kv_km": [10.0, 10.0, math.inf],
            "line_765kv_km": [60.0, math.inf, math.inf],
        },
        index=["a", "b", "c"],
    )
    found = cheapest_connection(distances, 500.0)
    # a: 1 x 5,401 against 10 x 1,867.9 and 60 x 506.1 USD/MW; b: 8 x 5,401 against 10 x 1,867.9
    assert found["connection_kv"].tolist() == [138, 345, 0]
    assert found["connection_km"].tolist()[:2] == [1.0, 10.0]
    assert found.loc["a", "connection_usd"] == pytest.approx(500 * 5401 + 500_000 * 100)
    assert found.loc["b", "connection_usd_per_kw"] == pytest.approx(18.679 + 100)
    assert math.isinf(found.loc["c", "connection_usd"])
    # 6,000 MW that pay every circuit: 30 of 138 kV over 1 km, 6 of 345 kV over 10 km, one of 765 kV over 60 km
    whole = cheapest_connection(distances.loc[["a"]], 6000.0, whole_units=True)
    assert whole["connection_kv"].tolist() == [138]
    assert whole["connection_usd"].iloc[0] == pytest.approx(30 * 206 * 5401 + 6_000_000 * 100)
    with pytest.raises(ValueError, match="no column of distances"):
        cheapest_connection(pd.DataFrame({"km": [1.0]}), 500.0)


def test_a_planners_figure_wins():
    tables = load_tables((data_folder(),))
    assert float(line_usd(1.0, 1.0, voltage_kv=138, tables=tables)) == pytest.approx(5401.0)
    assert np.isscalar(float(line_usd(1.0, 1.0, voltage_kv=138)))
