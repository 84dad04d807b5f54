"""A server for the tests, as a process over stdio: ``python -m tests.mcp.served FOLDER``; and its slow reasoner."""

import sys
import time
from pathlib import Path

from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.plan.tool_calls import Toolbox


class Slow(IndexReasoner):
    """Looks for vegetation in a hundred slow steps, and says in a file that it began; water is quick."""

    def __init__(self, folder):
        super().__init__()
        self.folder = Path(folder)

    def ground(self, stack, request):
        from terrascope_sdk.types import Step

        if request.concept == "vegetation":
            (self.folder / "began").touch()
            for i in range(100):
                time.sleep(0.1)
                yield Step("text", f"slow step {i}")
            (self.folder / "ended").touch()
        if request.concept == "forest":
            raise KeyError("secret of the inside")
        yield from super().ground(stack, request)


def toolbox(folder):
    return Toolbox(workspace=folder, reasoner=Slow(folder))


if __name__ == "__main__":
    from terrascope_sdk.mcp.transports import serve_stdio

    serve_stdio(toolbox(sys.argv[1]))
