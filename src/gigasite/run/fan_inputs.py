"""The futures of a scenario as arrays: each assembled like a scenario of its own, with room for the loads of all."""

from __future__ import annotations

from dataclasses import replace

from gigasite.inputs.load import LoadedScenario
from gigasite.run.solve_run import assemble_loaded
from gigasite.system.futures import Fan, Future, refuse_unlike
from gigasite.system.rest_of_state import with_rest_of_state


def assemble_fan(loaded: LoadedScenario, resolution_h: int | None = None) -> Fan:
    """The arrays of every future.

    Args:
        loaded: a checked scenario with futures.
        resolution_h: hours of a step; those of the scenario where not given.

    Raises:
        InputError: a figure is missing, or the futures are not about the same sites and technologies.
    """
    spec = loaded.scenario.futures
    if spec is None:
        raise ValueError("the scenario has no futures")
    room = load_room_mw(loaded)
    futures = tuple(
        Future(name, spec.cases[name].probability, assemble_loaded(_at(one, resolution_h), room))
        for name, one in loaded.futures.items()
    )
    fan = Fan(futures, spec.known_in, by_order=spec.commit == "order")
    refuse_unlike(fan)
    return fan


def _at(loaded: LoadedScenario, resolution_h: int | None) -> LoadedScenario:
    if resolution_h is None:
        return loaded
    horizon = loaded.scenario.horizon.model_copy(update={"resolution_h": resolution_h})
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"horizon": horizon}))


def load_room_mw(loaded: LoadedScenario) -> dict[str, float]:
    """Largest load of every site in any future and modelled year."""
    room: dict[str, float] = {}
    for one in loaded.futures.values():
        scenario = with_rest_of_state(one.scenario, one.tables)
        for site, settings in scenario.sites.items():
            ramp = settings.load_ramp_mw
            largest = 0.0 if ramp is None else max(ramp.at(year) for year in scenario.horizon.years)
            room[site] = max(room.get(site, 0.0), largest)
    return room
