"""The page about Terra-CoT says what the benchmark measured."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_rates_of_the_page_are_those_of_the_result_file():
    result = json.loads((ROOT / "tools/results/bench_terra_cot.json").read_text())
    page = (ROOT / "docs/terra-cot.md").read_text()
    patches, windows = result["patches_256"], result["windows_256_of_nlcd"]
    for key in ("chains_per_s", "written_per_s", "read_per_s", "verified_per_s"):
        assert f"| {patches[key]:,} | {windows[key]:,} |" in page, key
    assert f"{result['patches_256_with_pictures']['ms_a_picture']} ms" in page
    assert patches["faults"] == windows["faults"] == 0
