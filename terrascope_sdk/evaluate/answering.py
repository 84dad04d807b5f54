"""Answering: a question and its scene in, an answer, a refusal or a failure out. Knows nothing of what is expected."""

from __future__ import annotations

import logging
from pathlib import Path

from terrascope_sdk.errors import GroundingError, RasterError, TerraScopeError, UndefinedMeasurement
from terrascope_sdk.evaluate.changes import answer_change, growth
from terrascope_sdk.evaluate.clouds import why_hidden
from terrascope_sdk.evaluate.given import GivenAnswer
from terrascope_sdk.evaluate.question import Question
from terrascope_sdk.evaluate.segmenting import segmented_masks
from terrascope_sdk.evaluate.sources import parse_sources
from terrascope_sdk.evaluate.subjects import reference_label, reference_masks
from terrascope_sdk.evaluate.tasks import answer_from_masks
from terrascope_sdk.types import Reasoner

__all__ = ["answer_question"]

_log = logging.getLogger(__name__)


def answer_question(question: Question, data: Path, *, reasoner: Reasoner | None = None) -> GivenAnswer:
    """Answer one question; whatever goes wrong is said in the answer.

    Args:
        question: What is asked.
        data: Folder with the scenes' folders.
        reasoner: Segments the images; left out, the reference label gives the masks.
    """
    try:
        folder = data / question.scene
        if not folder.is_dir():
            raise RasterError(f"There is no folder {folder} for the scene {question.scene!r}.")
        hidden = why_hidden(question, folder)
        if hidden is not None:
            return GivenAnswer(question.id, "refused", why=hidden)
        return _by_reference(question, folder) if reasoner is None else _by_model(question, folder, reasoner)
    except (UndefinedMeasurement, GroundingError) as err:
        return GivenAnswer(question.id, "refused", why=str(err))
    except TerraScopeError as err:
        return GivenAnswer(question.id, "failed", why=f"{type(err).__name__}: {err}")
    except Exception as err:  # noqa: BLE001  # the funnel: one question must not end a run
        _log.exception("Question %s could not be answered.", question.id)
        return GivenAnswer(question.id, "failed", why=f"unexpected {type(err).__name__}: {err}")


def _by_reference(question: Question, folder: Path) -> GivenAnswer:
    if question.task == "change":
        return answer_change(question, folder)
    flags = any(source.bit is not None for source in parse_sources(question.label))
    if question.task == "count" and question.label_values is None and not flags:
        found = len(reference_label(question, folder).instances())
        return GivenAnswer(question.id, "answered", found, "count", "distinct values other than 0")
    return answer_from_masks(question, reference_masks(question, folder))


def _by_model(question: Question, folder: Path, reasoner: Reasoner) -> GivenAnswer:
    masks = segmented_masks(question, folder, reasoner)
    return growth(question, *masks) if question.task == "change" else answer_from_masks(question, masks)
