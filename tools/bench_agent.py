"""How well plans are made: reads a file of questions, plans each by the rules, and compares the keys of each plan.

    python tools/bench_agent.py --plans tests/data/plans/questions.jsonl --json

A line is ``{"id", "kind"?, "question", "aoi", "today"?, "previous"?, "expect": {...}}``. Right means that all keys
agree; where a question is to be asked back or refused, the status alone counts.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from terrascope_sdk.plan.digest import digest_outcome
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.rules import Planned, plan_question
from terrascope_sdk.stac import places, resolve_aoi

TODAY = "2026-11-23"
"""The day on which a question is asked that does not say."""

KEYS = ("status", "quantities", "masks", "of", "windows", "params")


def plan_keys(entry: dict) -> dict:
    """Return the keys of the plan for one line of the file."""
    known = [p.name for p in places()]
    today = date.fromisoformat(entry.get("today") or TODAY)
    aoi = entry["aoi"] if entry["aoi"] is None else resolve_aoi(entry["aoi"])
    outcome = None
    for question in (*_before(entry.get("previous")), entry["question"]):
        previous = outcome.plan if isinstance(outcome, Planned) else None
        outcome = plan_question(question, aoi=aoi, known_places=known, today=today, previous=previous)
        if isinstance(outcome, Planned):
            assert Plan.from_text(str(outcome.plan)) == outcome.plan
    return digest_outcome(outcome)


def _before(previous: str | list[str] | None) -> list[str]:
    return [previous] if isinstance(previous, str) else list(previous or ())


def is_right(expected: dict, found: dict) -> bool:
    """Return whether a plan is what was expected."""
    if expected["status"] != "plan":
        return expected["status"] == found["status"]
    return all(expected.get(key) == found[key] for key in KEYS)


def score_plans(path: Path) -> dict:
    """Return totals, by kind, for what should be declined, and the misses."""
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    total, correct, misses = Counter(), Counter(), []
    refusals = Counter()
    for entry in entries:
        found, expected = plan_keys(entry), entry["expect"]
        kind = entry.get("kind") or entry["id"].rpartition("-")[0] or "all"
        right = is_right(expected, found)
        total[kind] += 1
        correct[kind] += right
        if expected["status"] != "plan":
            refusals.update(total=1, correct=int(right))
        if not right:
            differ = {k: {"expected": expected.get(k), "found": found[k]} for k in KEYS if expected.get(k) != found[k]}
            misses.append({"id": entry["id"], "question": entry["question"], "differ": differ})
    return {
        "total": sum(total.values()),
        "correct": sum(correct.values()),
        "by_kind": {k: {"total": total[k], "correct": correct[k]} for k in sorted(total)},
        "refusals": {"total": refusals["total"], "correct": refusals["correct"]},
        "misses": misses,
    }


def main() -> int:
    """Score what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", type=Path, metavar="FILE", help="a file of questions, one JSON object a line")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--totals", action="store_true", help="leave the misses out")
    options = parser.parse_args()
    if options.plans is None:
        parser.error("say what to measure, for example --plans tests/data/plans/questions.jsonl")
    document = score_plans(options.plans)
    if options.totals:
        del document["misses"]
    if options.json or options.totals:
        print(json.dumps(document, indent=1, ensure_ascii=False))
        return 0
    for miss in document["misses"]:
        print(f"{miss['id']}: {miss['question']}")
        for key, both in miss["differ"].items():
            print(f"    {key}: expected {both['expected']}, found {both['found']}")
    print(f"{document['correct']} of {document['total']}; declined {document['refusals']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
