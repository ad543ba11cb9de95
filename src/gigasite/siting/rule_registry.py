"""Which exclusion rules exist: every file in `rules/`. A new rule is one new file there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from gigasite.siting import rules as package
from gigasite.siting.rule import Rule, RuleSpec


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule of the house, in the order of tables."""
    modules = (import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__))
    found: list[Rule] = sorted((module.RULE for module in modules), key=lambda rule: rule.order)
    return {rule.name: rule for rule in found}


def rule_specs() -> dict[str, type[RuleSpec]]:
    """The keys of every rule, for the schema of a study."""
    return {name: rule.spec for name, rule in rules().items()}
