"""The errors a user can meet: one tree, each also the matching Python builtin, each with a next step.

A message says what happened with the offending value; `hint` says what to do.
"""

from __future__ import annotations

__all__ = [
    "CatalogError",
    "ExportError",
    "GroundingError",
    "InputError",
    "MissingDependency",
    "NoScenesFound",
    "NotVisible",
    "OutOfMemory",
    "ParseError",
    "RasterError",
    "ServiceError",
    "TerraScopeError",
    "TooLarge",
    "UndefinedMeasurement",
    "UnknownStack",
    "UnsafeLink",
    "WeightsNotFound",
]


class TerraScopeError(Exception):
    """Base of every error this package raises on purpose.

    Attributes:
        hint: What the user can do about it, as one sentence; empty when there is nothing to add.
    """

    hint: str

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message} {self.hint}" if self.hint else message


class InputError(TerraScopeError, ValueError):
    """An argument is wrong: the value, its unit and what would be right are in the message."""


class NoScenesFound(TerraScopeError, LookupError):
    """No acquisition fits place, time and cloud limit; the message names the levers to change."""


class CatalogError(TerraScopeError, ConnectionError):
    """A catalogue could not be read or did not answer."""


class UnsafeLink(CatalogError):
    """A catalogue's link leads where no public imagery lies: another scheme, a private address, a virtual file."""


class TooLarge(InputError):
    """A request or a file needs more pixels or bytes than the budget allows; the message has both numbers."""


class RasterError(TerraScopeError, OSError):
    """A raster file is missing, truncated or not readable."""


class MissingDependency(TerraScopeError, ImportError):
    """An optional package is not installed; the hint names the extra."""


class OutOfMemory(TerraScopeError, MemoryError):
    """A network does not fit into the device's memory with these pixels; the hint names a way out."""


class ParseError(TerraScopeError, ValueError):
    """A text does not follow the grammar it must follow."""


class GroundingError(TerraScopeError, RuntimeError):
    """A reasoner could not turn a concept into a mask."""


class NotVisible(GroundingError):
    """The sensors at hand cannot show the concept that was asked for."""


class ServiceError(TerraScopeError, ConnectionError):
    """A reasoner's server could not be reached, or broke off."""


class UnknownStack(TerraScopeError, LookupError):
    """A reasoner's server does not hold the stack that a request names; clients send it then."""


class UndefinedMeasurement(TerraScopeError, ValueError):
    """A number has no meaning here: an empty region, no observed pixel, or no coordinate reference system."""


class ExportError(TerraScopeError, OSError):
    """A result could not be written; nothing half-written is left behind."""


class WeightsNotFound(TerraScopeError, FileNotFoundError):
    """A file of a network's weights is missing; the message names it."""
