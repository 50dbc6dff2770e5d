"""The pages of docs/ that `test_documentation` cannot judge alone.

The handlers of docs/how-to/embed.md are cut out of the page and run in their frameworks, over HTTP
on the loopback interface.  Then come the tables and lists of the reference, which have to name all
that there is.  `python -m tests.test_how_to` writes the table of codes into its page.
"""

import dataclasses
import inspect
import json
import re
import socket
import threading
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import uvicorn
from werkzeug.serving import make_server

import patchwright
from patchwright.formats import FORMATS
from patchwright.problems import APPLICATION, CODES, FORM, READING, RULES, Code
from tests.test_documentation import FENCE, PAGES, ROOT, blocks_of

DOCS = ROOT / "docs"
EMBED = DOCS / "how-to" / "embed.md"
PROBLEMS = DOCS / "reference" / "problems.md"

MERGE_PATCH = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"


# --- The handlers of docs/how-to/embed.md --------------------------------------------------------

PYTHON = [block.text for block in blocks_of(EMBED) if block.language == "python"]
HANDLERS = {"fastapi": "FastAPI()", "flask": "Flask(__name__)"}


def handler_of(framework: str) -> str:
    """The block of the page that makes this framework's application."""
    (block,) = (text for text in PYTHON if HANDLERS[framework] in text)
    return block


class Answer(NamedTuple):
    """A response."""

    status: int
    headers: Message  # looks names up without case
    body: bytes

    @property
    def value(self) -> Any:
        """The body as a JSON value."""
        return json.loads(self.body)

    @property
    def codes(self) -> list[str]:
        """The codes of the problems in the body."""
        return [error["code"] for error in self.value["errors"]]


class Server:
    """One of the page's handlers behind a port of its own, with a client for it."""

    def __init__(self, port: int, page: dict[str, Any]) -> None:
        self.port = port
        self.page = page
        # No proxy stands between a test and the loopback interface.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def send(self, method: str, key: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to one request."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/notes/{key}", body, dict(headers), method=method
        )
        try:
            response = self._opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return Answer(response.status, response.headers, response.read())

    def patch(self, body: object, key: str = "n1", **headers: str) -> Answer:
        """The answer to a merge patch."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send(
            "PATCH", key, {"Content-Type": MERGE_PATCH, **names}, json.dumps(body).encode()
        )


@contextmanager
def served_by_uvicorn(application: Any) -> Iterator[int]:
    """An ASGI application on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(application, log_level="warning", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


@contextmanager
def served_by_werkzeug(application: Any) -> Iterator[int]:
    """A WSGI application on a free port."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=HANDLERS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server with the page's handler for one framework, and one note in its store."""
    page: dict[str, Any] = {"__name__": "page"}
    for block in (PYTHON[0], handler_of(request.param)):
        exec(compile(block, str(EMBED), "exec"), page)  # noqa: S102 - our own documentation
    page["STORE"].create("n1", {"title": "One", "tags": {}, "version": 1})
    served = (
        served_by_uvicorn(page["api"])
        if request.param == "fastapi"
        else served_by_werkzeug(page["app"])
    )
    with served as port:
        yield Server(port, page)


@pytest.mark.parametrize("framework", HANDLERS)
def test_a_handler_is_short(framework: str) -> None:
    """Nobody needs more than 40 lines."""
    assert len(handler_of(framework).splitlines()) <= 40


def test_an_update_is_accepted_and_stored(server: Server) -> None:
    """The answer is the new note with its entity tag, and the next update starts from it."""
    answer = server.patch({"title": "Two"})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["ETag"] == '"2"'
    assert answer.value == {"title": "Two", "tags": {}, "version": 2}
    assert server.patch({"tags": {"a": "b"}}, If_Match='"2"').value == {
        "title": "Two",
        "tags": {"a": "b"},
        "version": 3,
    }


def test_every_format_that_is_declared_is_accepted(server: Server) -> None:
    """JSON Patch and a whole document reach the library as they were sent."""
    operations = b'[{"op": "add", "path": "/tags/a", "value": "b"}]'
    answer = server.send("PATCH", "n1", {"Content-Type": JSON_PATCH}, operations)
    assert (answer.status, answer.value["tags"]) == (200, {"a": "b"})
    answer = server.send("PUT", "n1", {"Content-Type": "application/json"}, b'{"title": "Whole"}')
    assert (answer.status, answer.value) == (200, {"title": "Whole", "version": 3})


def test_an_update_without_a_change_stores_nothing(server: Server) -> None:
    """The entity tag stays."""
    answer = server.patch({"title": "One"})
    assert (answer.status, answer.headers["ETag"]) == (200, '"1"')


def test_a_stale_entity_tag_is_refused(server: Server) -> None:
    """412, and the note is as it was."""
    assert server.patch({"title": "Two"}).status == 200
    answer = server.patch({"title": "Three"}, If_Match='"1"')
    assert (answer.status, answer.codes) == (412, ["precondition_failed"])
    assert server.page["STORE"].load("n1")["title"] == "Two"


@pytest.mark.parametrize(
    ("content_type", "body", "status", "codes"),
    [
        ("text/plain", b"{}", 415, ["media_type"]),
        (MERGE_PATCH, b'{"title": "', 400, ["syntax"]),
        (MERGE_PATCH, b'{"title": "a", "title": "b"}', 400, ["duplicate_member"]),
        (MERGE_PATCH, b"\xff", 400, ["encoding"]),
        (MERGE_PATCH, b"", 400, ["body_missing"]),
        (MERGE_PATCH, b'{"title": 1, "version": 9}', 422, ["type", "read_only"]),
        (JSON_PATCH, b'[{"op": "test", "path": "/title", "value": ""}]', 409, ["test_failed"]),
    ],
)
def test_a_bad_request_is_rejected(
    server: Server, content_type: str, body: bytes, status: int, codes: list[str]
) -> None:
    """Status, headers and body of the rejection go out, and nothing is stored."""
    answer = server.send("PATCH", "n1", {"Content-Type": content_type}, body)
    assert (answer.status, answer.codes) == (status, codes)
    assert answer.headers["Content-Type"] == "application/problem+json"
    if status == 415:
        assert answer.headers["Accept-Patch"] == f"{MERGE_PATCH}, {JSON_PATCH}"
    assert server.page["STORE"].load("n1") == {"title": "One", "tags": {}, "version": 1}


def test_an_unknown_note_is_not_found(server: Server) -> None:
    """404 for a good request, and still 400 for one that cannot be read."""
    answer = server.patch({"title": "Two"}, key="n2")
    assert (answer.status, answer.codes) == (404, ["not_found"])
    assert server.send("PATCH", "n2", {"Content-Type": MERGE_PATCH}, b"{").status == 400


def meeting(load: Callable[[str], Any], writers: int) -> Callable[[str], Any]:
    """A `load` whose first callers all read before any of them goes on."""
    barrier = threading.Barrier(writers)
    callers = iter(range(writers))

    def loaded(key: str) -> Any:
        note = load(key)
        if next(callers, None) is not None:
            barrier.wait(timeout=30)
        return note

    return loaded


@pytest.mark.parametrize(
    ("headers", "statuses", "tags"),
    [
        ({}, [200, 200], [{"a": "1", "b": "2"}]),
        ({"If_Match": '"1"'}, [200, 412], [{"a": "1"}, {"b": "2"}]),
    ],
)
def test_two_writers_do_not_overwrite_each_other(
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
    statuses: list[int],
    tags: list[dict[str, str]],
) -> None:
    """Both read the same version; the slower is applied anew, or refused if it named that one."""
    store = server.page["STORE"]
    monkeypatch.setattr(store, "load", meeting(store.load, 2))
    with ThreadPoolExecutor(2) as pool:
        bodies = [{"tags": {"a": "1"}}, {"tags": {"b": "2"}}]
        answers = list(pool.map(lambda body: server.patch(body, **headers), bodies))
    assert sorted(answer.status for answer in answers) == statuses
    note = store.load("n1")
    assert note["tags"] in tags
    assert note["version"] == 1 + statuses.count(200)


def test_a_note_that_is_always_written_is_a_conflict(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some attempts the handler gives up with 409."""
    versions: list[int] = []

    def swap(key: str, version: int, note: object) -> bool:
        versions.append(version)
        return False

    monkeypatch.setattr(server.page["STORE"], "swap", swap)
    assert server.patch({"title": "Two"}).status == 409
    assert versions == [1] * server.page["ATTEMPTS"]


# --- What the reference has to name --------------------------------------------------------------

STAGES: Mapping[str, tuple[Code, ...]] = {
    "reading": READING,
    "form": FORM,
    "application": APPLICATION,
    "rules": RULES,
}
TABLE = re.compile(r"(?<=<!-- codes -->\n\n)(?:\|.*\n)+")


def table_of_codes() -> str:
    """The table of docs/reference/problems.md."""
    lines = ["| Code | Status | Stage | Sentence |", "| --- | --- | --- | --- |"]
    for code, (status, sentence) in CODES.items():
        stage = next((name for name, codes in STAGES.items() if code in codes), "request")
        lines.append(f"| `{code}` | {status} | {stage} | {sentence} |")
    return "".join(f"{line}\n" for line in lines)


def test_the_table_of_codes_is_that_of_the_library() -> None:
    """Code, status and sentence of each; `python -m tests.test_how_to` mends the page."""
    match = TABLE.search(PROBLEMS.read_text(encoding="utf-8"))
    assert match is not None
    assert match.group() == table_of_codes()


def parameters(function: Callable[..., object]) -> list[str]:
    """The names that a caller can give."""
    return [name for name in inspect.signature(function).parameters if name != "self"]


def members(kind: type) -> list[str]:
    """The public attributes and methods of a class."""
    return [name for name in dir(kind) if not name.startswith("_")]


def own_members(kind: type, base: type) -> list[str]:
    """The public attributes and methods that a class does not have from its base."""
    return [name for name in members(kind) if name not in members(base)]


NAMED: Mapping[str, list[str]] = {
    "reference/resource.md": [
        *parameters(patchwright.Resource),
        *parameters(patchwright.Resource.update),
        *parameters(patchwright.Plan.apply),
        *parameters(patchwright.Accept),
        *parameters(patchwright.Access),
        *parameters(patchwright.Caller),
        *members(patchwright.Accepted),
        *members(patchwright.Rejected),
        *(format_.name for format_ in patchwright.Format),
        "Parsed",
        "ABSENT",
        "Change",
    ],
    "reference/fields.md": [
        *parameters(patchwright.Field),
        *parameters(patchwright.Lifecycle),
        *parameters(patchwright.When),
        *(mutability.value for mutability in patchwright.Mutability),
        "Now",
        "Increment",
    ],
    "reference/problems.md": [
        *patchwright.Problem.__match_args__,
        *own_members(patchwright.PatchError, ValueError),
        *own_members(patchwright.RuleError, ValueError),
    ],
    "reference/rfc-tools.md": [
        *members(patchwright.Pointer),
        *members(patchwright.JsonPatch),
        *members(patchwright.MergePatch),
    ],
    "reference/formats.md": list(FORMATS),
}


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def named_in(*pages: Path) -> set[str]:
    """Every name that stands in the prose of these pages as code."""
    spans = [span for page in pages for span in re.findall(r"`([^`\n]+)`", prose(page))]
    return {name for span in spans for name in re.findall(r"[\w-]+", span)}


@pytest.mark.parametrize("page", NAMED)
def test_the_reference_names_all_there_is(page: str) -> None:
    """What is public has its place on its page."""
    named = named_in(DOCS / page)
    assert [name for name in NAMED[page] if name not in named] == []


def test_every_public_name_is_in_the_reference() -> None:
    """Nothing is exported without a word about it."""
    named = named_in(*DOCS.glob("reference/*.md"))
    assert [name for name in patchwright.__all__ if name not in named] == []


@pytest.mark.parametrize("limit", dataclasses.fields(patchwright.Limits), ids=lambda f: f.name)
def test_the_reference_has_each_limit(limit: "dataclasses.Field[int]") -> None:
    """With its default."""
    row = f"\n| `{limit.name}` | {limit.default:,} | "
    assert row in (DOCS / "reference" / "limits.md").read_text(encoding="utf-8")


def test_every_dependency_is_argued() -> None:
    """The page on dependencies has each that pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    for extra in project["project"]["optional-dependencies"].values():
        asked += extra
    names = {re.split(r"[^A-Za-z0-9_-]", requirement)[0] for requirement in asked}
    argued = named_in(DOCS / "explanation" / "dependencies.md")
    assert sorted(names - argued - {"patchwright"}) == []


LINK = re.compile(r"\]\((?P<target>[^)#:]*)(?:#(?P<anchor>[^)]*))?\)")


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to another page finds it, and its heading."""
    lost = []
    for match in LINK.finditer(prose(page)):
        target = (page.parent / match["target"]).resolve() if match["target"] else page
        if not target.is_file() or (match["anchor"] and match["anchor"] not in anchors(target)):
            lost.append(match.group())
    assert lost == []


def test_every_page_is_in_the_index() -> None:
    """Readers who start at the index find all there is."""
    index = DOCS / "index.md"
    linked = {
        (index.parent / match["target"]).resolve()
        for match in LINK.finditer(prose(index))
        if match["target"]
    }
    assert [page for page in PAGES if page.parent != ROOT and page not in {*linked, index}] == []


if __name__ == "__main__":
    TEXT = PROBLEMS.read_text(encoding="utf-8")
    PROBLEMS.write_text(TABLE.sub(lambda _: table_of_codes(), TEXT), encoding="utf-8")
