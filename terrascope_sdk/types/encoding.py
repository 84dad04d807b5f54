"""Arrays and values as text: lossless JSON for arrays, short content hashes for everything.

A content hash is the name under which a workspace keeps a value, so it depends on nothing but the value.
"""

import base64
import hashlib
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from terrascope_sdk.errors import ParseError

__all__ = ["JsonValue", "canonical_json", "content_id", "decode_array", "encode_array", "plain_number"]

type_names = ("bool", "uint8", "int16", "uint16", "int32", "float32", "float64")
"""The dtypes that may appear in a document; anything else is refused rather than guessed."""

JsonValue = Any  # JSON has no recursive static type that mypy and pydantic both take; validated where it enters


def encode_array(array: np.ndarray) -> dict[str, JsonValue]:
    """Turn an array into a JSON object that :func:`decode_array` turns back, bit by bit.

    Args:
        array: Any shape; bool, (u)int8/16/32 or float32/64. Booleans are packed eight to a byte.

    Returns:
        ``{"dtype", "shape", "zlib_base64"}``.
    """
    name = array.dtype.name
    if name not in type_names:
        raise ParseError(f"Arrays of dtype {name!r} have no JSON form.", hint=f"Use one of {', '.join(type_names)}.")
    contiguous = np.ascontiguousarray(array)
    raw = (
        np.packbits(contiguous).tobytes()
        if name == "bool"
        else contiguous.astype(f"<{contiguous.dtype.str[1:]}").tobytes()
    )
    level = 1 if contiguous.dtype.kind == "f" else 6  # noise hardly shrinks; see tools/bench_ask.py
    return {
        "dtype": name,
        "shape": [int(n) for n in array.shape],
        "zlib_base64": base64.b64encode(zlib.compress(raw, level)).decode("ascii"),
    }


def decode_array(document: Mapping[str, JsonValue]) -> np.ndarray:
    """Read what :func:`encode_array` wrote.

    Raises:
        ParseError: The document is not such an object, or its bytes do not fit its shape.
    """
    try:
        name, shape = str(document["dtype"]), tuple(int(n) for n in document["shape"])
        count = math.prod(shape)
        if name not in type_names or any(n < 0 for n in shape) or count > 2**31:
            raise ParseError(f"Not a readable array: dtype {name!r}, shape {shape}.")
        itemsize = 1 if name == "bool" else np.dtype(name).itemsize
        limit = (count + 7) // 8 if name == "bool" else count * itemsize
        packed = base64.b64decode(document["zlib_base64"], validate=True)
        raw = zlib.decompressobj().decompress(packed, limit + 1)
    except (KeyError, TypeError, ValueError, zlib.error) as err:
        raise ParseError(f"Not a readable array document: {err}.") from err
    if len(raw) != limit:
        raise ParseError(f"The array's bytes ({len(raw)}) do not fit its shape {shape} of {name}.")
    if name == "bool":
        return np.unpackbits(np.frombuffer(raw, np.uint8), count=count).astype(bool).reshape(shape)
    return np.frombuffer(raw, np.dtype(name).newbyteorder("<")).astype(name).reshape(shape)


def plain_number(value: float | np.generic) -> float | int | None:
    """Return a Python number for JSON: integers stay integers, NaN and infinities become ``None``."""
    number: float | int = value.item() if isinstance(value, np.generic) else value
    if isinstance(number, float) and not math.isfinite(number):
        return None
    return number


def canonical_json(value: JsonValue) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def content_id(kind: str, value: JsonValue, arrays: Sequence[np.ndarray] = ()) -> str:
    """Return ``kind-xxxxxxxxxxxxxxxx``: a name that depends on the content alone.

    Args:
        kind: A short word such as ``mask``.
        value: The JSON part.
        arrays: The pixel part; dtype and shape count.
    """
    digest = hashlib.sha256(canonical_json(value).encode())
    for array in arrays:
        digest.update(f"|{array.dtype.str}{array.shape}|".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return f"{kind}-{digest.hexdigest()[:16]}"
