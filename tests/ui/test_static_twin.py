"""A saved notebook whose kernel is gone still shows the answer: chain, masks, numbers."""

from tests.ui.test_chain_view import CHAIN


def test_with_the_kernel_dead_the_answer_is_still_there(open_book, shoot):
    book = open_book(CHAIN)
    page = book.page
    page.wait_for_selector(".tsv-step", timeout=90_000)
    page.wait_for_timeout(500)
    assert page.locator(".ts-question").count() == 1
    assert not page.locator(".ts-question").is_visible()
    book.save()
    book.shut_down()
    book.reload()
    page.locator(".ts-question").wait_for(state="visible")
    page.wait_for_timeout(1500)
    shoot(page, "twin")
    assert "Which is larger" in page.locator(".ts-question").inner_text()
    assert page.locator(".ts-frame").count() >= 2
    assert page.locator("table.ts-t").count() >= 1
