"""Scenes with labels made by hand, questions about them, and a network that is always right."""

import io
from datetime import UTC, datetime

import numpy as np
import torch

from terrascope_sdk.evaluate.bench.ground_truth import GroundTruth
from terrascope_sdk.evaluate.bench.question import BenchQuestion, Candidate, Wording
from terrascope_sdk.evaluate.bench.scenes import BenchScene
from terrascope_sdk.evaluate.bench.synthetic import nominal_grid
from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.model.compact import CompactNetwork
from terrascope_sdk.model.config import CompactConfig
from terrascope_sdk.model.decode import Drawn, Reading
from terrascope_sdk.model.regions import Evidence
from terrascope_sdk.model.words import word_tokens
from terrascope_sdk.train.intents import Intent
from terrascope_sdk.train.pixel_truth import centre_place
from terrascope_sdk.train.programs import find_words, measure_words, program_of
from terrascope_sdk.types.series import ImageSeries
from terrascope_sdk.types.stack import ImageStack

LEGEND = {"water": (0,), "tree": (1,), "grass": (3,), "developed": (5,)}
SIZE = 64


def labels(*blocks, ground=3):
    """Codes [y, x] of a plain ground with rectangles (code, top, bottom, left, right)."""
    codes = np.full((SIZE, SIZE), ground, np.uint8)
    for code, top, bottom, left, right in blocks:
        codes[top:bottom, left:right] = code
    return codes


def scene(*dates, name="hand", gsd_m=10.0, overlays=None):
    """A scene of these codes, in two bands that show nothing of them."""
    codes = np.stack(dates)
    grid = nominal_grid(codes.shape[1:], gsd_m)
    times = tuple(datetime(2020 + i, 6, 1, tzinfo=UTC) for i in range(len(codes)))

    def load():
        pixels = np.full((len(codes), 3, *codes.shape[1:]), 0.1, np.float32) + codes[:, None] * np.float32(0.02)
        valid = np.ones(codes.shape, bool)
        series = ImageSeries("optical", pixels, valid, ("green", "red", "nir"), times, "surface_reflectance", grid)
        return ImageStack(grid, series)

    return BenchScene(name, GroundTruth(codes, LEGEND, overlays or {}), grid, gsd_m, (), load)


def question(task, concepts, truth, *, intent, text, values=None, right=0, name="hand", dates=(0,), frame_m2=409_600.0):
    """A question about a scene by hand."""
    meant = Intent(intent, concepts)
    asked = Candidate(task, name, dates, meant, truth, frame_m2)
    wordings = {"known": Wording(text, meant), "new": Wording(text, meant)}
    return BenchQuestion(f"{task}-{name}", asked, wordings, values or (truth,), right, 0)


def random_network():
    torch.manual_seed(0)
    return CompactNetwork(CompactConfig(), word_tokens()).train(mode=False)


class PerfectSession:
    """Writes the right chain over the true masks; stands in for the language model and the grounder."""

    def __init__(self, seen, asked, wording="known", *, direct=None):
        dates = asked.asked.dates
        program = program_of(asked.wordings[wording].intent, len(dates))
        self._truth = lambda find: seen.scene.truth.mask(find, dates)
        self.script = []
        for find in program.finds:
            place = centre_place(self._truth(find))
            self.script += [*find_words(find), *(["seen", place, "."] if place else ["absent", "."])]
        self.script += ["answer", *direct] if direct else [*measure_words(program.measure), "answer", "<r1>"]
        self.script.append("<eos>")
        self._at = 0

    def _reading(self):
        scores = torch.zeros(len(self.script) + 1)
        scores[self._at] = 1
        return Reading(torch.zeros(4), scores)

    def begin(self):
        return self._reading()

    def feed(self, words):
        self._at += len(words) == 1  # results are longer, and not its own
        return self._reading()

    def feed_evidence(self, evidence):
        return self._reading()

    def word(self, token_id):
        return self.script[token_id]

    def draw(self, hidden, find: Find):
        pixels = self._truth(find)
        return Drawn(pixels, pixels.astype(np.float32), Evidence(torch.zeros(1, 4), ()))


def perfect_sessions(wording="known", direct=None):
    return lambda seen, asked, words: PerfectSession(seen, asked, wording, direct=direct)


def png(colour, size=32):
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(file, "PNG")
    return file.getvalue()
