import pytest

from terrascope_sdk.errors import ParseError
from terrascope_sdk.evaluate.sources import Source, parse_sources


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lulc.tif", (Source("lulc.tif"),)),
        ("S2_L2A_sample.tif band 5", (Source("S2_L2A_sample.tif", band=5),)),
        ("landsat7.npz:msk", (Source("landsat7.npz", array="msk"),)),
        ("a 2016.tif + b-2019.tif", (Source("a 2016.tif"), Source("b-2019.tif"))),
        ("X_QA_PIXEL.TIF bit 3", (Source("X_QA_PIXEL.TIF", bit=3),)),
        ("qa.tif band 2 bit 10", (Source("qa.tif", band=2, bit=10),)),
        ("flags.npz:qa bit 1", (Source("flags.npz", array="qa", bit=1),)),
        ("a.npz:x + b.tif band 2", (Source("a.npz", array="x"), Source("b.tif", band=2))),
        ("deep/er/label.tif", (Source("deep/er/label.tif"),)),
    ],
)
def test_the_forms(text, expected):
    assert parse_sources(text) == expected
    assert parse_sources(" + ".join(map(str, expected))) == expected


@pytest.mark.parametrize(
    "text",
    ["a.tif + b.tif + c.tif", "/etc/passwd", "../other/label.tif", "a.npz", "a.npz:x band 2", "a.tif band 0",
     "a.tif bit 1 bit 2", "a.tif + "],
)  # fmt: skip
def test_other_forms_are_refused(text):
    with pytest.raises(ParseError):
        parse_sources(text)
