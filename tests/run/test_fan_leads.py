"""Futures that differ in how long an order takes, bound by order: what one orders before it is known, all order."""

import numpy as np
from tests.run.test_fan_run import LOADS, Solver, solver  # noqa: F401

from gigasite.formulation.commitments import committed
from gigasite.run.fan_inputs import assemble_fan
from gigasite.run.fan_kind import built_fan
from gigasite.run.solve_run import check_scenario_file


def test_what_one_future_orders_before_it_is_known_is_common_and_may_be_built(solver: Solver) -> None:  # noqa: F811
    path = solver.file("leads", commit="order", hours=24)
    slow = ", technologies: {gas_turbine: {delivery_months: 60}}"
    path.write_text(path.read_text(encoding="utf-8").replace(LOADS["high"], LOADS["high"] + slow), encoding="utf-8")
    fan = assemble_fan(check_scenario_file(path))
    models, _ = built_fan(fan)
    name = "gas_turbine.built_mw"
    alone = [
        np.broadcast_to(committed(models.builders[one.name], fan.known_in, by_order=True)[name], (1, 5)).tolist()
        for one in fan.futures
    ]
    assert alone == [[[True] * 4 + [False]], [[True] * 5]]
    merged = models.merged()
    group = merged.lp.column_group(name)
    upper = merged.lp.column_numbering.within(group.full, merged.lp.column_upper)
    assert upper[-1] > 0  # it was 0 as long as the other future had a column of its own
    for one in merged.slices:
        lp = one.part.lp
        assert one.part.common[lp.column_group(name).full].all()
