"""What bridge power costs to rent, bring and remove, again from the table of capacity and the prices of the inputs."""

from __future__ import annotations

from collections.abc import Iterator

from gigasite.results.books import Books
from gigasite.results.check import Values

NAME = "bridge_power"


def rental_costs(books: Books) -> Iterator[tuple[str, str, Values]]:
    """Rent of what stands, and what came and what went by how the capacity changed; nothing without bridge power."""
    data = books.data(NAME)
    if not data:
        return
    stands, came, went = (books.capacity(NAME, column) for column in ("total_mw", "new_mw", "retired_mw"))
    yield NAME, "rental", (data["rent_usd_per_mw"].values + data["last_removal_usd_per_mw"].values) * stands
    yield NAME, "rental", data["mobilisation_usd_per_mw"].values * came
    yield NAME, "rental", data["removal_usd_per_mw"].values * went
