"""Markers that langchain-tests puts on suites of its own; ours do not use them."""


def pytest_configure(config):
    config.addinivalue_line("markers", "benchmark: of langchain-tests, on suites that do not run here")
    config.addinivalue_line("markers", "vcr: of langchain-tests, on suites that do not run here")
