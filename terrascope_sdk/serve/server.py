"""A reasoner behind HTTP: token-authenticated, one question at a time, steps streamed as they come.

    GET  /v1/name                                    {"name"}
    POST /v1/stacks        an ImageStack document    {"id"}
    POST /v1/unseen        {"stack", "request"}      {"reason"}
    POST /v1/ground        {"stack", "request"}      a line {"step"} each, then {"end"} or {"error"}
    POST /v1/reason        {"stack", "question"}     the same

Stacks are kept by their content's id, a few at a time. Requests are not logged; an
unexpected failure is, with its traceback.
"""

import hmac
import json
import logging
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from terrascope_sdk.errors import InputError, TerraScopeError, UnknownStack
from terrascope_sdk.serve.wire import END, error_document, read_request, step_line
from terrascope_sdk.types.chain import Step
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.protocols import Reasoner
from terrascope_sdk.types.stack import ImageStack

__all__ = ["LEAST_TOKEN", "ReasonerService", "serve_reasoner"]

LEAST_TOKEN = 16
"""Shortest token that is accepted, characters."""

_log = logging.getLogger(__name__)
_FAILED = {"error": {"type": "ServiceError", "message": "The server failed; its log says why.", "hint": ""}}


class ReasonerService:
    """Answers for one reasoner."""

    def __init__(self, reasoner: Reasoner, *, token: str, max_bytes: int = 1 << 30, max_stacks: int = 8) -> None:
        """Wrap a reasoner.

        Args:
            reasoner: What answers.
            token: Who sends it may ask; at least 16 characters.
            max_bytes: Largest body of a request, bytes.
            max_stacks: How many stacks are kept; the one that was used longest ago goes first.

        Raises:
            InputError: The token is too short.
        """
        if len(token) < LEAST_TOKEN:
            raise InputError(f"A token needs at least {LEAST_TOKEN} characters.")
        self._reasoner, self._token, self._max_bytes, self._max_stacks = reasoner, token, max_bytes, max_stacks
        self._stacks: OrderedDict[str, ImageStack] = OrderedDict()
        self._one_at_a_time, self._stacks_lock = threading.Lock(), threading.Lock()

    def app(self) -> Starlette:
        """Return the application."""
        routes = {
            ("/v1/name", "GET"): self._name, ("/v1/stacks", "POST"): self._keep, ("/v1/unseen", "POST"): self._unseen,
            ("/v1/ground", "POST"): self._ground, ("/v1/reason", "POST"): self._reason,
        }  # fmt: skip
        return Starlette(routes=[Route(p, self._guarded(f), methods=[m]) for (p, m), f in routes.items()])

    def _guarded(self, answer: Callable[[JsonValue], Response]) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            sent = request.headers.get("authorization", "")
            if not hmac.compare_digest(sent.encode(), f"Bearer {self._token}".encode()):
                return JSONResponse(error_document(InputError("The token is missing or wrong.")), status_code=401)
            body = bytearray()
            async for piece in request.stream():
                body += piece
                if len(body) > self._max_bytes:
                    told = InputError(f"The request is larger than {self._max_bytes} bytes.", hint="Send fewer dates.")
                    return JSONResponse(error_document(told), status_code=413)
            try:
                document = json.loads(bytes(body)) if body else None
                return await run_in_threadpool(answer, document)
            except UnknownStack as err:
                return JSONResponse(error_document(err), status_code=404)
            except TerraScopeError as err:
                return JSONResponse(error_document(err), status_code=400)
            except (KeyError, TypeError, ValueError) as err:
                told = InputError(f"Not a readable request: {type(err).__name__}.")
                return JSONResponse(error_document(told), status_code=400)

        return guarded

    def _name(self, _: JsonValue) -> Response:
        return JSONResponse({"name": self._reasoner.name})

    def _keep(self, document: JsonValue) -> Response:
        if not isinstance(document, dict):
            raise InputError("A stack is a JSON object.")
        stack = ImageStack.from_json(document)
        with self._stacks_lock:
            self._stacks[stack.id] = stack
            self._stacks.move_to_end(stack.id)
            while len(self._stacks) > self._max_stacks:
                self._stacks.popitem(last=False)
        return JSONResponse({"id": stack.id})

    def _stack(self, document: JsonValue) -> ImageStack:
        with self._stacks_lock:
            found = self._stacks.get(str(document["stack"]))
            if found is None:
                raise UnknownStack("The server does not hold this stack.", hint="Send it first.")
            self._stacks.move_to_end(found.id)
            return found

    def _unseen(self, document: JsonValue) -> Response:
        stack, request = self._stack(document), read_request(document["request"])
        with self._one_at_a_time:
            return JSONResponse({"reason": self._reasoner.unseen(stack, request)})

    def _ground(self, document: JsonValue) -> Response:
        stack, request = self._stack(document), read_request(document["request"])
        return self._streamed(lambda: self._reasoner.ground(stack, request))

    def _reason(self, document: JsonValue) -> Response:
        stack, question = self._stack(document), document["question"]
        if not isinstance(question, str):
            raise InputError("A question is a text.")
        stream = getattr(self._reasoner, "stream", None)
        if stream is not None:
            return self._streamed(lambda: stream(stack, question))
        return self._streamed(lambda: iter(self._reasoner.reason(stack, question).steps))

    def _streamed(self, steps: Callable[[], Iterator[Step]]) -> Response:
        def lines() -> Generator[str, None, None]:
            try:
                with self._one_at_a_time:
                    for step in steps():
                        yield step_line(step)
            except TerraScopeError as err:
                yield json.dumps(error_document(err)) + "\n"
            except Exception:  # noqa: BLE001  (logged with its traceback; the client is told that it failed)
                _log.exception("A question failed.")
                yield json.dumps(_FAILED) + "\n"
            else:
                yield END

        async def closed_in_any_case() -> AsyncIterator[str]:
            """Yield the lines; a client that went away must not leave the reasoner locked."""
            made = lines()
            try:
                async for line in iterate_in_threadpool(made):
                    yield line
            finally:
                with anyio.CancelScope(shield=True):
                    await run_in_threadpool(made.close)

        return StreamingResponse(closed_in_any_case(), media_type="application/x-ndjson")


def serve_reasoner(reasoner: Reasoner, *, token: str, host: str = "127.0.0.1", port: int = 8765) -> None:
    """Serve a reasoner until interrupted.

    Args:
        reasoner: What answers.
        token: Who sends it may ask.
        host: Address to listen on; other machines can reach it only where this is not the loopback.
        port: Port to listen on.

    Raises:
        InputError: The token is too short.
    """
    app = ReasonerService(reasoner, token=token).app()
    uvicorn.run(app, host=host, port=port, access_log=False, log_level="warning", server_header=False)
