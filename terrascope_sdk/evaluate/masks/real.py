"""The real suite: every labelled place, with the network and the rules beside it."""

from dataclasses import dataclass
from pathlib import Path

from terrascope_sdk.errors import InputError
from terrascope_sdk.evaluate.masks.network import MaskNetwork
from terrascope_sdk.evaluate.masks.real_building import kampala, taizhou
from terrascope_sdk.evaluate.masks.real_cover import bolzano, slovenia
from terrascope_sdk.evaluate.masks.real_rows import RealRow
from terrascope_sdk.evaluate.masks.real_water import spain
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["RealResult", "real_suite"]


@dataclass(frozen=True, eq=False)
class RealResult:
    """Rows of all places, with what goes beside them."""

    rows: tuple[RealRow, ...]
    """One a place, concept, sensor set and method."""

    spain_tiles: dict[str, JsonValue]
    """Error of the water share on the 16 tiles of the Spain chip."""

    class_shares: dict[str, JsonValue]
    """How the network shares each scene among its classes, by place and date."""

    def to_json(self) -> dict[str, JsonValue]:
        """Return plain values."""
        return {
            "rows": [r.to_json() for r in self.rows],
            "spain_tiles": self.spain_tiles,
            "class_shares": self.class_shares,
        }


def real_suite(network: MaskNetwork, data: Path) -> RealResult:
    """Score masks on the test parts of the real scenes.

    Args:
        network: What makes the masks.
        data: Folder with the labels that are not bundled, one folder a scene.

    Raises:
        InputError: There is no such folder, or a label lies on another grid.
        RasterError: A label cannot be read.
    """
    if not data.is_dir():
        raise InputError(f"There is no folder {data}.", hint="Give the folder that holds the scenes' folders.")
    water, tiles = spain(network, data)
    cover, shares = slovenia(network)
    scl, scl_shares = bolzano(network)
    rows = (*water, *cover, *scl, *taizhou(network, data), *kampala(network, data))
    return RealResult(rows, tiles, {"slovenia, test part": shares, "bolzano": scl_shares})
