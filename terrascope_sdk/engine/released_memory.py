"""Running out of memory told as what it is, whatever the layer below calls it."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from terrascope_sdk.errors import OutOfMemory, TerraScopeError

__all__ = ["enough_memory"]

_MORE_MEMORY = "Use fewer dates or a smaller image, dtype=torch.bfloat16, weights='int8' or 'host', or device='cpu'."
_SIGNS = ("out of memory", "alloc_failed", "can't allocate memory", "not enough memory", "failed to allocate")


@contextmanager
def enough_memory() -> Iterator[None]:
    """Turn what torch, CUDA's libraries and numpy say about too little memory into one typed error.

    Raises:
        OutOfMemory: There was too little, on the device or on the machine.
    """
    try:
        yield
    except TerraScopeError:
        raise
    except torch.OutOfMemoryError as err:
        raise OutOfMemory(f"The device has too little memory: {err}", hint=_MORE_MEMORY) from err
    except MemoryError as err:
        raise OutOfMemory(f"There is too little memory: {err}", hint=_MORE_MEMORY) from err
    except RuntimeError as err:
        if not any(sign in str(err).lower() for sign in _SIGNS):
            raise
        raise OutOfMemory(f"There is too little memory: {err}", hint=_MORE_MEMORY) from err
