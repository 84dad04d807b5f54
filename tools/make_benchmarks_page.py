"""Write docs/benchmarks.md from the result files in tools/results. The commands that make those stand on the page."""

import argparse
import json
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "tools" / "results"


def read(name: str) -> dict:
    """Return one result file."""
    return json.loads((RESULTS / name).read_text())


def shown(value: dict | float | None) -> str:
    """Return a score with its interval."""
    if value is None:
        return "-"
    if not isinstance(value, dict):
        return f"{value:.2f}"
    if value["value"] is None:
        return "-"
    low, high = value["interval"]
    return f"{value['value']:.2f} ({low:.2f} to {high:.2f})"


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    return "\n".join(f"| {' | '.join(r)} |" for r in [head, ["---"] * len(head), *rows])


def synthetic_masks(document: dict) -> str:
    """Return the tables of classes and changes on synthetic worlds."""
    cloudy = document["tables"]["35_percent_cloudy"]
    classes = ["water", "tree", "shrub", "grass", "crop", "developed", "bare", "wetland", "snow", "vegetation"]
    sets = {s: v for s, v in cloudy["classes"].items() if "decided" not in s and "by_class" in v}
    rows = [["mean of eight", *(shown(v["mean_of_eight"]) for v in sets.values()), ""]]
    for c in classes:
        hit = sets["optical+sar"]["coverage_within_2_points_or_15_percent"].get(c)
        rows.append(
            [c, *(shown(v["by_class"][c] | {"value": v["by_class"][c]["iou"]}) for v in sets.values()), shown(hit)]
        )
    bands = [
        [name, shown(v["mean_of_eight"]), shown(v["agreement_with_ten_bands"]), f"{v['confidence']:.2f}"]
        for name, v in cloudy["band_sets"].items()
    ]
    heavy = document["tables"]["60_percent_cloud"]["classes"]
    gain = [change_row(s, v) for s, v in cloudy["new_developed"].items() if "decided" not in s]
    towns = [change_row(s, v) for s, v in document["tables"]["buildings_half_metre"].items() if "decided" not in s]
    rules = [[r, c, shown(v["iou"])] for r, found in cloudy["rules"].items() for c, v in found.items()]
    clouded = [[s, shown(v["mean_of_eight"])] for s, v in heavy.items() if "mean_of_eight" in v and "decided" not in s]
    return "\n\n".join(
        [
            f"{document['n']} fresh scenes of 128 x 128 pixels at 10 m, 35 % of the dates cloudy; IoU over all pixels. "
            "Every sensor set is scored on all labelled pixels, so what it cannot see counts against it. Mean of the "
            "eight classes without shrub; intervals are 90 % bootstrap over scenes.",
            table(["IoU", *sets, "share within 2 points or 15 %, both sensors"], rows),
            "The same scenes through fewer bands, optical only; the confidence is the mean probability that the "
            "network gives the class it names:",
            table(["bands", "mean of eight", "pixels as with ten bands", "confidence"], bands),
            "The plain rules on the same scenes:",
            table(["rule", "concept", "IoU"], rules),
            "Without clouds, both sensors: what is left is what spectra, backscatter and shapes leave open. Crop, "
            "shrub and grass are taken for each other; the rest of the misses above is ground under cloud.",
            table(["class", "IoU", "share within 2 points or 15 %"], clear_rows(document)),
            "At about 60 % cloud (mean of eight):",
            table(["sensors", "mean of eight"], clouded),
            "New built-up land between two dates, by the joint change mask and by the difference of two masks:",
            table(CHANGE_HEAD, gain),
            "Buildings in towns at about 0.5 m:",
            table(CHANGE_HEAD, towns),
        ]
    )


def clear_rows(document: dict) -> list[list[str]]:
    """Return overlap and hits of each class without clouds."""
    both = document["tables"]["clear_sky"]["classes"]["optical+sar"]
    hits = both["coverage_within_2_points_or_15_percent"]
    rows = [["mean of eight", shown(both["mean_of_eight"]), ""]]
    for c, v in both["by_class"].items():
        if c != "vegetation":
            rows.append([c, shown(v | {"value": v["iou"]}), shown(hits.get(c))])
    return rows


CHANGE_HEAD = ["mask", "IoU", "share: bias / RMSE, points", "share within 1 point or 25 %"]


def change_row(name: str, scores: dict) -> list[str]:
    """Return one mask's scores."""
    error = f"{100 * scores['share_bias']:+.1f} / {100 * scores['share_rmse']:.1f}"
    iou = shown(scores | {"value": scores["iou"]})
    return [name, iou, error, shown(scores["share_within_1_point_or_25_percent"])]


def spain_tiles(document: dict) -> str:
    """Return the errors of the share of water on the sixteen tiles of the Spain chip."""
    rows = []
    for name, v in document["tables"]["spain_tiles"].items():
        if "decided" not in name:
            numbers = (100 * v["mean_error"]["value"], 100 * v["bias"], 100 * v["rmse"])
            rows.append([name, *(f"{n:.1f}" for n in numbers)])
    return table(["masks", "mean error, points", "bias", "RMSE"], rows)


ERROR_UNITS = {"m2": ("ha", 1e-4), "1": ("points", 100.0)}


def chain_answers(document: dict) -> str:
    """Return the table of answers by task."""
    rows = []
    for name, v in document["tasks"].items():
        if name != "average":
            own = v.get("balanced_accuracy", v["hit"])
            means = "balanced accuracy" if "balanced_accuracy" in v else v["tolerance"]
            rows.append([
                f"{name} ({v['code']})" if v["code"] else name, str(v["n"]), shown(v["accuracy"]),
                f"{1 / v['options']:.2f}", shown(own), means, f"{v['answered']['value']:.2f}",
            ])  # fmt: skip
    average = document["tasks"]["average"]
    rows.append(["six tasks, macro", "", shown(average["macro"]), f"{average['chance']:.2f}", "", "", ""])
    rows.append(["six tasks, micro", "", shown(average["micro"]), f"{average['chance']:.2f}", "", "", ""])
    return table(["task", "n", "multiple choice", "chance", "near enough", "which means", "answered"], rows)


def rounded(value: float, *, sign: bool = False) -> str:
    """Return a number with two figures or more, never with an exponent."""
    digits = 0 if abs(value) >= 10 else 1 if abs(value) >= 1 else 2
    return f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"


def chain_numbers(document: dict) -> str:
    """Return the table of errors, masks and understanding by task."""
    rows = []
    for name, v in document["tasks"].items():
        if name == "average":
            continue
        error = "-"
        if "error" in v and v["error"]["bias"]["value"] is not None:
            unit, factor = ERROR_UNITS.get(v["error"]["unit"], (v["error"]["unit"], 1.0))
            bias, rmse = (v["error"][k]["value"] * factor for k in ("bias", "rmse"))
            error = f"{rounded(bias, sign=True)} / {rounded(rmse)} {unit}"
        known, new = (v["understood"][k]["value"] for k in ("known", "new"))
        rows.append([
            name, error, shown(v["mean_iou"]), shown(v["right_with_right_masks"]), shown(v["answer_is_measurement"]),
            f"{known:.2f} / {new:.2f}",
        ])  # fmt: skip
    head = [
        "task",
        "bias / RMSE",
        "mask IoU",
        "right answer, right masks",
        "number is the mask's",
        "understood: known / new",
    ]
    return table(head, rows)


def chain_baselines(document: dict) -> str:
    """Return the table of other ways to answer the same questions."""
    codes = list(document["tasks"]["average"]["by_code"])
    rows = []
    for name, v in document["baselines"].items():
        by_code = v["average"]["by_code"]
        answered = [t["answered"]["value"] for t in v["tasks"].values() if t["answered"]["value"] is not None]
        rows.append([
            name.replace("_", " "), shown(v["average"]["macro"]),
            *(shown(by_code[c]["value"]) for c in codes), f"{sum(answered) / len(answered):.2f}",
        ])  # fmt: skip
    told = "\n".join(f"- *{k.replace('_', ' ')}*: {v['told']}" for k, v in document["baselines"].items())
    return table(["way", "macro", *codes, "answered"], rows) + "\n\n" + told


def chain_places(document: dict) -> str:
    """Return the table of places named with true and altered evidence."""
    rows = [
        [name.replace("_", " "), *(shown(v[k]) for k in ("right", "named_true", "named_mirrored"))]
        for name, v in document["masks"]["location"].items()
    ]
    head = [
        "evidence",
        "place of its own mask named",
        "off-centre: true place named",
        "off-centre: mirrored place named",
    ]
    return table(head, rows)


def speed(document: dict) -> str:
    """Return the table of seconds and memory."""
    rows = [
        [f"{v['size_px']} x {v['size_px']}", str(v["masks"]), f"{v['first_mask_s']:.2f}", f"{v['whole_chain_s']:.2f}",
         f"{v['chain_over_encode']:.1f}", f"{v['peak_mb'] / 1000:.1f}"]
        for v in (document["chip"], document["scene"])
    ]  # fmt: skip
    head = ["pixels", "masks", "first mask, s", "whole chain, s", "chain over encoding alone", "peak memory, GB"]
    return table(head, rows)


def real_masks(document: dict) -> str:
    """Return the table of real scenes."""
    rows = []
    for row in document["tables"]["rows"]:
        if "decided" in row["method"]:
            continue
        interval = f"{row['iou']:.2f} ({row['interval'][0]:.2f} to {row['interval'][1]:.2f})"
        error = f"{100 * row['share_bias']:+.1f} / {100 * row['share_rmse']:.1f}"
        rows.append([row["place"], row["concept"], row["sensors"], row["method"], interval, error, row["reference"]])
    head = ["place", "concept", "sensors", "method", "IoU", "share: bias / RMSE of blocks, points", "reference"]
    return table(head, rows)


def phrasing(document: dict) -> str:
    """Return the shares of questions understood, by file and task."""
    files = document["files"]
    tasks = {name: found.get("tasks", found) for name, found in files.items()}
    every = list(dict.fromkeys(t for found in tasks.values() for t in found))
    rows = [["all", *(score_of(found) for found in files.values())]]
    rows += [[t, *(score_of(found.get(t)) for found in tasks.values())] for t in every]
    return table(["task", *files], rows)


def score_of(found: dict | float | None) -> str:
    """Return one share of understood questions with its number of questions."""
    if isinstance(found, dict) and "understood" in found:
        return f"{found['understood']:.2f} of {found['n']}"
    return "-" if found is None or isinstance(found, dict) else f"{found:.2f}"


def main() -> None:
    """Write the page."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    synthetic, real = read("bench_masks_synthetic.json"), read("bench_masks_real.json")
    chains, real_chains = read("bench_chains_synthetic.json"), read("bench_chains_real.json")
    text = f"""# Benchmarks of the compact network

Weights `{synthetic["weights_sha256"][:12]}` (see `terrascope_sdk/weights/card.md`). This page is written by
`python tools/make_benchmarks_page.py` from the files in `tools/results`. Scores on synthetic worlds and on real scenes
are never mixed in one table: the worlds are ours, and a score on them says nothing of the generator's own errors.

What follows from these figures for `ts.ask` stands in [The compact network](network.md#whose-mask-counts).

## Masks on synthetic worlds

```
python tools/bench_masks.py --suite synthetic --seed 1 --n {synthetic["n"]} \\
    --json tools/results/bench_masks_synthetic.json
```

{synthetic_masks(synthetic)}

## Masks on real scenes

```
python tools/bench_masks.py --suite real --data DATA \\
    --json tools/results/bench_masks_real.json --fitness terrascope_sdk/weights/fitness.json
```

The network was trained on synthetic worlds and, for one or two patches in thirteen of the last steps, on the training
parts of Slovenia and Kampala. Slovenia, Kampala and Taizhou are scored on the other parts in
`terrascope_sdk/evaluate/masks/splits.py`, Spain and Bolzano as a whole, with nothing trained or tuned on them. The two
parts of the Slovenian scene share their dates and their air, those of Kampala their camera and their roofs: what
they score is optimistic for other places. Bolzano's reference is the scene classification of its provider, an
algorithm: agreement with it is not accuracy. Intervals are 90 % bootstrap over blocks. `DATA` holds the labels that are
not in the repository (Sen1Floods11's hand label, Kampala's outlines, Taizhou's change labels).

{real_masks(real)}

The share of water on the sixteen tiles of the Spain chip:

{spain_tiles(real)}

## Questions understood

Written without sight of the grammar; the network's program (classes, dates, measurement) must be the right one. The
second file is kept closed: neither grammar nor network was changed by what is in it.

```
python tools/bench_phrasing.py > tools/results/bench_phrasing.json
```

{phrasing(read("bench_phrasing.json"))}

## Chains: the six tasks

Coverage, area, ranking, boundary, distance and building change are built by the rules of TerraScope-Bench (arXiv
2603.19039); presence, location and counting are ours. Options are shuffled, and wrong ones drawn so that knowing the
usual answer does not help. These are synthetic worlds: nothing here compares with published scores on real scenes.

```
terrascope bench --suite synthetic --seed {chains["seed"]} --n {chains["n"]} --json \\
    > tools/results/bench_chains_synthetic.json
```

{chain_answers(chains)}

{chain_numbers(chains)}

Other ways to answer the same questions, by task (multiple choice). *Zeroed* and the ways below it alter what the chain
is fed after a mask; *index rules* and *perfect masks* leave out the network and are told what the question means:

{chain_baselines(chains)}

The same tasks on the test parts of the real scenes that have labels; a question is asked where its rule of
construction finds one, so some tasks have few or none:

```
terrascope bench --suite real --seed {real_chains["seed"]} --n {real_chains["n"]} --data DATA --json \\
    > tools/results/bench_chains_real.json
```

{chain_answers(real_chains)}

Does the chain read its evidence? Places that it names for its masks, with the true tokens and with altered ones:

{chain_places(chains)}

## Speed and memory

Two threads of the machine named in the training log; medians. Nothing is kept from one question to the next.

```
python tools/bench_network.py --json tools/results/bench_network.json
```

{speed(read("bench_network.json"))}
"""
    (ROOT / "docs" / "benchmarks.md").write_text(text)


if __name__ == "__main__":
    main()
