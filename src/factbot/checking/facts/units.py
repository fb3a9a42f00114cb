"""Units of measure and currencies, in the forms in which they are written."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CURRENCIES", "DOLLARS", "PERCENT", "SIGNS", "UNITS", "Unit"]


class Unit(NamedTuple):
    """A unit; units of one `base` convert into each other by their `size`: a kilometre is 1000 of "length"."""

    name: str = ""
    base: str = ""
    size: float = 1.0


_UNITS = """
    length millimetre 0.001 mm millimetre millimeter
    length centimetre 0.01 cm centimetre centimeter
    length metre 1 m metre meter
    length kilometre 1000 km kilometre kilometer
    mile mile 1 mi mile
    foot foot 1 ft foot feet
    weight gram 0.001 g gram gramme
    weight kilogram 1 kg kilo kilogram
    weight tonne 1000 tonne ton
    time second 1 sec secs second
    time minute 60 min mins minute
    time hour 3600 hr hrs hour
    time day 86400 day
    time week 604800 week
    time month 2629800 month
    time year 31557600 year
    area hectare 1 ha hectare
    acre acre 1 acre
    speed km/h 1 kmh kph
    mph mph 1 mph
    litre litre 1 litre liter
    degree degree 1 ° degree
    power kilowatt 1 kw kilowatt
    power megawatt 1000 mw megawatt
    power gigawatt 1000000 gw gigawatt
"""
UNITS = {
    form: Unit(name, base, float(size))
    for base, name, size, *words in map(str.split, _UNITS.strip().splitlines())
    for word in words
    for form in (word, f"{word}s")
}
PERCENT = frozenset({"%", "percent", "pc", "percentage"})

SIGNS = {"$": "$", "£": "£", "€": "€", "¥": "¥", "₹": "₹", "usd": "$", "gbp": "£", "eur": "€"}
CURRENCIES = SIGNS | {"dollar": "$", "pound": "£", "euro": "€", "yen": "¥", "rupee": "₹"}
CURRENCIES |= {"dollars": "$", "pounds": "£", "euros": "€", "rupees": "₹"}
DOLLARS = frozenset({"us", "a", "c", "nz", "hk"})  # US$, A$
