"""Answer a file of questions and score the answers.

Question files hold one JSON object per line: id, scene, task, question, images, label, label_values, answer, and so on.
Exit code 0 when the run went through, whatever the score; 2 when the file or the data folder cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from terrascope_sdk.errors import TerraScopeError
from terrascope_sdk.evaluate import Tally, score_file

if TYPE_CHECKING:
    from terrascope_sdk.types import Reasoner


def _reasoner(masks: str) -> Reasoner | None:
    if masks == "reference":
        return None
    from terrascope_sdk.engine.indices import IndexReasoner

    return IndexReasoner()


def _table(tally: Tally) -> str:
    document = tally.to_json()
    rows = [*document["by_task"].items(), ("all", document)]
    lines = [f"{name:<12} {row['correct']:>4} of {row['total']}" for name, row in rows]
    lines.append(
        f"{document['masks']} masks: {document['answered']} answered, {document['refused']} refused, "
        f"{document['failed']} failed"
    )
    lines += [
        f"missed {miss['id']}: answered {miss['answered']!r}, expected {miss['expected']!r}; {miss['why']}"
        for miss in document["misses"]
    ]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="question file, one JSON object per line")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds the scenes' folders")
    parser.add_argument(
        "--masks",
        choices=("reference", "model"),
        default="reference",
        help="measure on the given label masks (default), or let the reasoner segment the images",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of a table")
    given = parser.parse_args(arguments)
    try:
        tally = score_file(given.file, given.data, masks=given.masks, reasoner=_reasoner(given.masks))
    except TerraScopeError as err:
        if given.json:
            print(json.dumps({"error": type(err).__name__, "message": Exception.__str__(err), "hint": err.hint}))
        print(f"{type(err).__name__}: {err}", file=sys.stderr)
        return 2
    print(json.dumps(tally.to_json(), indent=2, ensure_ascii=False) if given.json else _table(tally))
    return 0


if __name__ == "__main__":
    sys.exit(main())
