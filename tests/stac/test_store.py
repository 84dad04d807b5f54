import os
import threading

import numpy as np
import pytest

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.store import Store, store_key


def key(value):
    return store_key(["test", value])


def test_what_goes_in_comes_out(tmp_path):
    store = Store(tmp_path)
    assert store.get(key(1)) is None
    store.put(key(1), b"pixels")
    assert store.get(key(1)) == b"pixels"
    arrays = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.array([True, False])}
    store.put_arrays(key(2), arrays)
    back = Store(tmp_path).get_arrays(key(2))
    assert all(np.array_equal(back[n], arrays[n]) and back[n].dtype == arrays[n].dtype for n in arrays)
    with pytest.raises(ValueError, match="read-only"):
        back["a"][0, 0] = 1


def test_keys_depend_on_content_not_on_order():
    assert store_key({"a": 1, "b": 2}) == store_key({"b": 2, "a": 1})
    assert store_key({"a": 1}) != store_key({"a": 2})


@pytest.mark.parametrize("bad", ["", "../../etc/passwd", "x" * 64, "ab"])
def test_a_key_is_no_path(tmp_path, bad):
    with pytest.raises(InputError, match="no key"):
        Store(tmp_path).get(bad)


def test_the_oldest_unread_values_go_first(tmp_path):
    store = Store(tmp_path, limit_bytes=100_000)
    for number in range(12):
        store.put(key(number), bytes(10_000))
        os.utime(store._path(key(number), ".bin"), (1_000 + number, 1_000 + number))
        if number == 8:
            assert store.get(key(0))  # read again, so it is young
    store.put(key("last"), bytes(20_000))
    assert store.size_bytes() <= 100_000
    assert store.get(key("last"))
    assert store.get(key(0)) is not None
    assert store.get(key(1)) is None


def test_an_interrupted_write_leaves_nothing(tmp_path):
    store = Store(tmp_path)

    def interrupted(file):
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store._write(store._path(key(1), ".bin"), interrupted)
    assert store.get(key(1)) is None
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_set_without_its_list_is_not_there(tmp_path):
    store = Store(tmp_path)
    store.put_arrays(key(1), {"a": np.zeros(3)})
    store._path(key(1), ".json").unlink()
    assert store.get_arrays(key(1)) is None
    store.put_arrays(key(2), {"a": np.zeros(3)})
    store._path(key(2), ".a.npy").write_bytes(b"\x93NUMPY damaged")
    assert store.get_arrays(key(2)) is None


def test_a_disk_that_cannot_be_written_is_no_failure(tmp_path):
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file")
    store.put(key(1), b"x")
    assert store.get(key(1)) is None


def test_threads_share_it(tmp_path):
    store = Store(tmp_path, limit_bytes=50_000)
    wrong = []

    def work(own):
        for number in range(40):
            store.put(key(number), bytes([number]) * 4_000)
            back = store.get(key(number))
            if back is not None and back != bytes([number]) * 4_000:
                wrong.append((own, number))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_store_of_nothing_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds nothing"):
        Store(tmp_path, limit_bytes=0)


def test_clearing_empties_it(tmp_path):
    store = Store(tmp_path)
    store.put(key(1), b"x")
    store.clear()
    assert store.size_bytes() == 0
