"""Words of dates, in English and German: months, seasons, units, and what stands beside them."""

from collections.abc import Mapping

__all__ = [
    "BEFORE_MONTHS",
    "BEFORE_THIS",
    "DAYS_BACK",
    "LAST",
    "MONTHS",
    "NEWEST",
    "NOT_YEARS",
    "OF",
    "ORDINALS",
    "PARTS",
    "SEASONS",
    "SHORT_MONTHS",
    "SOUTH",
    "THIS",
    "UNITS",
]

MONTHS: Mapping[str, int] = {
    word: value
    for value, words in (
        (1, "january jan januar jaenner"),
        (2, "february feb februar feber"),
        (3, "march mar maerz mrz"),
        (4, "april apr"),
        (5, "may mai"),
        (6, "june jun juni"),
        (7, "july jul juli"),
        (8, "august aug"),
        (9, "september sep sept"),
        (10, "october oct oktober okt"),
        (11, "november nov"),
        (12, "december dec dezember dez"),
    )
    for word in words.split()
}
"""Names of months, with their numbers."""

SEASONS: Mapping[str, str] = {
    word: value
    for value, words in (
        ("spring", "spring springtime fruehling fruehjahr fruehlings fruehjahrs"),
        ("summer", "summer summertime sommer sommers"),
        ("autumn", "autumn fall herbst herbstes herbsts"),
        ("winter", "winter wintertime winters"),
    )
    for word in words.split()
}
"""Names of seasons."""

SOUTH: Mapping[str, bool] = {
    word: value
    for value, words in (
        (True, "austral southern suedlicher australer australen suedhalbkugel"),
        (False, "boreal northern borealen"),
    )
    for word in words.split()
}
"""Words that name the hemisphere; whether it is the southern one."""

UNITS: Mapping[str, str] = {
    word: value
    for value, words in (
        ("year", "year years jahr jahre jahren jahres yr yrs"),
        ("month", "month months monat monate monaten monats"),
        ("week", "week weeks woche wochen"),
        ("day", "day days tag tage tagen"),
        ("decade", "decade decades jahrzehnt jahrzehnte jahrzehnten"),
    )
    for word in words.split()
}
"""Units of time."""

PARTS: Mapping[str, int] = {
    word: value
    for value, words in (
        (0, "first erste ersten 1st erstes"),
        (1, "second zweiten zweite"),
        (2, "third dritten"),
        (3, "fourth vierten"),
    )
    for word in words.split()
}
"""Which part of a year, counted from 0."""

DAYS_BACK: Mapping[str, int] = {
    word: value
    for value, words in (
        (1, "yesterday gestern"),
        (2, "vorgestern"),
    )
    for word in words.split()
}
"""Days, counted back from the day of the question."""

BEFORE_THIS: Mapping[str, str] = {
    word: value
    for value, words in (
        ("year", "vorjahr vorjahres"),
        ("month", "vormonat vormonats"),
    )
    for word in words.split()
}
"""The unit before this one, in one word."""

NEWEST = frozenset(
    [
        "aktuell",
        "currently",
        "derzeit",
        "gegenwaertig",
        "heute",
        "heutzutage",
        "jetzt",
        "momentan",
        "now",
        "nowadays",
        "presently",
        "today",
    ]
)
"""Words for the newest image."""

LAST = frozenset(
    [
        "last",
        "letzte",
        "letztem",
        "letzten",
        "letzter",
        "letztes",
        "past",
        "preceding",
        "previous",
        "vergangenem",
        "vergangenen",
        "vergangener",
        "vergangenes",
        "vorigem",
        "vorigen",
        "voriges",
    ]
)
"""Words for the one before this."""

THIS = frozenset(["current", "diesem", "diesen", "dieser", "dieses", "laufenden", "this"])
"""Words for this one."""

OF = frozenset(["dem", "den", "der", "des", "from", "im", "in", "of", "the", "vom"])
"""Small words between a month or season and its year."""

ORDINALS = frozenset(["nd", "rd", "st", "th"])
"""Endings of days."""

SHORT_MONTHS = frozenset(["apr", "aug", "dec", "feb", "jan", "jul", "jun", "mar", "nov", "oct", "sep"])
"""Abbreviations that are words or names as well."""

BEFORE_MONTHS = frozenset(
    [
        ",",
        "and",
        "between",
        "both",
        "by",
        "during",
        "early",
        "for",
        "from",
        "in",
        "last",
        "late",
        "not",
        "of",
        "on",
        "or",
        "since",
        "than",
        "this",
        "till",
        "to",
        "until",
        "with",
    ]
)
"""What stands before a month whose name is a verb as well."""

NOT_YEARS = frozenset(
    [
        "%",
        "acre",
        "acres",
        "feet",
        "foot",
        "ft",
        "ha",
        "hectare",
        "hectares",
        "hektar",
        "kilometer",
        "kilometre",
        "kilometres",
        "km",
        "km2",
        "km²",
        "m",
        "m2",
        "meter",
        "metern",
        "meters",
        "metre",
        "metres",
        "mi",
        "mile",
        "miles",
        "m²",
        "patches",
        "percent",
        "pixel",
        "pixels",
        "px",
        "qm",
        "quadratkilometer",
        "quadratmeter",
        "sq",
        "square",
        "yards",
        "yd",
    ]
)
"""Units: a number before them is no year."""
