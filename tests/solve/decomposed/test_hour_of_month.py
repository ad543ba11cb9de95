"""A set `hour_of_month` counts the steps of a month: one name for all, matched by step, in the block of their month."""

from __future__ import annotations

import numpy as np
from tests.formulation.small_world import World, make_world

from gigasite.solve.decomposed.keys import Keys, block_keys
from gigasite.solve.decomposed.row_names import column_segments, row_labels

MONTH_OF_STEP = np.array([1, 1, 7])


def outage() -> tuple[World, Keys]:
    made = make_world(["gas_engine", "battery"], requirements={"outage_survival_h": 2})
    return made, block_keys(made.lp, MONTH_OF_STEP)


def test_its_columns_belong_to_the_block_of_their_month() -> None:
    made, keys = outage()
    names = {made.lp.column_name(i): int(block) for i, block in enumerate(keys.column)}
    of_january = {names[f"grid_outage.{name}[alpha,2032,1,{k}]"] for name in ("drawn_battery_mw",) for k in (1, 2, 3)}
    assert of_january == {names["battery.stored_mwh[alpha,2032,0]"]}
    assert names["grid_outage.drawn_battery_mw[alpha,2032,7,1]"] == names["battery.stored_mwh[alpha,2032,2]"]


def test_no_row_of_an_outage_crosses_months() -> None:
    made, keys = outage()
    for name in made.rows:
        if name.startswith("grid_outage."):
            columns = [i for i in range(made.lp.shape[1]) if made.lp.column_name(i) in made.row(name).entries]
            assert len({int(keys.column[i]) for i in columns} - {-1}) == 1, name


def test_its_hours_share_a_name_and_differ_by_step() -> None:
    made, keys = outage()
    block = int(
        keys.column[[made.lp.column_name(i) for i in range(made.lp.shape[1])].index("battery.stored_mwh[alpha,2032,0]")]
    )
    columns = np.flatnonzero(keys.column == block)
    found = {s.name: s.steps.tolist() for s in column_segments(made.lp, keys, columns, joined=False)}
    assert found["grid_outage.drawn_battery_mw[]"] == [1, 2, 3]
    labels = row_labels(made.lp, keys)
    mine = [
        i
        for i in range(made.lp.shape[0])
        if made.lp.row_name(i).startswith("grid_outage.critical_load_is_carried[alpha,2032,1")
    ]
    assert {labels.without_place[labels.segment[i]] for i in mine} == {"grid_outage.critical_load_is_carried[]"}
    assert labels.step[mine].tolist() == [1, 2, 3]
