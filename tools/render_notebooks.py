"""Run the tutorials (percent scripts in notebooks/) in a kernel and write them with their outputs as .ipynb.

A notebook whose script has not changed since it was rendered is left alone; --check only says which are out of date.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1] / "notebooks"


def digest(script: Path) -> str:
    """Return what tells one version of a script from another."""
    return hashlib.sha256(script.read_bytes()).hexdigest()


def rendered_from(notebook: Path) -> str | None:
    """Return the digest of the script that a notebook was rendered from, or None."""
    if not notebook.exists():
        return None
    return json.loads(notebook.read_text())["metadata"].get("terrascope", {}).get("source_sha256")


def render(script: Path, notebook: Path) -> None:
    """Run a script as a notebook and write it."""
    import jupytext
    from nbclient import NotebookClient

    book = jupytext.read(script)
    book.cells = [cell for cell in book.cells if cell.source.strip()]
    for number, cell in enumerate(book.cells):
        cell.id = f"cell-{number}"
    os.environ["TERRASCOPE_WORKSPACE"] = "../out/workspace"  # no path of this machine gets into the outputs
    NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()
    for cell in book.cells:
        cell.metadata.pop("execution", None)  # times of this run
    book.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "terrascope": {"source_sha256": digest(script)},
    }
    notebook.write_text(json.dumps(book, indent=1, ensure_ascii=False) + "\n")


def main() -> int:
    """Render what is out of date."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a notebook is out of date")
    parser.add_argument("--all", action="store_true", help="render also what has not changed")
    given = parser.parse_args()
    scripts = sorted(ROOT.glob("*.py"))
    old = [s for s in scripts if given.all or rendered_from(s.with_suffix(".ipynb")) != digest(s)]
    if not given.check:
        for script in old:
            render(script, script.with_suffix(".ipynb"))
    print(json.dumps({"notebooks": len(scripts), "out_of_date" if given.check else "rendered": [s.name for s in old]}))
    return 1 if given.check and old else 0


if __name__ == "__main__":
    sys.exit(main())
