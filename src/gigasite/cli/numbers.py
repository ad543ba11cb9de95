"""Numbers as a planner reads them; see `report.numbers`."""

from gigasite.report.numbers import NOTHING, Style, digits, style_of, unit_of, words_of

__all__ = ["NOTHING", "Style", "digits", "style_of", "unit_of", "words_of"]
