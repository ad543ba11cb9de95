"""Whether stores carry an outage: the cuts of its network against a linear programme, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from gigasite.results.outage import Store, following, missing_energy_mwh, missing_power_mw


def test_the_steps_that_follow_go_round_the_year() -> None:
    values = np.arange(1.0, 6.0)
    for steps in (1, 3, 5, 7, 12):
        by_hand = [sum(values[(h + 1 + i) % 5] for i in range(steps)) for h in range(5)]
        assert following(values, steps) == pytest.approx(by_hand)


def test_one_store_gives_what_plants_leave() -> None:
    store = Store(np.full(4, 10.0), np.array([9.0, 12.0, 12.0, 12.0]))
    deficit = np.array([4.0, -5.0, 10.0, 6.0])
    # after step 0: 0 + 10 in the next two, and so on
    assert missing_energy_mwh(deficit, [store], 2, 1.0) == pytest.approx([10 - 9, 16 - 12, 10 - 12, 4 - 12])
    assert missing_power_mw(deficit, [store]) == pytest.approx(deficit - 10.0)


def test_a_store_without_energy_is_not_helped_by_one_without_power() -> None:
    battery, sets = Store(np.full(2, 100.0), np.full(2, 100.0)), Store(np.full(2, 100.0), np.full(2, 1000.0))
    deficit = np.full(2, 200.0)
    assert missing_energy_mwh(deficit, [battery, sets], 5, 1.0).tolist() == [400.0, 400.0]  # the battery's share


@pytest.mark.parametrize("seed", range(25))
def test_the_cuts_say_what_a_linear_programme_says(seed: int) -> None:
    draw = np.random.default_rng(seed)
    steps, count = 6, int(draw.integers(1, 4))
    deficit = draw.normal(3.0, 4.0, steps)
    stores = [Store(draw.uniform(0, 6, steps), draw.uniform(0, 25, steps)) for _ in range(count)]
    length = int(draw.integers(1, steps + 1))
    missing = missing_energy_mwh(deficit, stores, length, 2.0)
    power = missing_power_mw(deficit, stores)
    for h in range(steps):
        at = [(h + 1 + i) % steps for i in range(length)]
        balance = np.kron(np.ones(count), -np.eye(length))
        energy = np.kron(np.eye(count), 2.0 * np.ones(length))
        answer = linprog(
            np.zeros(count * length),
            A_ub=np.vstack([balance, energy]),
            b_ub=np.r_[-np.maximum(deficit[at], 0.0), [store.energy_mwh[h] for store in stores]],
            bounds=[(0.0, store.power_mw[t]) for store in stores for t in at],
        )
        assert (answer.status == 0) == (missing[h] <= 1e-9 and power[at].max() <= 1e-9)
