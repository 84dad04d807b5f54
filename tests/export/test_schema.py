import json
from copy import deepcopy
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.export.answers import answered, every_status

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "schema" / "answer.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def complaints(document):
    return [error.message for error in VALIDATOR.iter_errors(document)]


def test_the_schema_is_sound():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("status", ["answered", "needs_input", "cannot_answer", "failed"])
def test_answers_of_every_status_fit(status):
    assert complaints(json.loads(json.dumps(every_status()[status].to_json()))) == []


def changed(path, value):
    document = deepcopy(answered().to_json())
    spot = document
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("extra",), 1),
        (("status",), "maybe"),
        (("created",), "yesterday"),
        (("measurements", 0, "unit"), "ha"),
        (("measurements", 0, "extra"), 1),
        (("measurements", 0, "low"), None),
        (("measurements", 1, "low"), 3.0),
        (("measurements", 0, "observed_frac"), 87.5),
        (("measurements", 0, "masks"), ["water"]),
        (("chain", 0, "steps", 1, "mask", "pixels"), []),
        (("chain", 0, "steps", 0, "kind"), "musing"),
        (("provenance", "grid", "transform"), [1, 2, 3]),
        (("provenance", "scenes", 0, "quantity"), "brightness"),
        (("provenance", "scenes", 0, "links", "B03"), "https://example.org/B03.tif?sig=secret"),
        (("checks", 0, "passed"), "yes"),
    ],
)
def test_what_does_not_belong_is_refused(path, value):
    assert complaints(changed(path, value))


@pytest.mark.parametrize("key", sorted(answered().to_json()))
def test_nothing_may_be_missing(key):
    document = answered().to_json()
    del document[key]
    assert complaints(document)


def test_the_citation_file_names_software_and_paper():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert cited["license"] == "Apache-2.0"
    assert cited["authors"] == [{"name": "terrascope_sdk developers"}]
    (paper,) = cited["references"]
    assert [a["family-names"] for a in paper["authors"]] == ["Shu", "Ren", "Xiong", "Zhu", "Demir", "Sebe", "Rota"]
    assert paper["identifiers"][0]["value"] == "arXiv:2603.19039"
    from terrascope_sdk import __version__

    assert cited["version"] == __version__
