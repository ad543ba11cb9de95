"""Prices of rows over common columns that stand once for every future."""

from itertools import pairwise

import numpy as np
import pytest
from tests.solve.test_fan import later_unlike

from gigasite.solve.fan import merge
from gigasite.solve.whole import solve_whole


@pytest.mark.parametrize("kept_apart", [(), "all"])
def test_rows_over_common_columns_have_one_price_in_every_future(kept_apart: object) -> None:
    parts = later_unlike((0.5, 1.4), (0.25, 0.75))
    names = {group.name.partition(".")[0] for group in parts[0].lp.rows}
    merged = merge(parts, apart=names if kept_apart == "all" else ())
    answer = solve_whole(merged.lp)
    low, high = (one.solution(answer) for one in merged.slices)
    over_common = [
        np.array([one.columns[lp.column_indices[a:b]].max() for a, b in pairwise(lp.row_starts)])
        < (~merged.slices[0].own_columns).sum()
        for one in merged.slices
        for lp in (one.part.lp,)
    ]
    assert over_common[0].any()
    assert np.abs(low.row_duals[over_common[0]]).max() > 0
    np.testing.assert_allclose(low.row_duals[over_common[0]], high.row_duals[over_common[1]])
