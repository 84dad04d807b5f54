"""Whether a plan may cost what it would."""

from __future__ import annotations

from terrascope_sdk.plan.cost import Cost

__all__ = ["over_budget"]


def over_budget(cost: Cost, max_download_bytes: int | None, max_seconds: float | None) -> str:
    """Return why a plan costs more than is allowed, naming both numbers; empty when it does not.

    Args:
        cost: What it would cost.
        max_download_bytes: Largest download; any when None.
        max_seconds: Longest estimated time, s; any when None.
    """
    over = []
    if max_download_bytes is not None and cost.download_bytes > max_download_bytes:
        over.append(f"{cost.download_bytes} bytes would be downloaded, and {max_download_bytes} bytes are allowed")
    if max_seconds is not None and cost.seconds > max_seconds:
        over.append(f"about {cost.seconds:.3g} s would be needed, and {max_seconds:.3g} s are allowed")
    if not over:
        return ""
    told = "; ".join(over)
    return f"The plan costs more than its budget: {told}. Nothing was loaded. Ask about less, or raise the budget."
