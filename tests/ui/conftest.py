"""One JupyterLab and one browser for all tests of the views; screenshots go to out/ui."""

import os
from pathlib import Path

import pytest

from tests.ui.lab import FLAGS, Book, Lab, chromium

SHOTS = Path(__file__).parents[2] / "out" / "ui"


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.ui)
            item.add_marker(pytest.mark.enable_socket)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    item.failed = getattr(item, "failed", False) or report.failed
    return report


@pytest.fixture(scope="session")
def browser():
    if chromium() is None:
        if os.environ.get("TERRASCOPE_REQUIRE_BROWSER"):
            pytest.fail("Chromium is not installed: apt-get install chromium")
        pytest.skip("Chromium is not installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    running = Lab(folder, tmp_path_factory.mktemp("workspace"))
    yield running
    running.stop()


@pytest.fixture
def open_book(lab, browser, request):
    """Write and open a notebook; what the page itself complains about fails the test."""
    pages = []

    def opened(*cells, run=True, size=(1280, 1000), **context):
        name = f"{request.node.name.replace('[', '-').replace(']', '')}-{len(pages)}.ipynb"
        lab.write(name, *cells)
        page = browser.new_page(viewport={"width": size[0], "height": size[1]}, **context)
        page.set_default_timeout(30_000)
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        pages.append(page)
        book = Book(lab, page, name)
        if run:
            book.run_all()
        return book

    yield opened
    for number, page in enumerate(pages):
        if getattr(request.node, "failed", False):
            SHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SHOTS / f"failed-{request.node.name}-{number}.png")
        page.close()


@pytest.fixture
def shoot(request):
    """Write a screenshot that a person looks at."""

    def write(page, name):
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png")

    return write
