"""Write a released checkpoint in our own layout, for machines without a connection: one dtype, no Python files.

    python tools/convert_checkpoint.py sy1998/TerraScope OUT --dtype bfloat16

Then ``ts.TerraScope.from_pretrained("OUT")``.
"""

import argparse
import json
import sys
from pathlib import Path

import torch

from terrascope_sdk.errors import TerraScopeError
from terrascope_sdk.model.released.loading import load_released, save_released
from terrascope_sdk.model.released.sizes import sam2_sizes


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", help="a folder, or owner/name on the hub")
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("--revision", help="commit, tag or branch on the hub")
    parser.add_argument("--dtype", choices=("bfloat16", "float16", "float32"), default="bfloat16")
    parser.add_argument(
        "--sam2", type=Path, help="JSON with the sizes of SAM 2, where they are none of the published ones"
    )
    args = parser.parse_args()
    try:
        sam2 = sam2_sizes(json.loads(args.sam2.read_text(encoding="utf-8"))) if args.sam2 else None
        dtype: torch.dtype = getattr(torch, args.dtype)
        released = load_released(args.checkpoint, revision=args.revision, dtype=dtype, sam2=sam2)
        save_released(released, args.out)
    except (TerraScopeError, OSError, ValueError) as err:
        sys.exit(str(err))
    count = sum(p.numel() for p in released.network.parameters())
    files = sorted(p.name for p in args.out.iterdir())
    print(
        json.dumps({"parameters": count, "dtype": args.dtype, "revision": released.checkpoint.revision, "files": files})
    )


if __name__ == "__main__":
    main()
