"""Files that appear whole or not at all."""

import secrets
from pathlib import Path

from terrascope_sdk.errors import ExportError

__all__ = ["cannot_write", "temporary_name", "write_file"]


def temporary_name(path: Path) -> Path:
    """Return an unused hidden name beside a path."""
    return path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.tmp")


def cannot_write(path: Path, err: OSError) -> ExportError:
    """Return the error for a path that cannot be written, with what to do."""
    return ExportError(
        f"{path} cannot be written: {err.strerror or err}.",
        hint="Choose a folder that you may write, with room on its disk.",
    )


def write_file(path: str | Path, content: bytes) -> Path:
    """Write a file beside its place and move it there; its folder must exist.

    Raises:
        ExportError: It cannot be written; nothing is left behind.
    """
    target = Path(path)
    temporary = temporary_name(target)
    try:
        try:
            temporary.write_bytes(content)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as err:
        raise cannot_write(target, err) from err
    return target
