"""The page on choosing scenes prints what it says."""

import contextlib
import io
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "choosing-scenes.md"


def runs(text):
    """Return what every block of code says it prints, and what it prints."""
    names = {}
    for code, said in re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", text, re.DOTALL):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, PAGE.name, "exec"), names)  # our own page
        yield said, out.getvalue()


def test_the_page_prints_what_it_says():
    text = PAGE.read_text()
    done = list(runs(text))
    assert len(done) == text.count("```python")
    for said, printed in done:
        assert printed == said
