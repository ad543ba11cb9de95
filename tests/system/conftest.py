"""Contexts of small scenarios over the shipped tables."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from textwrap import dedent

import pytest

from gigasite.formulation.registry import requirement_specs, technology_specs
from gigasite.inputs.load import load_scenario
from gigasite.system.assemble import context_of
from gigasite.system.context import Context

ContextOf = Callable[[str], Context]


@pytest.fixture(scope="session")
def context(tmp_path_factory: pytest.TempPathFactory) -> ContextOf:
    """Makes the context of a scenario that is given as YAML and extends the shipped template."""
    path = tmp_path_factory.mktemp("contexts") / "short.yaml"

    @cache
    def make(text: str) -> Context:
        path.write_text("extends: base.yaml\n" + dedent(text), encoding="utf-8")
        loaded = load_scenario(path, technology_specs=technology_specs(), requirement_specs=requirement_specs())
        return context_of(loaded.scenario, loaded.tables)

    return make
