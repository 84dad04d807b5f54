"""The circuit breaker against a plain model of it, and the waits between attempts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import CatalogError, InputError
from terrascope_sdk.stac.transport.breaker import Breaker
from terrascope_sdk.stac.transport.retries import backoff_s, retry_after_s


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def opened(failures=3, pause_s=10.0):
    clock = Clock()
    breaker = Breaker(failures=failures, pause_s=pause_s, clock=clock)
    for _ in range(failures):
        breaker.enter("a")
        breaker.failed("a")
    return breaker, clock


def test_it_opens_after_failures_in_a_row_and_says_how_long():
    breaker, clock = opened()
    clock.now = 4.0
    with pytest.raises(CatalogError, match=r"3 times in a row .* 6 s"):
        breaker.enter("a")
    breaker.enter("b")
    assert breaker.wait_s("a") == 6.0


def test_one_request_goes_through_after_the_pause_and_its_success_closes():
    breaker, clock = opened()
    clock.now = 10.0
    breaker.enter("a")
    with pytest.raises(CatalogError):
        breaker.enter("a")
    breaker.succeeded("a")
    for _ in range(2):
        breaker.enter("a")


def test_the_failure_of_that_request_starts_another_pause():
    breaker, clock = opened()
    clock.now = 10.0
    breaker.enter("a")
    breaker.failed("a")
    assert breaker.wait_s("a") == 10.0


def test_a_cancelled_request_lets_the_next_one_try():
    breaker, clock = opened()
    clock.now = 10.0
    breaker.enter("a")
    breaker.left("a")
    breaker.enter("a")


def test_a_breaker_that_never_opens_is_refused():
    for wrong in ({"failures": 0}, {"pause_s": 0.0}):
        with pytest.raises(InputError):
            Breaker(**wrong)


@given(st.integers(1, 4), st.lists(st.tuples(st.sampled_from("+-c"), st.floats(0, 7)), max_size=40))
def test_it_never_lets_through_while_open_and_always_after_the_pause(failures, steps):
    clock = Clock()
    breaker = Breaker(failures=failures, pause_s=5.0, clock=clock)
    row, opened_at = 0, None
    for outcome, wait in steps:
        clock.now += wait
        refused = opened_at is not None and clock.now < opened_at + 5.0
        assert (breaker.wait_s("a") > 0) == refused
        if refused:
            with pytest.raises(CatalogError):
                breaker.enter("a")
            continue
        breaker.enter("a")
        if outcome == "+":
            breaker.succeeded("a")
            row, opened_at = 0, None
        elif outcome == "-":
            breaker.failed("a")
            row += 1
            opened_at = clock.now if opened_at is not None or row >= failures else None
        else:
            breaker.left("a")


# ------------------------------------------------------------------------------------------------------ waits


@given(st.integers(1, 2000), st.floats(0, 1, exclude_max=True))
def test_waits_are_random_shares_of_a_doubling_time(attempt, share):
    wait = backoff_s(attempt, draw=lambda: share, first_s=0.5, most_s=20.0)
    assert wait == pytest.approx(share * min(20.0, 0.5 * 2.0 ** min(attempt - 1, 30)))


NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0), (" 0 ", 0.0), ("Thu, 01 Jan 2026 12:01:00 GMT", 60.0), ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("Thu, 01 Jan 2026 13:01:00 +0100", 60.0), ("soon", None), ("", None), (None, None),
        ("-3", None), ("1.5", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_or_date(value, seconds):
    assert retry_after_s(value, now=lambda: NOW) == seconds


@given(st.text(max_size=40))
def test_any_retry_after_is_read_without_an_error(value):
    seconds = retry_after_s(value, now=lambda: NOW)
    assert seconds is None or seconds >= 0


def test_a_date_of_another_zone_is_converted():
    later = NOW + timedelta(hours=2)
    assert retry_after_s(later.strftime("%a, %d %b %Y %H:%M:%S GMT"), now=lambda: NOW) == 7200.0
