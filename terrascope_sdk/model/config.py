"""The shape of the compact network, as stored beside its weights."""

from dataclasses import asdict, dataclass, fields

from terrascope_sdk.errors import InputError

__all__ = ["CLASS_KEYS", "MARK_KEYS", "CompactConfig", "change_keys", "single_keys"]

CLASS_KEYS = ("water", "tree", "shrub", "grass", "crop", "developed", "bare", "wetland", "snow")
"""Exclusive land-cover classes, in the order of the network's class scores."""

MARK_KEYS = ("building", "road", "cloud")
"""Concepts that lie over the classes."""


def single_keys() -> tuple[str, ...]:
    """Return the concepts that one date shows, in the order of the stored mask queries."""
    return (*CLASS_KEYS, "vegetation", *MARK_KEYS)


def change_keys() -> tuple[str, ...]:
    """Return the changes that two dates show, as ``gain:water`` and so on, in the order of the stored queries."""
    changing = (*CLASS_KEYS, "vegetation", "building")
    return (*(f"gain:{k}" for k in changing), *(f"loss:{k}" for k in changing), "gain:burned")


@dataclass(frozen=True)
class CompactConfig:
    """Sizes of the compact network."""

    widths: tuple[int, int, int, int] = (24, 48, 80, 128)
    """Channels at strides 1, 2, 4 and 8."""

    free: int = 20
    """Pixel features beside the class scores."""

    lm_width: int = 192
    """Width of the language model."""

    lm_layers: int = 4
    """Its blocks."""

    lm_heads: int = 6
    """Its query heads."""

    lm_kv_heads: int = 2
    """Its key and value heads."""

    lm_hidden: int = 512
    """Width inside its SwiGLU."""

    grid: int = 8
    """Visual tokens a side and image."""

    max_region_tokens: int = 16
    """Tokens fed back after a mask, besides one for the whole mask."""

    max_dates: int = 8
    """Most dates in one chain."""

    def to_json(self) -> dict[str, int | list[int]]:
        """Return plain JSON values."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    @classmethod
    def from_json(cls, document: dict[str, int | list[int]]) -> "CompactConfig":
        """Read what :meth:`to_json` wrote.

        Raises:
            InputError: A field is missing or unknown.
        """
        names = {f.name for f in fields(cls)}
        if set(document) != names:
            odd = ", ".join(sorted(set(document) ^ names))
            raise InputError(f"The network's configuration does not fit this version: {odd}.")
        made = {k: tuple(v) if isinstance(v, list) else v for k, v in document.items()}
        return cls(**made)  # type: ignore[arg-type]  # the fields were checked by name
