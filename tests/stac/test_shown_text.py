"""Text from outside is shown without anything hidden in it, on one line, cut."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from terrascope_sdk.stac.shown_text import MARK, MAX_NAME, is_plain_name, shown

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=300)  # halves of characters as well


@pytest.mark.parametrize(
    ("given", "want"),
    [
        ("Sentinel-2 L2A", "Sentinel-2 L2A"),
        ("Wald und Wiese, Überblick", "Wald und Wiese, Überblick"),
        ("two\nlines\r\n\tand  blanks ", "two lines and blanks"),
        ("a\x1b[31mred\x1b[0m", f"a{MARK}red{MARK}"),
        ("a\x1b]8;;http://evil.example\x07link\x1b]8;;\x07", f"a{MARK}link{MARK}"),
        ("a\x9b2Jb", f"a{MARK}b"),
        ("\x1b", MARK),
        ("ab\u202egpj.exe", f"ab{MARK}gpj.exe"),
        ("wa\u200bter", f"wa{MARK}ter"),
        ("x\U000e0041\U000e0042", f"x{MARK}"),
        ("x\ufe0f\u3164y", f"x{MARK}y"),
        ("\ud800half", f"{MARK}half"),
        ("5 \u339e\u00b2 and \u33a2", "5 km2 and km2"),
        ("5 \uff48\uff41", "5 ha"),
        ("5 k\u043c2", f"5 k{MARK}2"),
        ("\u0440eka", f"{MARK}eka"),
        ("\u0440\u0435\u043a\u0430 5 \u043a\u043c2", "\u0440\u0435\u043a\u0430 5 \u043a\u043c2"),
        ("8 \u00b5m and 8 \u03bcm", "8 \u03bcm and 8 \u03bcm"),
        ("<b onclick=x>&lt;i&gt;</b>", "<b onclick=x>&lt;i&gt;</b>"),
        ("line\u2028separator\u2029", "line separator"),
        (None, ""),
        (12, "12"),
        ({"a": "\x07"}, "{'a': '\\x07'}"),
    ],
)
def test_what_is_shown(given, want):
    assert shown(given) == want


def test_long_text_ends_in_an_ellipsis():
    assert shown("a" * 81) == "a" * 79 + "…"
    assert shown("a" * 80) == "a" * 80
    assert shown("word " * 40, 12) == "word word w…"
    assert shown("abc", 1) == "…"


def test_a_giant_text_is_not_read_to_its_end():
    assert shown("a" * 50_000_000) == "a" * 79 + "…"
    assert shown("\u200b" * 10_000_000 + "behind") == f"{MARK}…"
    assert len(shown("\ufdfa" * 10_000_000, 200)) == 200


@given(ANY_TEXT, st.integers(1, 120))
@example("\ufdfa" * 20, 80)
@example("\x1b" * 5 + "\uff3b31m", 80)
def test_nothing_hidden_stays_and_showing_twice_changes_nothing(text, limit):
    line = shown(text, limit)
    assert len(line) <= limit
    line.encode()
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for c in line)
    assert line == line.strip()
    assert shown(line, limit) == line


@given(st.text(alphabet="abcdefgh &<>;#-_.,ABC0123456789", max_size=80))
def test_plain_text_keeps_every_word(text):
    assert shown(text) == " ".join(text.split())


def test_plain_names_are_texts_of_some_length_with_nothing_hidden():
    for name in ("S2A_MSIL2A_20200601", "", "x" * MAX_NAME, "Größe 1", "a  b"):
        assert is_plain_name(name)
    for name in (None, 7, "x" * (MAX_NAME + 1), "a\nb", "a\x1bb", "a\u200bb", "a\u2028b", "\ud800"):
        assert not is_plain_name(name)
