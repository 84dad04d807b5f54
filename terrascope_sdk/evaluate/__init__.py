"""Question files: answer them from reference labels or from a reasoner's masks, and score the answers.

Answering (:func:`answer_question`) and scoring (:func:`judge`) are strangers: the first sees a :class:`Question`, which
has no field for what is expected.
"""

from terrascope_sdk.evaluate.answering import answer_question
from terrascope_sdk.evaluate.given import GivenAnswer
from terrascope_sdk.evaluate.question import Question
from terrascope_sdk.evaluate.run import Result, Tally, score_file
from terrascope_sdk.evaluate.scoring import AnswerKey, Verdict, judge

__all__ = [
    "AnswerKey",
    "GivenAnswer",
    "Question",
    "Result",
    "Tally",
    "Verdict",
    "answer_question",
    "judge",
    "score_file",
]
