import numpy as np
import pytest
import torch

from terrascope_sdk.errors import ParseError
from terrascope_sdk.model.chain_grammar import Action, ChainReader
from terrascope_sdk.model.decode import Drawn, MaskMade, Measured, Reading, Said, run_chain
from terrascope_sdk.model.regions import Evidence
from terrascope_sdk.model.session import CompactSession
from tests.model.tiny import random_fields, tiny_network

COVERAGE = "find {water} in <t1> as <m1> [SEG] seen north . measure share <m1> <result> answer <r1> <eos>"


class Scripted:
    """A backbone that says given words, whatever it reads, and remembers what it was fed."""

    def __init__(self, words, width=8):
        self.words, self.width, self.at, self.fed = words, width, 0, []

    def _reading(self):
        scores = torch.zeros(len(self.words) + 1)
        scores[min(self.at, len(self.words) - 1)] = 1
        return Reading(torch.full((self.width,), float(self.at)), scores)

    def begin(self):
        return self._reading()

    def feed(self, words):
        self.fed.append(tuple(words))
        self.at += len(words) == 1
        return self._reading()

    def feed_evidence(self, evidence):
        self.fed.append(evidence.positions)
        return self._reading()

    def word(self, token_id):
        return self.words[token_id]


class Grey:
    """A grounding that draws the same mask each time."""

    def __init__(self, pixels):
        self.pixels, self.hidden = pixels, []

    def draw(self, hidden, find):
        self.hidden.append(hidden)
        tokens = (7, 9) if self.pixels.any() else ()
        return Drawn(self.pixels, self.pixels.astype(np.float32), Evidence(torch.zeros(len(tokens) + 1, 8), tokens))


class Sayer:
    def __init__(self):
        self.asked = []

    def __call__(self, kind, numbers, masks):
        self.asked.append((kind, numbers, [int(m.sum()) for m in masks]))
        return ("1", "2", "%")


HALF = np.tile(np.arange(8) < 4, (8, 1))


def run(text, *, dates=1, pixels=HALF, **options):
    backbone, grounding, measure = Scripted(text.split()), Grey(pixels), Sayer()
    reader = ChainReader(dates)
    events = list(run_chain(backbone, grounding, reader, measure=measure, **options))
    return events, backbone, grounding, measure, reader


def test_a_mask_is_made_at_seg_and_its_tokens_are_fed_before_the_next_word():
    events, backbone, grounding, measure, reader = run(COVERAGE)
    kinds = [type(e).__name__ for e in events]
    assert kinds.index("MaskMade") == COVERAGE.split().index("[SEG]") + 1
    assert backbone.fed[COVERAGE.split().index("[SEG]") + 1] == (7, 9)
    assert len(grounding.hidden) == 1
    assert measure.asked == [("share", (1,), [32])]
    assert reader.answer == ["<r1>"]


def test_the_hidden_state_is_that_of_seg_itself():
    _, _, grounding, _, _ = run(COVERAGE)
    assert float(grounding.hidden[0][0]) == COVERAGE.split().index("[SEG]") + 1


def test_results_are_written_by_the_runtime_and_read_by_the_grammar():
    events, backbone, _, _, reader = run(COVERAGE)
    assert next(e for e in events if isinstance(e, Measured)).words == ("1", "2", "%")
    assert ("1", "2", "%", "</result>") in backbone.fed
    assert reader.words[reader.words.index("<result>") :][:5] == ["<result>", "1", "2", "%", "</result>"]


def test_no_mask_and_many_masks():
    events, _, grounding, _, _ = run("answer unclear <eos>")
    assert [e.word for e in events] == ["answer", "unclear", "<eos>"]
    assert grounding.hidden == []
    three = " ".join(
        f"find {{{c}}} in <t1> as <m{i}> [SEG] seen east ." for i, c in enumerate(("tree", "crop", "snow"), 1)
    )
    events, _, grounding, measure, _ = run(f"{three} measure order <m2> <m1> <m3> <result> answer <r1> <eos>")
    assert [e.find.concept for e in events if isinstance(e, MaskMade)] == ["tree", "crop", "snow"]
    assert measure.asked[0][1] == (2, 1, 3)


def test_an_empty_mask_is_fed_back_as_one_token():
    events, _, _, measure, _ = run(COVERAGE.replace("seen north", "absent"), pixels=np.zeros((8, 8), bool))
    made = next(e for e in events if isinstance(e, MaskMade))
    assert made.drawn.evidence.positions == ()
    assert len(made.drawn.evidence.embeddings) == 1
    assert measure.asked == [("share", (1,), [0])]


def test_a_mask_on_the_second_date_and_one_between_dates():
    first = "find loss {tree} from <t1> to <t3> as <m1> [SEG] seen east ."
    text = f"{first} find {{tree}} in <t2> as <m2> [SEG] absent . answer yes <eos>"
    events, *_ = run(text, dates=3)
    finds = [e.find for e in events if isinstance(e, MaskMade)]
    assert [(f.way, f.dates) for f in finds] == [("loss", (1, 3)), ("", (2,))]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("find {water} in <t2> as <m1> [SEG] seen north . answer yes <eos>", "<t2>"),
        ("find {water} from <t1>", "from"),
        ("find {lake} in <t1>", "{lake}"),
        ("find {water} in <t1> as <m2>", "<m2>"),
        ("find {water} in <t1> as <m1> [SEG] north .", "north"),
        ("measure share <m1>", "measure"),
        ("find {water} in <t1> as <m1> [SEG] seen north . measure touches <m1> <result>", "<result>"),
        ("find {water} in <t1> as <m1> [SEG] seen north . measure touches <m1> <m1>", "<m1>"),
        ("answer <r1> <eos>", "<r1>"),
        ("answer <eos>", "<eos>"),
        ("find gain {water} in", "in"),
        ("[SEG]", "[SEG]"),
    ],
)
def test_a_chain_that_leaves_its_grammar_is_a_typed_error_naming_the_word(text, word):
    with pytest.raises(ParseError, match="left the grammar") as caught:
        run(text)
    assert repr(word) in str(caught.value)


def collected(events, kept):
    for event in events:
        kept.append(event)


def test_what_came_before_the_error_was_already_yielded():
    events = []
    chain = run_chain(Scripted(["find", "{water}", "oops"]), Grey(HALF), ChainReader(1), measure=Sayer())
    with pytest.raises(ParseError):
        collected(chain, events)
    assert [e.word for e in events] == ["find", "{water}"]


def test_a_chain_that_does_not_end_is_a_typed_error():
    with pytest.raises(ParseError, match="did not end within 10"):
        run(COVERAGE, max_tokens=10)


def test_seg_as_the_last_token_that_is_allowed_still_makes_its_mask():
    text, events = COVERAGE.split(), []
    most = text.index("[SEG]") + 1
    chain = run_chain(Scripted(text), Grey(HALF), ChainReader(1), measure=Sayer(), max_tokens=most)
    with pytest.raises(ParseError, match="did not end"):
        collected(chain, events)
    assert isinstance(events[-1], MaskMade)


def test_a_reader_says_when_a_chain_stops_in_the_middle():
    reader = ChainReader(1)
    for word in COVERAGE.split()[:6]:
        assert isinstance(reader.read(word), Action)
    with pytest.raises(ParseError, match="ends in the middle"):
        reader.finish()


def test_a_caller_may_stop_listening():
    backbone = Scripted(COVERAGE.split())
    chain = run_chain(backbone, Grey(HALF), ChainReader(1), measure=Sayer())
    assert next(chain) == Said("find")
    chain.close()
    assert backbone.fed == []


class Steered(CompactSession):
    """A session of the real tiny network whose next words are given: its states and masks are its own."""

    def __init__(self, *args, words, **options):
        super().__init__(*args, **options)
        self.words, self.at, self.hidden = list(words), 0, []

    def _read(self, embeddings):
        reading = super()._read(embeddings)
        self.hidden.append(reading.hidden)
        return reading

    def word(self, token_id):
        word = self.words[self.at]
        self.at += 1
        return word


def test_stepwise_decoding_with_injection_equals_one_pass_over_the_same_tokens():
    network = tiny_network()
    fields, observed = random_fields(network, 2)
    words = [
        *["find", "{water}", "in", "<t2>", "as", "<m1>", "[SEG]", "seen", "north", "."],
        *["find", "gain", "{tree}", "from", "<t1>", "to", "<t2>", "as", "<m2>", "[SEG]", "absent", "."],
        *["measure", "area", "<m2>", "<result>", "answer", "<r1>", "<eos>"],
    ]
    session = Steered(network, fields, observed, question=["how", "much", "{water}"], words=words)
    events = list(run_chain(session, session, ChainReader(2), measure=Sayer()))
    masks = {e.find.mask: e.drawn.evidence for e in events if isinstance(e, MaskMade)}
    pieces, seg = [network.prompt(["how", "much", "{water}"], [f.coarse for f in fields])], 0
    for word in words[:-1]:
        pieces.append(network.embedded(network.tokenizer.chain_ids([word])))
        if word == "[SEG]":
            seg += 1
            pieces.append(masks[seg].embeddings)
        if word == "<result>":
            pieces.append(network.embedded(network.tokenizer.chain_ids(["1", "2", "%", "</result>"])))
    with torch.inference_mode():
        whole = network.language(torch.cat(pieces)[None])[0]
    ends = torch.tensor([len(p) for p in pieces]).cumsum(0) - 1
    assert len(session.hidden) == len(pieces)
    torch.testing.assert_close(torch.stack(session.hidden), whole[ends], atol=1e-4, rtol=1e-4)
