"""Units of measure and currencies, in the forms in which they are written."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "CELSIUS",
    "CURRENCIES",
    "DOLLARS",
    "ENDINGS",
    "FAHRENHEIT",
    "FAMILIES",
    "MONEY",
    "NATIONS",
    "PERCENT",
    "POINTS",
    "RATES",
    "SIGNS",
    "UNITS",
    "Unit",
]


class Unit(NamedTuple):
    """A unit; units of one `base` convert into each other by their `size`: a kilometre is 1000 of "length"."""

    name: str = ""
    base: str = ""
    size: float = 1.0


# base, name, size, its letters, and behind the bar the words that take an s
_UNITS = """
    length millimetre 0.001 mm | millimetre millimeter
    length centimetre 0.01 cm cms | centimetre centimeter
    length metre 1 m mtr | metre meter
    length kilometre 1000 km kms | kilometre kilometer
    length mile 1609.344 mi | mile
    length foot 0.3048 ft foot feet |
    length yard 0.9144 yd yds | yard
    length inch 0.0254 inches | inch
    weight milligram 0.000001 mg | milligram
    weight gram 0.001 g | gram gramme
    weight kilogram 1 kg kgs | kilo kilogram kilogramme
    weight tonne 1000 t | tonne ton
    weight pound 0.45359237 lb lbs | pound
    weight ounce 0.028349523 oz | ounce
    weight stone 6.35029318 stone |
    time second 1 sec secs | second
    time minute 60 min mins | minute
    time hour 3600 hr hrs | hour
    time day 86400 | day
    time week 604800 | week
    time fortnight 1209600 | fortnight
    time month 2629800 | month
    time year 31557600 | year
    time decade 315576000 | decade
    area hectare 10000 ha hectares hectare |
    area acre 4046.8564 | acre
    speed km/h 1 kmh kph |
    speed mph 1.609344 mph |
    speed m/s 3.6 |
    speed knot 1.852 kn | knot
    volume litre 1 l | litre liter
    volume millilitre 0.001 ml | millilitre milliliter
    volume gallon 3.785411784 gal | gallon
    temperature degree 1 ° | degree
    power kilowatt 1 kw | kilowatt
    power megawatt 1000 mw | megawatt
    power gigawatt 1000000 gw | gigawatt
"""
UNITS: dict[str, Unit] = {}
for _line in _UNITS.strip().splitlines():
    _letters, _, _words = _line.partition("|")
    _base, _name, _size, *_short = _letters.split()
    for _form in [*_short, *_words.split(), *(f"{word}s" for word in _words.split())]:
        UNITS[_form] = Unit(_name, _base, float(_size))
CELSIUS, FAHRENHEIT = Unit("celsius", "temperature"), Unit("fahrenheit", "temperature", 5 / 9)
UNITS |= {"celsius": CELSIUS, "centigrade": CELSIUS, "fahrenheit": FAHRENHEIT}
# What only letters right behind the figures mean, or behind a degree sign: 6in, 40C, 100°F.
ENDINGS = {"in": UNITS["inch"], "c": CELSIUS, "f": FAHRENHEIT}
# A length by a time: "kilometres per hour", "miles an hour", "metres a second".
RATES = {
    ("kilometre", "hour"): UNITS["kmh"],
    ("mile", "hour"): UNITS["mph"],
    ("metre", "second"): Unit("m/s", "speed", 3.6),
}
PERCENT = frozenset({"%", "percent", "pc", "percentage"})
POINTS = frozenset({"point", "points"})

SIGNS = {
    "$": "$",
    "£": "£",
    "€": "€",
    "¥": "¥",
    "₹": "₹",
    "usd": "$",
    "gbp": "£",
    "eur": "€",
    "jpy": "¥",
    "inr": "₹",
}
SIGNS |= {code.lower(): code for code in ("SEK", "NOK", "DKK", "CZK", "ISK", "CHF", "PLN", "CNY", "RUB", "TRY")}
SIGNS |= {"aud": "A$", "cad": "C$", "nzd": "NZ$", "hkd": "HK$"}
DOLLARS = {"us": "$", "a": "A$", "c": "C$", "nz": "NZ$", "hk": "HK$"}  # US$, A$
_WORDS = {
    "dollar": "$",
    "pound": "£",
    "euro": "€",
    "rupee": "₹",
    "crown": "crown",
    "franc": "franc",
    "rouble": "RUB",
    "ruble": "RUB",
    "lira": "lira",
}
CURRENCIES = SIGNS | _WORDS | {f"{word}s": sign for word, sign in _WORDS.items()}
CURRENCIES |= {"yen": "¥", "yuan": "CNY", "renminbi": "CNY", "zloty": "PLN", "zlotys": "PLN", "quid": "£"}
CURRENCIES |= dict.fromkeys(("krona", "kronor", "krone", "kroner", "koruna", "korunas", "kr", "sterling"), "crown")
CURRENCIES["sterling"] = "£"
# Whose currency it is: "Swedish kronor", "Australian dollars".
NATIONS = {
    ("us", "$"): "$",
    ("american", "$"): "$",
    ("australian", "$"): "A$",
    ("canadian", "$"): "C$",
    ("zealand", "$"): "NZ$",
    ("swedish", "crown"): "SEK",
    ("norwegian", "crown"): "NOK",
    ("danish", "crown"): "DKK",
    ("czech", "crown"): "CZK",
    ("icelandic", "crown"): "ISK",
    ("swiss", "franc"): "CHF",
    ("turkish", "lira"): "TRY",
}
# A currency of a country, and what it is called where the country is clear.
FAMILIES = {code: family for (_, family), code in NATIONS.items() if family != "$"}
MONEY = frozenset(CURRENCIES.values()) | frozenset(NATIONS.values()) | frozenset(DOLLARS.values())
