"""What of a link is a secret: addresses without it, for messages, logs, provenance and the keys of a cache."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote_plus, urlsplit, urlunsplit

__all__ = ["link_key", "without_signature"]

_AZURE = re.compile("sig|se|sp|sv|sr|st|spr|sip|si|sdd|ss|srt|skoid|sktid|skt|ske|sks|skv|saoid|suoid|scid|ses")
"""Fields of a shared access signature; the short names are only taken for one where ``sig`` stands beside them."""

_SIGNATURES = re.compile(
    r"x-amz-.*|x-goog-.*|x-oss-.*|signature|expires|awsaccesskeyid|googleaccessid|key-pair-id|policy"
)

_SECRETS = re.compile(
    r".*(token|secret|password|credential|api[-_]?key|subscription[-_]?key|signature).*|auth|authorization|key|jwt|sig"
)


def without_signature(url: str) -> str:
    """Return an address as it may be shown: without user, password, signature, token and fragment.

    What is no address is returned as it is. Fields that could be a secret are dropped even where they may be none, a
    page's ``token`` for example; use :func:`link_key` to tell two links apart.
    """
    return _rebuilt(url, exact=False)


def link_key(url: str) -> str:
    """Return what identifies the file or page behind a link: equal for two signatures of one file, never for two files.

    Only what is surely a signature is dropped. A field that may be a secret and may be more (``token`` is a secret here
    and the number of a page there) is replaced by a hash of its value.
    """
    return _rebuilt(url, exact=True)


def _rebuilt(url: str, *, exact: bool) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket without its partner
        return url.split("?")[0].split("#")[0]
    if parts.scheme.lower() not in ("http", "https"):
        return url
    fields = [field for field in parts.query.split("&") if field]
    names = [unquote_plus(field.split("=", 1)[0]).lower() for field in fields]
    azure = "sig" in names
    kept = []
    for name, field in zip(names, fields, strict=True):
        if (azure and _AZURE.fullmatch(name)) or _SIGNATURES.fullmatch(name):
            continue
        if not _SECRETS.fullmatch(name):
            kept.append(field)
        elif exact:
            kept.append(f"{field.split('=', 1)[0]}={hashlib.sha256(field.encode()).hexdigest()[:16]}")
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme.lower(), host.lower(), parts.path, "&".join(kept), ""))
