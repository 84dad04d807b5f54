"""What is trained on ends where the gap before the test part begins."""

from pathlib import Path

import numpy as np

from terrascope_sdk.evaluate.masks import training_parts as parts
from terrascope_sdk.evaluate.masks.place_dates import bundled_label
from terrascope_sdk.evaluate.masks.splits import SPLITS


def test_only_the_train_windows_are_given_out(monkeypatch):
    outlines = np.zeros(SPLITS["kampala"].shape, np.uint8)
    outlines[:, SPLITS["kampala"].train.right :] = 1  # buildings everywhere but in the train part
    monkeypatch.setattr(parts, "label_file", lambda path, stack: outlines)
    slovenia, kampala = parts.training_parts(Path("nowhere"))
    for scene, name in ((slovenia, "slovenia"), (kampala, "kampala")):
        window = SPLITS[name].train
        assert scene.labels.shape == (window.bottom - window.top, window.right - window.left)
        assert scene.views.optical.shape[-2:] == scene.labels.shape
        test = SPLITS[name].test
        assert window.bottom <= test.top or window.right <= test.left
    assert not kampala.buildings.any()
    codes = bundled_label("slovenia", "lulc")[:46]
    assert ((slovenia.labels == 1) == (codes == 2)).all()  # trees
    assert slovenia.buildings is None
