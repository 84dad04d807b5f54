"""Questions back about things that are missing or the same."""

from collections.abc import Sequence

from terrascope_sdk.plan.outcomes import NeedsInput, NotPlanned
from terrascope_sdk.plan.questions.clauses import Clause
from terrascope_sdk.plan.questions.things import Thing, named_in
from terrascope_sdk.types.concepts import get_concept

__all__ = ["nothing_asked", "refuse_same"]


def refuse_same(things: Sequence[Thing]) -> None:
    """Refuse to set a class against itself.

    Raises:
        NotPlanned: Two things are the same.
    """
    for i, thing in enumerate(things):
        for other in things[:i]:
            if thing == other:
                words = [n.word for n in (*named_in(other)[:1], *named_in(thing)[:1])]
                title = get_concept(named_in(thing)[0].key).title
                raise NotPlanned(
                    NeedsInput(
                        f"'{words[0]}' and '{words[-1]}' are both {title}, mapped as one; which two do you mean?",
                        "One class cannot be set against itself.",
                    )
                )


def nothing_asked(clause: Clause) -> NeedsInput:
    """Return the question back for a clause that does not say what to measure, or on what."""
    if not clause.groups:
        return NeedsInput(
            "Of what? Please name a kind of land cover, for example water.", "What is to be measured is not named."
        )
    word = named_in(clause.groups[0].thing)[0].word
    return NeedsInput(
        f"What about {word}: its share, its area, its number, its change, its distance to something, or whether it "
        "touches something?",
        "The question names a thing and does not say what to measure.",
    )
