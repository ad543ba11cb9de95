"""Conversion factors, each with its unit and its source. No other file holds one.

Sources
-------
SI      BIPM, The International System of Units, 9th edition, 2019, and NIST Special Publication 811 (2008), Appendix B.
EIA     U.S. Energy Information Administration, Monthly Energy Review, Appendix A, table A4: heat content of dry
        natural gas consumed by the electric power sector, about 1,037 Btu per cubic foot (2023 to 2025).
Trade prefixes of natural gas: Mcf = 10^3 cubic feet, Bcf = 10^9 cubic feet, MMBtu = 10^6 Btu (EIA glossary).
"""

from __future__ import annotations

from typing import Final

HOURS_PER_DAY: Final = 24
"""Hours in a day [h/d]."""

DAYS_PER_YEAR: Final = 365
"""Days in a modelled year [d]; 29 February is left out so that every modelled year is alike."""

HOURS_PER_YEAR: Final = 8760
"""Hours in a modelled year [h] = 24 x 365."""

MONTHS_PER_YEAR: Final = 12
"""Months in a year."""

DAYS_PER_MONTH: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the twelve months of a modelled year [d]; they add up to 365."""

KW_PER_MW: Final = 1e3
"""Kilowatts in a megawatt (SI)."""

KWH_PER_MWH: Final = 1e3
"""Kilowatt-hours in a megawatt-hour (SI)."""

MW_PER_GW: Final = 1e3
"""Megawatts in a gigawatt (SI)."""

MWH_PER_GWH: Final = 1e3
"""Megawatt-hours in a gigawatt-hour (SI)."""

MWH_PER_TWH: Final = 1e6
"""Megawatt-hours in a terawatt-hour (SI)."""

MMBTU_PER_MCF: Final = 1.037
"""Heat content of a thousand cubic feet of natural gas, higher heating value [MMBtu/Mcf] (EIA)."""

MMBTU_PER_BCF: Final = MMBTU_PER_MCF * 1e6
"""Heat content of a billion cubic feet of natural gas, higher heating value [MMBtu/Bcf] (EIA)."""

MMBTU_PER_GBTU: Final = 1e3
"""Million Btu in a billion Btu (definition)."""

MMBTU_PER_QUAD: Final = 1e9
"""Million Btu in a quadrillion Btu (definition)."""

MMBTU_PER_MWH: Final = 3.412142
"""Heat equivalent of a megawatt-hour [MMBtu/MWh] (NIST SP 811: 1 Btu_IT = 1,055.056 J)."""

KG_PER_TONNE: Final = 1e3
"""Kilograms in a metric ton (SI)."""

KG_PER_POUND: Final = 0.45359237
"""Kilograms in an avoirdupois pound (NIST SP 811, exact)."""

KG_PER_SHORT_TON: Final = 907.18474
"""Kilograms in a short ton of 2,000 pounds (NIST SP 811, exact)."""

CUBIC_METRES_PER_GALLON: Final = 3.785411784e-3
"""Cubic metres in a US liquid gallon (NIST SP 811, exact)."""

LITRES_PER_CUBIC_METRE: Final = 1e3
"""Litres in a cubic metre (SI)."""

SQUARE_METRES_PER_ACRE: Final = 4046.8564224
"""Square metres in an acre (NIST SP 811, international acre, exact)."""

SQUARE_METRES_PER_HECTARE: Final = 1e4
"""Square metres in a hectare (SI)."""

SQUARE_METRES_PER_SQUARE_KILOMETRE: Final = 1e6
"""Square metres in a square kilometre (SI)."""

KM_PER_MILE: Final = 1.609344
"""Kilometres in an international mile (NIST SP 811, exact)."""

METRES_PER_FOOT: Final = 0.3048
"""Metres in an international foot (NIST SP 811, exact)."""

KELVIN_PER_FAHRENHEIT_DEGREE: Final = 5.0 / 9.0
"""Size of a degree Fahrenheit [K]; turns degree days in F into degree days in K (NIST SP 811)."""

USD_PER_MILLION_USD: Final = 1e6
"""Dollars in a million dollars."""

USD_PER_BILLION_USD: Final = 1e9
"""Dollars in a billion dollars."""


def celsius_from_fahrenheit(temperature_f: float) -> float:
    """Return a temperature in degrees Celsius: (F - 32) x 5/9 (NIST SP 811).

    >>> celsius_from_fahrenheit(212.0)
    100.0
    """
    return (temperature_f - 32.0) * 5.0 / 9.0
