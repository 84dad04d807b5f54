"""Compare the released network, as it is run here, with a fixture of the original code's numbers.

    python tools/check_parity.py FIXTURE_DIR --json

Exit status 1 when a stage is off by more than the fixture's tolerance.
"""

import argparse
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "2")

from terrascope_sdk.errors import TerraScopeError
from terrascope_sdk.evaluate.parity.fixture import check_fixture


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fixture", type=Path, help="folder with checkpoint/, cases.json and cases.npz")
    parser.add_argument("--json", action="store_true", help="print the whole document")
    args = parser.parse_args()
    try:
        found = check_fixture(args.fixture)
    except TerraScopeError as err:
        if args.json:
            print(json.dumps({"passed": False, "error": str(err), "stages": {}, "cases": {}}, indent=1))
        sys.exit(str(err))
    if args.json:
        print(json.dumps(found, indent=1))
    else:
        for name, stage in found["stages"].items():
            print(f"{'ok ' if stage['ok'] else 'OFF'} {name:20} {stage['max_abs']:.3g} of {stage['tolerance']:.3g}")
        for name, case in found["cases"].items():
            if not case["ok"]:
                print(f"OFF {name}: {', '.join(case['failed'])}. {'; '.join(case['why'])}")
        print("passed" if found["passed"] else "not passed")
    sys.exit(0 if found["passed"] else 1)


if __name__ == "__main__":
    main()
