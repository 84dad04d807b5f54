"""A STAC API on loopback that answers as it is told to, or with recorded answers of the public ones.

    with StubApi(conforms=("FILTER",), answer=lambda body, number: {"features": [...]}) as api:
        search(..., catalog=api.url)
        assert api.bodies[0]["limit"] == 100

    with RecordedApi("earth-search") as api: ...

Needs the marker `enable_socket`.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

RECORDED = Path(__file__).parent / "data" / "stac-api"
_API = "https://api.stacspec.org/v1.0.0"
_ABILITIES = {
    "FILTER": [f"{_API}/item-search#filter", "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json"],
    "QUERY": [f"{_API}/item-search#query"],
    "SORT": [f"{_API}/item-search#sort"],
}


class StubApi:
    """Serves a landing page, searches and queryables, and remembers every request.

    `answer(body, number)` gets the parameters of a search and how many came before, and returns a page, or a status and
    a text. `queryables` maps a path behind the root, such as "queryables", to property names.
    """

    def __init__(self, *, answer, conforms=(), methods=("GET", "POST"), queryables=None, landing=None):
        self.answer, self.methods, self.landing = answer, methods, landing
        self.conforms = [f"{_API}/core", f"{_API}/item-search", *(c for a in conforms for c in _ABILITIES[a])]
        self.queryables = queryables or {}
        self.bodies, self.paths = [], []

    def root(self):
        if self.landing is not None:
            return self.landing
        links = [{"rel": r, "href": self.url, "type": "application/json"} for r in ("self", "root")]
        links += [
            {"rel": "search", "href": f"{self.url}/search", "type": "application/geo+json", "method": m}
            for m in self.methods
        ]
        links.append({"rel": "data", "href": f"{self.url}/collections", "type": "application/json"})
        if self.queryables:
            rel = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
            links.append({"rel": rel, "href": f"{self.url}/queryables", "type": "application/schema+json"})
        return {
            "type": "Catalog", "id": "stub", "description": "stub", "stac_version": "1.0.0",
            "conformsTo": self.conforms, "links": links,
        }  # fmt: skip

    def respond(self, method, path, body):
        """Return status and document (or text) of one request."""
        self.paths.append(path)
        if path.strip("/") == "":
            return 200, self.root()
        if path.strip("/") == "search":
            self.bodies.append(body)
            given = self.answer(body, len(self.bodies) - 1)
            status, document = given if isinstance(given, tuple) else (200, given)
            return status, document if isinstance(document, str) else {
                "type": "FeatureCollection",
                "links": [],
            } | document
        names = self.queryables.get(path.strip("/"))
        return (404, "no such page") if names is None else (200, {"properties": {n: {} for n in names}})

    def __enter__(self):
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                self.reply("GET", parts.path, dict(parse_qsl(parts.query)))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                self.reply("POST", urlsplit(self.path).path, json.loads(body))

            def reply(self, method, path, body):
                status, document = stub.respond(method, path, body)
                data = (document if isinstance(document, str) else json.dumps(document)).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(data)))
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class RecordedApi(StubApi):
    """Replays one provider: a search gets the recorded answer of the recorded request that is most like it."""

    def __init__(self, provider):
        super().__init__(answer=self.replay)
        index = json.loads((RECORDED / "index.json").read_text())
        self.recorded = [e for e in index if e["file"].startswith(provider)]
        self.base = next(e["url"] for e in self.recorded if e["file"].endswith("_root.json")).rstrip("/")
        self.searches = [e for e in self.recorded if "_search_" in e["file"]]

    def read(self, entry):
        text = (RECORDED / entry["file"]).read_text()
        return json.loads(text.replace(self.base, self.url))

    def root(self):
        return self.read(next(e for e in self.recorded if e["file"].endswith("_root.json")))

    def replay(self, body, number):
        def likeness(entry):
            recorded = entry["body"]
            same = sum(recorded.get(k) == body.get(k) for k in ("next", "token"))
            return same, sorted(recorded.get("collections") or []) == sorted(body.get("collections") or [])

        return self.read(max(self.searches, key=likeness))
