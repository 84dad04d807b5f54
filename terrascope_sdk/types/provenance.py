"""Where an answer came from: scenes, links, grid, quantities, software."""

from dataclasses import dataclass, field
from typing import Any

from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.grid import PixelGrid
from terrascope_sdk.types.instant import format_instant
from terrascope_sdk.types.scene import Scene

__all__ = ["Provenance", "scene_record"]

_PAPER = (
    "Shu, Y., Ren, B., Xiong, Z., Zhu, X. X., Demir, B., Sebe, N., and Rota, P. (2026). TerraScope: Pixel-Grounded "
    "Visual Reasoning for Earth Observation. CVPR 2026, 16712-16722. arXiv:2603.19039."
)


def scene_record(scene: Scene) -> dict[str, JsonValue]:
    """Return what an answer keeps of a scene: names and unsigned links, never a query string."""
    assets: dict[str, Any] = scene.item.get("assets", {})
    return {
        "id": scene.id,
        "collection": scene.collection,
        "sensor": scene.sensor,
        "platform": scene.platform,
        "acquired": format_instant(scene.acquired),
        "when": scene.when,
        "quantity": scene.quantity,
        "attribution": scene.attribution,
        "license": scene.license,
        "links": {name: str(asset["href"]).split("?")[0] for name, asset in sorted(assets.items())},
        "notes": list(scene.notes),
    }


@dataclass(frozen=True)
class Provenance:
    """Everything needed to repeat an answer and to credit its sources."""

    aoi: dict[str, JsonValue] = field(default_factory=dict)
    """Name and outline of the area asked about."""

    scenes: tuple[dict[str, JsonValue], ...] = ()
    """One record a scene, see :func:`scene_record`."""

    grid: dict[str, JsonValue] = field(default_factory=dict)
    """CRS, affine and shape that everything was measured on."""

    quantities: dict[str, str] = field(default_factory=dict)
    """What the pixels are, by sensor."""

    processing: tuple[str, ...] = ()
    """What was done to the pixels on loading."""

    reasoner: str = ""
    """Name and version of what made the masks."""

    ids: dict[str, str] = field(default_factory=dict)
    """Content hashes of plan, stack and chain in the workspace."""

    versions: dict[str, str] = field(default_factory=dict)
    """Software versions."""

    @property
    def attribution(self) -> str:
        """Credit lines of all scenes, without repeats."""
        return "; ".join(dict.fromkeys(s["attribution"] for s in self.scenes if s["attribution"]))

    @property
    def pixel_grid(self) -> PixelGrid | None:
        """The grid as a value; None when nothing was loaded."""
        return PixelGrid.from_json(self.grid) if self.grid else None

    def cite(self, methods: list[str]) -> str:
        """Return references: scenes, software, and each method's publication once; TerraScope's where it was used.

        Args:
            methods: Publications of the methods used, as text; several in one text are parted by semicolons.
        """

        def line(*parts: str) -> str:
            return "  " + " ".join(f"{p.strip().rstrip('.')}." for p in parts if p.strip())

        scenes = [
            line(f"{s['collection']} {s['id']} ({s['when']})", s["attribution"], s.get("license", ""))
            for s in self.scenes
        ]
        version = self.versions.get("terrascope-sdk", "")
        named = {m.strip().rstrip("."): None for text in methods for m in text.split(";") if m.strip()}
        lines = ["Data:", *scenes] if scenes else []
        lines += ["Software:", line(f"terrascope-sdk {version}", f"Masks by {self.reasoner}" if self.reasoner else "")]
        if self.reasoner.lower().startswith("terrascope"):  # cite what was used: indices are not TerraScope
            named = {_PAPER.rstrip("."): None} | named
        lines += ["Methods:", *(line(m) for m in named)] if named else []
        return "\n".join(lines)

    def to_json(self) -> dict[str, JsonValue]:
        """Return the fields as plain JSON values."""
        return {
            "aoi": self.aoi,
            "scenes": list(self.scenes),
            "grid": self.grid,
            "quantities": self.quantities,
            "processing": list(self.processing),
            "reasoner": self.reasoner,
            "ids": self.ids,
            "versions": self.versions,
        }

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> "Provenance":
        """Read what :meth:`to_json` wrote."""
        return cls(**(document | {"scenes": tuple(document["scenes"]), "processing": tuple(document["processing"])}))
