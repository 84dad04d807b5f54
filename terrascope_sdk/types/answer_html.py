"""An answer as a page: what is claimed, what was measured, on which masks over which images, how surely."""

from terrascope_sdk.render.figure import Sheet
from terrascope_sdk.render.html import Html, joined, tag
from terrascope_sdk.render.value_html import framed, titled
from terrascope_sdk.types.answer import Answer
from terrascope_sdk.types.answer_text import answer_text, mask_names, place_line, status_words
from terrascope_sdk.types.chain_html import Story
from terrascope_sdk.types.measurement import Check
from terrascope_sdk.types.measurement_html import measurement_table
from terrascope_sdk.types.provenance_html import fold_outs

__all__ = ["answer_body", "answer_html"]

_NOTEBOOK_PX = 800
"""Longest side of a picture in a notebook, which keeps every output of every run."""

_SIGNS = {"answered": "✓", "needs_input": "?", "cannot_answer": "⊘", "failed": "✗"}


def _head(answer: Answer) -> list[Html]:
    word, lead = status_words[answer.status]
    badge = tag(f"div.ts-badge.ts-{answer.status}", f"{_SIGNS[answer.status]} {word}")
    question = tag("div.ts-question", answer.question, attributes={"role": "heading", "aria-level": "2"})
    place = place_line(answer)
    asked = tag("div", question, tag("div.ts-place", place) if place else Html(""))
    return [
        tag("div.ts-head", asked, badge),
        tag(f"div.ts-lead.ts-{answer.status}", tag("span.ts-tag", lead), answer.text),
    ]


def _warnings(answer: Answer) -> list[Html]:
    if not answer.warnings:
        return []
    items = [tag("li", w) for w in answer.warnings]
    return [tag("div.ts-warn", tag("b", "⚠ Be careful"), tag("ul", *items), attributes={"role": "note"})]


def _check(check: Check) -> Html:
    mark = tag("span.ts-mark.ts-passed", "✓") if check.passed else tag("span.ts-mark.ts-missed", "✗")
    verdict = "passed" if check.passed else "failed"
    kind = tag("span.ts-mute", " (independent evidence)") if check.independent else Html("")
    return tag("li", mark, tag("b", f"{check.name}: {verdict}"), kind, tag("div.ts-mute", check.detail))


def _chains(answer: Answer, story: Story) -> list[Html]:
    parts = []
    for chain in answer.chains:
        who = f"Reasoning, {chain.reasoner}" if chain.reasoner else "Reasoning"
        parts += [titled(who), story.chain(chain)]
    others = story.other_pictures()
    return [*parts, titled("Imagery"), tag("div.ts-pair", *others)] if others else parts


def answer_body(answer: Answer, sheet: Sheet) -> Html:
    """Return the page's content; the pictures go into the sheet.

    Args:
        answer: What to show. Sections without content are left out.
        sheet: Collects the pictures; its limit is their longest side.
    """
    parts = [*_head(answer), *_warnings(answer)]
    if answer.measurements:
        parts += [titled("Measurements"), measurement_table(answer.measurements, mask_names(answer))]
    parts += _chains(answer, Story(answer, sheet))
    if answer.checks:
        parts += [titled("Checks"), tag("ul.ts-checks", *(_check(c) for c in answer.checks))]
    if answer.provenance.attribution:
        parts.append(tag("div.ts-credit", f"Data: {answer.provenance.attribution}."))
    folds = fold_outs(answer)
    return joined([*parts, tag("div.ts-folds", folds) if folds else Html("")])


def answer_html(answer: Answer) -> str:
    """Return the notebook view: no script, nothing loaded, plain text where styles are stripped."""
    sheet = Sheet(_NOTEBOOK_PX)
    body = answer_body(answer, sheet)
    return framed(body, text=answer_text(answer), rules=sheet.rules, card=False)
