from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.render.html import Html, escape, joined, printable, tag


class Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self.values = [], "", []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.values += [v for _, v in attrs]

    def handle_data(self, data):
        self.text += data


def read(markup):
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


@given(st.text())
def test_any_text_stays_text_and_any_attribute_stays_its_value(text):
    seen = read(tag("p", text, attributes={"title": text}))
    assert seen.tags == ["p"]
    assert seen.text == printable(text)
    assert seen.values == [printable(text)]


def test_markup_is_escaped_once_only():
    inner = tag("b", "<i>")
    assert tag("p", inner, "&") == "<p><b>&lt;i&gt;</b>&amp;</p>"
    assert escape(inner) is inner


def test_adding_plain_text_to_markup_makes_it_plain_again():
    assert not isinstance(tag("b", "x") + "<script>", Html)


def test_joined_escapes_parts_and_separator():
    assert joined(["a<", Html("<br>")], " & ") == "a&lt; &amp; <br>"


def test_classes_and_void_elements():
    assert tag("td.ts-a.ts-b") == '<td class="ts-a ts-b"></td>'
    assert tag("img", attributes={"alt": ""}) == '<img alt="">'


def test_terminal_escapes_and_direction_overrides_become_visible():
    assert printable("a\x1b[31mb\u202ec\r\nd\te") == "a\ufffd[31mb\ufffdc\nd\te"
