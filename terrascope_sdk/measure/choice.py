"""Options that are words or numbers of a short list."""

from terrascope_sdk.errors import InputError

__all__ = ["require_choice"]


def require_choice(name: str, value: object, allowed: tuple[object, ...]) -> None:
    """Refuse an option that is not on the list.

    Args:
        name: The option's name, for the message.
        value: What was given.
        allowed: What can be given.

    Raises:
        InputError: The value is not allowed.
    """
    if value not in allowed:
        raise InputError(
            f"{name} is {value!r}, which is not an option.", hint=f"Give one of {', '.join(map(repr, allowed))}."
        )
