"""How an image is cut into tiles for the vision encoder: InternVL's dynamic tiling.

The whole image is resized to `cols` x `rows` tiles whose shape is nearest to its own; where there is more than one
tile, a thumbnail of the whole follows them.
"""

from dataclasses import dataclass

__all__ = ["TileLayout", "tile_layout"]


@dataclass(frozen=True)
class TileLayout:
    """Tiles of one image."""

    cols: int
    """Tiles side by side."""

    rows: int
    """Tiles on top of each other."""

    thumbnail: bool
    """Whether the whole image follows as one more tile."""

    @property
    def count(self) -> int:
        """How many tiles there are, with the thumbnail."""
        return self.cols * self.rows + int(self.thumbnail)


def tile_layout(
    width: int, height: int, *, side: int = 448, least: int = 1, most: int = 12, thumbnail: bool = True
) -> TileLayout:
    """Return how an image is cut.

    >>> tile_layout(1024, 1024)
    TileLayout(cols=3, rows=3, thumbnail=True)

    Args:
        width: Of the image, pixels.
        height: Of the image, pixels.
        side: Of a tile, pixels.
        least: Fewest tiles.
        most: Most tiles, the thumbnail not counted.
        thumbnail: Whether a thumbnail follows several tiles.
    """
    shapes = sorted(
        ((c, r) for c in range(1, most + 1) for r in range(1, most + 1) if least <= c * r <= most),
        key=lambda shape: (shape[0] * shape[1], shape),
    )
    ratio = width / height
    best, off = (1, 1), float("inf")
    for cols, rows in shapes:
        miss = abs(ratio - cols / rows)
        if miss < off or (miss == off and width * height > 0.5 * side * side * cols * rows):
            best, off = (cols, rows), miss
    return TileLayout(*best, thumbnail=thumbnail and best != (1, 1))
