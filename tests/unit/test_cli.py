"""The command line, in this process and, where the process itself matters, in another."""

import builtins
import errno
import io
import json
import os
import runpy
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_type_hints

import pytest

from patchwright import Field, Limits, Resource
from patchwright.cli import arguments, commands, main, output
from patchwright.cli.samples import SAMPLES, Sample
from patchwright.describe import outline
from patchwright.resource import Verdict
from tests.unit.cli_golden import COMMANDS, DIRECTORY

SECRET = "s3cr3t"  # noqa: S105 - it has to look like one
DEEP = 100_000


class Result(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON value on standard output."""
        return json.loads(self.out)


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty directory, on files that the keyword arguments hold."""
    monkeypatch.chdir(tmp_path)

    def command(*argv: str, stdin: bytes | None = None, **files: Any) -> Result:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            (tmp_path / name).write_bytes(data)
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = main(argv)
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        for line in captured.err.splitlines():
            assert len(line) <= 300
        return Result(status, captured.out, captured.err)

    return command


STORED: dict[str, Any] = {sample.profile: sample.stored for sample in SAMPLES}
AUTH = {
    "carrierx": ["--auth", "scopes=batch.update"],
    "spaaza": ["--auth", "kind=privileged", "--auth", "tenant=1764"],
    "cloudfoundry": ["--auth", "scopes=cloud_controller.admin"],
    "sailpoint": [
        *("--auth", "kind=user", "--auth", "roles=ORG_ADMIN"),
        *("--auth", "scopes=idn:task-management:write"),
    ],
}


# --- What it prints ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_golden(run: Run, name: str) -> None:
    """The demonstration and the descriptions are as they were (tests/unit/cli_golden)."""
    result = run(*COMMANDS[name])
    assert result == (0, (DIRECTORY / name).read_text(encoding="utf-8"), "")


def test_the_demonstration_fits_a_terminal(run: Run) -> None:
    """It has no line longer than 80 columns, and nothing that only some terminals show."""
    text = run("demo").out
    assert max(map(len, text.splitlines())) <= 80
    assert text.isascii()


def test_a_text_that_is_wider_than_the_terminal_is_folded() -> None:
    """At its spaces, and what holds it is broken first; short arrays stay on their line."""
    demo = import_module("patchwright.cli.demo")
    value = {"a": ["word " * 20], "b": [1, {}]}
    assert list(demo._json(value, "  ", "x: ", ",")) == [
        "  x: {",
        '    "a": [',
        '      "word word word word word word word word word word word word word word',
        '          word word word word word word "',
        "    ],",
        '    "b": [1, {}]',
        "  },",
    ]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.profile)
def test_every_sample_can_be_typed(run: Run, sample: Sample) -> None:
    """The demonstration's documented request gives the same answer as an `update`."""
    (shown,) = [s for s in run("demo", "--json").json if s["profile"] == sample.profile]
    result = run(
        *("update", sample.profile, "document", "body", "--now", sample.now),
        *AUTH[sample.profile],
        document=sample.stored,
        body=sample.request.body,
    )
    assert (result.status, result.json) == (0, shown["document"])


def test_description_as_json(run: Run) -> None:
    """Machines get the sections of the outline, of the profile with its options."""
    result = run("describe", "sailpoint", "--json", "--option", "status_style=upper")
    assert result.status == 0
    assert result.out.count("\n") == 1
    resource = arguments.PROFILES["sailpoint"](status_style="upper")
    assert [s["title"] for s in result.json["sections"]] == [s.title for s in outline(resource)]
    assert "SUCCESS" in result.out


@pytest.mark.parametrize("command", ["", *["demo", "update", "patch", "merge", "diff", "describe"]])
def test_help_has_an_example(run: Run, command: str) -> None:
    """Every command's help ends with one, and exit status 0."""
    result = run(*command.split(), "--help")
    assert result.status == 0
    assert (
        f"Example:\n  {'echo ' if command in {'patch', 'merge'} else 'patchwright '}" in result.out
    )


def test_version(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the installed package; from a source tree that is not installed there is none."""
    assert run("--version") == (0, f"patchwright {metadata.version('patchwright')}\n", "")

    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert run("--version") == (0, "patchwright (not installed)\n", "")


# --- update --------------------------------------------------------------------------------------


def update(run: Run, *options: str, profile: str = "carrierx", **files: Any) -> Result:
    """An update of the sample task of a profile, by a caller who may."""
    files = {"document": STORED[profile], **files}
    return run("update", profile, "document", "body", *AUTH[profile], *options, **files)


def test_update_accepted(run: Run) -> None:
    """The new document, readable, and on standard error what changed."""
    result = update(run, "--now", "2024-10-30T20:51:23.189Z", body={"status": "approved"})
    new = {**STORED["carrierx"], "status": "approved", "date_modified": "2024-10-30T20:51:23.189Z"}
    assert result == (
        0,
        json.dumps(new, indent=2) + "\n",
        "accepted: 200, changed: /status, /date_modified\n",
    )


def test_update_that_changes_nothing(run: Run) -> None:
    """It is accepted, and says so."""
    result = update(run, body={})
    assert (result.status, result.err) == (0, "accepted: 200, nothing changed\n")
    assert result.json == STORED["carrierx"]


def test_update_rejected(run: Run) -> None:
    """The system's own answer, and a line for each problem: code, place, sentence."""
    result = update(run, body={"status": "completed", "success": 1})
    assert result.status == 1
    assert result.json["message"] == "object validation error"
    head, *problems = result.err.splitlines()
    assert head == "rejected: 422"
    assert [line.partition(":")[0] for line in problems] == [
        "  transition at '/status'",
        "  read_only at '/success'",
    ]


def test_update_as_json(run: Run) -> None:
    """Everything about the verdict on one line, and no value of the document beside it."""
    options = ("--json", "--now", "2026-01-01T00:00:00+01:00")
    result = update(run, *options, body={"desc": "new"}, profile="spaaza")
    assert (result.status, result.err, result.out.count("\n")) == (0, "", 1)
    verdict = result.json
    assert verdict["document"]["state"]["last_modified"] == "2025-12-31T23:00:00Z"
    assert set(verdict["headers"]) == {"Content-Type"}
    assert verdict["etag"].startswith('"')
    assert (verdict["accepted"], verdict["status"], verdict["notes"]) == (True, 200, [])
    assert {change["change"] for change in verdict["changes"]} == {"replaced"}
    pointers = {change["pointer"] for change in verdict["changes"]}
    assert pointers == {"/desc", "/version", "/state/last_modified"}


def test_what_happened_to_each_place_as_json(run: Run) -> None:
    """Added, removed or replaced."""
    document = {**STORED["cloudfoundry"], "metadata": {"labels": {"a": "1", "b": "2"}}}
    body = {"metadata": {"labels": {"a": None, "b": "3", "c": "4"}}}
    result = update(run, "--json", profile="cloudfoundry", document=document, body=body)
    changes = {change["pointer"][-1]: change["change"] for change in result.json["changes"]}
    assert changes == {"a": "removed", "b": "replaced", "c": "added"}


def test_rejected_as_json(run: Run) -> None:
    """Problems with all their parts, and the system's own answer with its headers."""
    result = update(run, "--json", body={"status": "completed"})
    assert (result.status, result.err) == (1, "")
    (problem,) = result.json["problems"]
    assert problem == {
        "code": "transition",
        "pointer": "/status",
        "detail": problem["detail"],
        "params": {
            "from": "pending_review",
            "to": "completed",
            "allowed": ["approved", "cancelled"],
        },
        "operation": None,
        "source": "/status",
    }
    assert result.json["status"] == 422
    assert result.json["headers"] == {"Content-Type": "application/json"}
    assert result.json["body"]["message"] == "object validation error"


def test_notes(run: Run) -> None:
    """What a system accepts with a note is accepted, and the note is told."""
    document = {**STORED["spaaza"], "state": {**STORED["spaaza"]["state"], "code": "DONE"}}
    options = ("--option", "started=note")
    parts: dict[str, Any] = {"profile": "spaaza", "document": document, "body": {"desc": "new"}}
    result = update(run, *options, **parts)
    assert result.status == 0
    assert "\n  state:" in result.err
    as_json = update(run, *options, "--json", **parts)
    assert [note["code"] for note in as_json.json["notes"]] == ["state"]


def test_nobody_calls(run: Run) -> None:
    """Without --auth a system that asks for a caller refuses, and the remedy is named."""
    result = run(*("update", "carrierx", "document", "body"), document=STORED["carrierx"], body={})
    assert (result.status, result.json) == (1, {"message": "Unauthorized"})
    assert "--auth" in result.err


def test_nobody_is_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is asked of the caller, there is no talk of it."""
    resource = Resource("open", fields={})
    monkeypatch.setattr(arguments, "PROFILES", {"carrierx": lambda: resource})
    for stored, body in (({}, b""), (None, b"{}")):
        result = run("update", "carrierx", "document", "body", document=stored, body=body)
        assert result.status == 1
        assert "--auth" not in result.err


@pytest.mark.parametrize(
    ("profile", "options", "method", "media_type"),
    [
        ("carrierx", [], "PATCH", "application/json"),
        ("carrierx", ["--method", "put"], "PUT", "application/json"),
        ("carrierx", ["--method", "DELETE"], "DELETE", "application/json"),
        ("carrierx", ["--content-type", "text/plain"], "PATCH", "text/plain"),
        ("carrierx", ["--content-type", ""], "PATCH", None),
        ("carrierx", ["--header", "Content-Type=text/plain"], "PATCH", "text/plain"),
        ("spaaza", [], "PUT", "application/json"),
        ("sailpoint", [], "PATCH", "application/json-patch+json"),
        ("sailpoint", ["--method", "PATCH"], "PATCH", "application/json-patch+json"),
    ],
)
def test_the_request_line(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    profile: str,
    options: list[str],
    method: str,
    media_type: str | None,
) -> None:
    """What is not given is that of the first request that fits what is given."""
    seen: list[tuple[str, str | None]] = []
    judge = Resource.update

    def watched(
        self: Resource, document: Any, method: str, headers: Any, *rest: Any, **more: Any
    ) -> Verdict:
        seen.append((method, headers.get("content-type")))
        return judge(self, document, method, headers, *rest, **more)

    monkeypatch.setattr(Resource, "update", watched)
    run("update", profile, "document", "body", *options, document={}, body={})
    assert seen == [(method, media_type)]


def test_a_media_type_of_another_method(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A media type that is given leads to the method that takes it."""
    resource = Resource("open", fields={"a": Field()})
    monkeypatch.setattr(arguments, "PROFILES", {"carrierx": lambda: resource})
    options = ("--content-type", "application/json")
    result = run("update", "carrierx", "document", "body", *options, document={}, body={"a": 1})
    assert (result.status, result.json) == (0, {"a": 1})


def test_headers_reach_the_resource(run: Run) -> None:
    """Preconditions hold or fail; a field that is given twice is a list."""
    etag = update(run, "--json", body={}).json["etag"]
    header = ("--header", f"If-Match={etag}")
    assert update(run, *header, body={}).status == 0
    assert update(run, "--header", 'If-Match="other"', *header, body={}).status == 0
    failed = update(run, "--header", 'if-match="other"', "--json", body={})
    assert [problem["code"] for problem in failed.json["problems"]] == ["precondition_failed"]


def test_required_header(run: Run) -> None:
    """An option can make the system ask for a header, which can be given."""
    option = ("--option", "experimental_header=true")
    assert update(run, *option, profile="sailpoint", body=[]).status == 1
    header = ("--header", "X-SailPoint-Experimental=true")
    assert update(run, *option, *header, profile="sailpoint", body=[]).status == 0


@pytest.mark.parametrize(
    ("profile", "auth", "status"),
    [
        ("carrierx", ["scopes=batch.read, batch.manage"], 200),
        ("carrierx", ["scopes=batch.read", "scopes=batch.manage"], 200),
        ("carrierx", ["scopes="], 403),
        ("carrierx", ["credentials=missing"], 401),
        ("carrierx", ["credentials=invalid", "scopes=batch.manage"], 401),
        ("spaaza", ["kind=privileged", "tenant=1764"], 200),
        ("spaaza", ["kind=privileged", 'tenant="1764"'], 404),
        ("spaaza", ["kind=admin", "tenant=1764", "access=true"], 200),
        ("spaaza", ["kind=admin", "tenant=1764", "access=false"], 403),
        ("spaaza", ["kind=admin", "tenant=1764", "access=yes"], 403),
        (
            "cloudfoundry",
            ["scopes=cloud_controller.write", "roles=space_developer", "org_status=active",
             "space_status=active"],
            200,
        ),
    ],
)  # fmt: skip
def test_who_calls(run: Run, profile: str, auth: list[str], status: int) -> None:
    """Credentials, kind, scopes, roles and tenant are known; all else is a fact."""
    options = [part for pair in auth for part in ("--auth", pair)]
    files = {"document": STORED[profile], "body": {}}
    result = run("update", profile, "document", "body", "--json", *options, **files)
    assert result.json["status"] == status


def test_a_document_that_is_not_there(run: Run) -> None:
    """A stored document of null is none: not found, and the reason is told."""
    result = update(run, document=None, body={})
    assert (result.status, result.err.splitlines()[0]) == (1, "rejected: 404")
    assert "null" in result.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("auth", "status"), [("tenant=1", 404), ("access=false", 403), ("credentials=invalid", 401)]
)
def test_a_caller_who_may_not(run: Run, auth: str, status: int) -> None:
    """Who runs the command is told that it is about the caller, and where to look."""
    options = ("--auth", "kind=privileged" if status == 404 else "kind=admin", "--auth", auth)
    files = {"document": STORED["spaaza"], "body": {}}
    result = run("update", "spaaza", "document", "body", *options, **files)
    head, *_, hint = result.err.splitlines()
    assert (result.status, head) == (1, f"rejected: {status}")
    assert "describe" in hint
    assert "null" not in hint


def test_standard_input(run: Run) -> None:
    """Either file can come from it."""
    body, stored = b'{"status":"approved"}', json.dumps(STORED["carrierx"]).encode()
    one = run("update", "carrierx", "document", "-", *AUTH["carrierx"],
              document=STORED["carrierx"], stdin=body)  # fmt: skip
    other = run("update", "carrierx", "-", "body", *AUTH["carrierx"], body=body, stdin=stored)
    assert (one.status, other.status) == (0, 0)


# --- The RFC tools -------------------------------------------------------------------------------


def test_patch(run: Run) -> None:
    """The new document, readable or in one line for machines."""
    files: dict[str, Any] = {"d": {"a": 1}, "p": [{"op": "add", "path": "/b", "value": [2]}]}
    text = '{\n  "a": 1,\n  "b": [\n    2\n  ]\n}\n'
    assert run("patch", "d", "p", **files) == (0, text, "")
    as_json = '{"accepted":true,"document":{"a":1,"b":[2]}}\n'
    assert run("patch", "d", "p", "--json", **files) == (0, as_json, "")


def test_patch_rejected(run: Run) -> None:
    """Nothing on standard output, and a line for each problem; all of it in JSON for machines."""
    files: dict[str, Any] = {"d": {}, "p": [{"op": "remove", "path": "/a"}]}
    result = run("patch", "d", "p", **files)
    assert (result.status, result.out) == (1, "")
    assert result.err.startswith("rejected:\n  target_missing at '/a' (operation 0): ")
    as_json = run("patch", "d", "p", "--json", **files)
    assert (as_json.status, as_json.err, as_json.json["accepted"]) == (1, "", False)
    assert [problem["pointer"] for problem in as_json.json["problems"]] == ["/a"]


def test_patch_that_is_none(run: Run) -> None:
    """An object, an operation without its members and an unknown one are named with their place."""
    assert run("patch", "d", "p", d={}, p={"op": "add"}).err.split()[3] == "body_type"
    result = run("patch", "d", "p", p=[{"op": "add", "path": "a"}, {"op": "zap"}, 1])
    assert (result.status, result.out) == (1, "")
    codes = [line.split()[0] for line in result.err.splitlines()[1:]]
    assert codes[-2:] == ["operation_unknown", "operation_type"]


def test_merge(run: Run) -> None:
    """Null removes."""
    result = run("merge", "d", "p", d={"a": 1, "b": 2}, p={"a": None, "c": {}})
    assert (result.status, result.json) == (0, {"b": 2, "c": {}})


def test_merge_rejected(run: Run) -> None:
    """A patch that is not JSON is refused with its place."""
    result = run("merge", "d", "p", d={}, p=b'{"a": 1, "a": 2}')
    assert (result.status, result.out) == (1, "")
    assert "duplicate_member at '/a'" in result.err


def test_diff(run: Run) -> None:
    """A JSON Patch, or on demand a merge patch; applied, each gives the new document."""
    old, new = {"a": [1, 2], "b": 1}, {"a": [1, 3, 2]}
    result = run("diff", "old", "new", old=old, new=new)
    assert result.json == [
        {"op": "remove", "path": "/b"},
        {"op": "add", "path": "/a/1", "value": 3},
    ]
    assert run("patch", "old", "p", p=result.out.encode()).json == new
    merge = run("diff", "old", "new", "--merge")
    assert merge.json == {"a": [1, 3, 2], "b": None}
    assert run("merge", "old", "p", p=merge.out.encode()).json == new
    assert run("diff", "old", "new", "--json").json == {"accepted": True, "patch": result.json}


def test_diff_that_no_merge_patch_can_say(run: Run) -> None:
    """It is rejected, with the place."""
    result = run("diff", "old", "new", "--merge", old={}, new={"a": None})
    assert result.status == 1
    assert "inexpressible at '/a'" in result.err


def test_a_diff_of_equal_documents_is_empty(run: Run) -> None:
    """An empty list, and an empty object."""
    assert run("diff", "d", "d", d={"a": 1}) == (0, "[]\n", "")
    assert run("diff", "d", "d", "--merge") == (0, "{}\n", "")


@pytest.mark.parametrize("command", ["patch", "merge", "diff"])
def test_only_one_file_from_standard_input(run: Run, command: str) -> None:
    """It can be read only once."""
    result = run(command, "-", "-")
    assert (result.status, result.out) == (2, "")
    assert "standard input" in result.err


# --- Mistakes ------------------------------------------------------------------------------------

CARRIERX = ["update", "carrierx", "document", "body"]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "COMMAND"),
        (["updat"], "'updat'"),
        (["update"], "PROFILE"),
        (["update", "carrier", "document", "body"], "'carrier'"),
        (["update", "carrierx", "document"], "BODY"),
        ([*CARRIERX, "more"], "more"),
        ([*CARRIERX, "--jso"], "--jso"),
        ([*CARRIERX, "--auth"], "--auth"),
        ([*CARRIERX, "--auth", "batch.update"], "NAME=VALUE"),
        ([*CARRIERX, "--header", "=x"], "NAME=VALUE"),
        ([*CARRIERX, "--now", "yesterday"], "2026-01-31T12:00:00Z"),
        ([*CARRIERX, "--now", "2024-10-30"], "2026-01-31T12:00:00Z"),
        ([*CARRIERX, "--now", "2016-12-31T23:59:60Z"], "2026-01-31T12:00:00Z"),
        ([*CARRIERX, "--now", "9999-12-31T23:59:59-01:00"], "2026-01-31T12:00:00Z"),
        ([*CARRIERX, "--auth", "credentials=good"], "valid, missing, invalid"),
        ([*CARRIERX, "--auth", "kind=a", "--auth", "kind=b"], "'kind' is given twice"),
        ([*CARRIERX, "--auth", "scops=a"], "'scops'"),
        ([*CARRIERX, "--auth", "access=true"], "credentials, kind, scopes, roles, tenant"),
        (["update", "spaaza", *CARRIERX[2:], "--auth", "acces=true"], "tenant, access"),
        (
            ["update", "spaaza", *CARRIERX[2:], "--auth", "access=1", "--auth", "access=1"],
            "'access' is given twice",
        ),
        (["demo", "extra"], "patchwright demo: unrecognized arguments: extra"),
        ([*CARRIERX, "--content-type", "a/b", "--header", "content-type=a/b"], "given twice"),
        ([*CARRIERX, "--option", "status=200"], "validation_status (a whole number)"),
        ([*CARRIERX, "--option", "validation_status=ok"], "a whole number"),
        ([*CARRIERX, "--option", "validation_status=true"], "a whole number"),
        (["describe", "sailpoint", "--option", "status_style=lower"], "seed or upper"),
        (["describe", "sailpoint", "--option", "reclassify=1"], "true or false"),
        (["describe", "sailpoint", "--option", "reclassify=[1]"], "true or false"),
        (["describe", "cloudfoundry", "--option", "max_labels_per_resource=-1"], "do not fit"),
        (["describe", "carrierx", "--format", "html"], "html"),
        (["update", "carrierx", "-", "-"], "standard input"),
        (["update", "carrierx", "nowhere", "body"], "DOCUMENT 'nowhere': No such file"),
        (["update", "carrierx", "document", "nowhere"], "BODY 'nowhere': No such file"),
        (["patch", "document", "nowhere"], "PATCH 'nowhere': No such file"),
        (["merge", "nowhere", "body"], "DOCUMENT 'nowhere': No such file"),
        (["diff", "nowhere", "document"], "OLD 'nowhere': No such file"),
        (["diff", "document", "nowhere"], "NEW 'nowhere': No such file"),
        (["update", "carrierx", ".", "body"], "'.': Is a directory"),
        (["update", "carrierx", "", "body"], "'': No such file"),
        (["update", "carrierx", "document\0", "body"], "cannot read"),
        (["diff", "document", "x" * 5_000], "File name too long"),
        (["patch", "document", "--patch", "body"], "--patch"),
    ],
)
def test_a_mistake_is_named_in_two_lines(run: Run, argv: list[str], said: str) -> None:
    """Exit status 2, what is wrong, and where to look; nothing on standard output."""
    result = run(*argv, document=STORED["carrierx"], body={})
    assert (result.status, result.out) == (2, "")
    wrong, look = result.err.splitlines()
    assert wrong.startswith("patchwright")
    assert said in wrong
    assert look.startswith("See: patchwright")
    assert look.endswith("--help")


def test_an_argument_too_many_leads_to_the_help_of_its_command(run: Run) -> None:
    """Not to that of the whole program."""
    assert run("demo", "extra").err.splitlines()[1] == "See: patchwright demo --help"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "syntax"),
        (b'{"a": s3cr3t', "syntax"),
        (b'{"a": "s3cr3t", "a": 1}', "duplicate_member"),
        (b'["s3cr3t", NaN]', "number"),
        (b'["s3cr3t", 1e999]', "number"),
        (b'"s3cr3t \xff"', "encoding"),
        ('{"a": "s3cr3t"}'.encode("utf-16"), "encoding"),
        (rb'["s3cr3t", "\ud800"]', "surrogate"),
        (b"[" * DEEP + b"]" * DEEP, "nesting"),
        (b'{"s3cr3t":' * DEEP + b"1" + b"}" * DEEP, "nesting"),
    ],
)
def test_a_file_that_is_no_json(run: Run, content: bytes, code: str) -> None:
    """As a stored document a mistake, as a patch or body a rejection; nothing of it is shown."""
    for command in (["patch"], ["merge"], ["update", "carrierx", *AUTH["carrierx"]]):
        as_document = run(*command, "bad", "good", bad=content, good={})
        assert (as_document.status, as_document.out) == (2, "")
        assert "'bad' is no JSON document: " in as_document.err
        as_patch = run(*command, "good", "bad")
        assert as_patch.status == 1
        for result in (as_document, as_patch):
            assert SECRET not in result.out + result.err
        if content:
            assert f"{code}" in as_document.err
            assert f"  {code}" in as_patch.err
        role = "BODY" if command[0] == "update" else "PATCH"
        assert as_patch.err.splitlines()[0].endswith(f" {role} 'bad'")
    assert run("diff", "good", "bad").status == 2


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "empty"),
        (b"\n ", "empty"),
        (b'{\n "a" 1}', "line 2, column 6"),
        (b'{"a": "\xff"}', "byte 7"),
        (b'{"a": {"b": 1, "b": 1}}', "'/a/b'"),
    ],
)
def test_where_a_file_is_no_json(run: Run, content: bytes, place: str) -> None:
    """The argument, the file and the place in it are named."""
    for command in (["patch", "bad", "good"], ["diff", "bad", "good"]):
        said = run(*command, bad=content, good={}).err.splitlines()[0]
        assert f" {'OLD' if command[0] == 'diff' else 'DOCUMENT'} 'bad' " in said
        assert place in said
    assert "DOCUMENT from standard input" in run("patch", "-", "good", stdin=content).err


def test_a_file_that_is_too_large(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body past the limit of its resource is refused, a document past the generous one, too."""
    result = update(run, body=b"0" * (4 * 1024 * 1024 + 2))
    assert (result.status, result.err.split()[4]) == (1, "body_too_large:")
    assert len(arguments.content("BODY", "body", 10)) == 11
    monkeypatch.setattr(arguments, "GENEROUS", Limits(body_bytes=10))
    result = run("diff", "body", "body")
    assert (result.status, "body_too_large" in result.err) == (2, True)


def test_a_file_that_cannot_be_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is that of the operating system."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(builtins, "open", refuse)
    assert main(["diff", "a", "b"]) == 2
    monkeypatch.undo()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builtins, "open", refuse)
        assert "'a': Permission denied" in run("diff", "a", "b").err


def test_an_error_without_its_own_words(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system does not explain is told as it comes."""

    def refuse(*_: object) -> None:
        raise OSError("out of order")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builtins, "open", refuse)
        assert "'a': out of order" in run("diff", "a", "b").err


def test_a_file_with_an_odd_name(run: Run) -> None:
    """Control characters are escaped, so that no name commands the terminal."""
    result = run("diff", "\x1b[31m\n\udcff", "b")
    assert r"cannot read OLD '\x1b[31m\n\udcff': " in result.err


def test_standard_input_that_is_closed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closed before the start it is none, closed later it cannot be read."""
    monkeypatch.setattr(sys, "stdin", None)
    assert "standard input is closed" in run("diff", "-", "b").err
    stream = io.TextIOWrapper(io.BytesIO())
    stream.close()
    monkeypatch.setattr(sys, "stdin", stream)
    result = run("diff", "-", "b")
    assert result.status == 2
    assert "cannot read OLD from standard input" in result.err


def test_no_message_holds_a_stored_value(run: Run) -> None:
    """Whatever is wrong with the request, the values of the document stay where they are."""
    stored = {**STORED["carrierx"], "method": SECRET, "status": SECRET, "entries": [SECRET]}
    bodies: list[Any] = [
        {"method": "x", "status": "approved", "entries": [], "total": "x", "nothing": 1},
        {"status": None},
        [],
    ]
    for body in bodies:
        for options in ([], ["--json"], ["--method", "PUT"]):
            result = update(run, *options, document=stored, body=body)
            assert result.status == 1
            assert SECRET not in result.out + result.err
    operations: list[dict[str, Any]] = [
        {"op": "test", "path": "/method", "value": 1},
        {"op": "add", "path": "/entries/9"},
    ]
    for operation in operations:
        result = run("patch", "document", "p", p=[{"value": 1, **operation}])
        assert result.status == 1
        assert SECRET not in result.err


def test_many_problems_are_cut_short(run: Run) -> None:
    """People see the first ones and their number; machines see all."""
    body = {f"m{number}": 1 for number in range(30)}
    lines = update(run, body=body).err.splitlines()
    assert len(lines) == 22
    assert "10 more" in lines[-1]
    assert len(update(run, "--json", body=body).json["problems"]) == 30


def test_many_changes_are_cut_short(run: Run) -> None:
    """The first places, and the number of the others."""
    labels = {f"label{number}": "x" for number in range(11)}
    body = {"metadata": {"labels": labels}}
    result = update(run, profile="cloudfoundry", body=body)
    assert result.err.count("/metadata/labels/") == 8
    assert result.err.endswith(" and 3 more\n")


def test_a_long_name_is_cut_short(run: Run) -> None:
    """No line becomes longer than people read."""
    key = "k" * 1_000
    result = update(run, profile="cloudfoundry", body={"metadata": {"labels": {key[:60]: "x"}}})
    assert result.status == 0
    result = run(
        "update", "carrierx", "document", "body", "--auth", f"{key}=1", "--auth", f"{key}=1"
    )
    assert result.err.splitlines()[0].endswith(" ...")


def test_options_of_all_profiles_can_be_typed() -> None:
    """Each is a choice, a whole number, or true or false."""
    for task in arguments.PROFILES.values():
        for option, hint in get_type_hints(task).items():
            assert option == "return" or get_args(hint) or hint in arguments._KINDS


# --- Output --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        -1.5,
        "é",
        [],
        {},
        [[]],
        {"": {}},
        [1, [2, {"a": []}], "x"],
        {"a": [1], "b": 2},
    ],
)
def test_json_is_written_as_by_the_standard_library(value: Any) -> None:
    """Indented, on one line, and in ASCII."""
    assert output.json_text(value) == json.dumps(value, indent=2, ensure_ascii=False)
    line = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    assert output.json_text(value, readable=False) == line
    assert output.json_text(value, ascii_only=True) == json.dumps(value, indent=2)
    assert output.json_text((value,)) == output.json_text([value])


def test_a_deep_document_can_be_written() -> None:
    """Deeper than Python's stack."""
    value: Any = 1
    for _ in range(DEEP):
        value = [value]
    text = output.json_text(value, readable=False)
    assert text == "[" * DEEP + "1" + "]" * DEEP


def test_characters_that_cannot_be_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON is escaped and stays JSON, a message has an escape in their place."""
    (tmp_path / "d").write_text('{"é": "😀"}', encoding="utf-8")
    (tmp_path / "p").write_text('{"é": "€"}', encoding="utf-8")
    out, err = io.BytesIO(), io.BytesIO()
    for name, stream in {"stdout": out, "stderr": err}.items():
        text = io.TextIOWrapper(stream, encoding="ascii", errors="strict", newline="\n")
        monkeypatch.setattr(sys, name, text)
    assert main(["merge", str(tmp_path / "d"), str(tmp_path / "p")]) == 0
    assert out.getvalue() == b'{\n  "\\u00e9": "\\u20ac"\n}\n'
    assert main(["merge", "é", "p"]) == 2
    assert rb"'\xe9': " in err.getvalue()


def test_no_streams_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was started without them gets its exit status."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["demo"]) == 0
    assert main(["demo", "--json"]) == 0
    assert main(["diff", "nowhere", "nowhere"]) == 2


class Full(io.StringIO):
    """A stream that takes nothing."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def write(self, _: str) -> int:
        """Refuse."""
        raise self.error

    def flush(self) -> None:
        """Refuse."""
        raise self.error


def test_output_that_cannot_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line with the reason, or nothing where that cannot be written either."""
    full = Full(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    monkeypatch.setattr(sys, "stdout", full)
    assert main(["demo"]) == 2
    monkeypatch.setattr(sys, "stderr", full)
    assert main(["demo"]) == 2
    monkeypatch.undo()
    assert capsys.readouterr().out == ""


def test_nobody_reads(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed pipe ends the program without a word."""
    monkeypatch.setattr(sys, "stdout", Full(BrokenPipeError(errno.EPIPE, "")))
    assert main(["demo"]) == 141
    monkeypatch.undo()
    assert capsys.readouterr() == ("", "")


def test_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends the program without a word."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "document", interrupt)
    assert run("diff", "a", "b") == (130, "", "")


def test_a_fault_of_the_program(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even then no traceback, and no value, unless a developer asks for it."""

    def fail(*_: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(commands, "document", fail)
    result = run("diff", "a", "b")
    assert (result.status, result.out) == (70, "")
    assert "KeyError" in result.err
    assert SECRET not in result.err
    flags = type("flags", (), {"dev_mode": True})
    monkeypatch.setattr(sys, "flags", flags)
    with pytest.raises(KeyError):
        run("diff", "a", "b")


# --- As a process --------------------------------------------------------------------------------

SCRIPT = [str(Path(sysconfig.get_path("scripts")) / "patchwright")]
MODULE = [sys.executable, "-m", "patchwright"]


def process(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the real thing."""
    return subprocess.run(command, capture_output=True, timeout=60, check=False, **options)  # noqa: S603


@pytest.mark.parametrize("command", [SCRIPT, MODULE], ids=["script", "module"])
def test_the_installed_command(command: list[str]) -> None:
    """The console script and the module are the same program."""
    result = process([*command, "demo"], env={**os.environ, "PYTHONUTF8": "1"})
    golden = (DIRECTORY / "demo.txt").read_bytes()
    assert (result.returncode, result.stdout.replace(b"\r\n", b"\n"), result.stderr) == (
        0,
        golden,
        b"",
    )


def test_the_module_runs_only_as_a_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Importing it does nothing."""
    monkeypatch.setattr(sys, "argv", ["patchwright", "--version"])
    runpy.run_module("patchwright.__main__", run_name="imported")
    assert capsys.readouterr().out == ""
    with pytest.raises(SystemExit, match="0"):
        runpy.run_module("patchwright", run_name="__main__")
    assert capsys.readouterr().out.startswith("patchwright ")


def test_a_reader_that_goes_away() -> None:
    """`patchwright demo | head -1` ends quietly, whatever is still to be written."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result = subprocess.run(  # noqa: S603
            [*MODULE, "demo"], stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False
        )
    finally:
        os.close(writer)
    assert (result.returncode, result.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has an always full disk")
@pytest.mark.parametrize("argv", [["demo"], ["nonsense"]])
def test_a_full_disk(argv: list[str]) -> None:
    """Neither standard output nor standard error that is full makes a traceback."""
    with Path("/dev/full").open("wb") as full:
        out, err = (full, subprocess.PIPE) if argv == ["demo"] else (subprocess.PIPE, full)
        result = subprocess.run(  # noqa: S603
            [*MODULE, *argv], stdout=out, stderr=err, timeout=60, check=False
        )
    assert result.returncode == 2
    assert not result.stderr or result.stderr.count(b"\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send SIGINT to one process")
def test_ctrl_c_while_it_waits() -> None:
    """The exit status of an interrupted program, and nothing printed."""
    command = [*MODULE, "diff", "-", "nowhere"]
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # What runs in a shell's background has the signal ignored, and hands that down.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as running:
        assert running.stdin is not None
        running.stdin.write(b" " * 1_000_000)  # more than fits a pipe, so that it has begun to read
        running.stdin.flush()
        time.sleep(0.5)  # it has read all and waits for more
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 130
        assert running.stdout is not None
        assert running.stderr is not None
        assert (running.stdout.read(), running.stderr.read()) == (b"", b"")


def test_a_terminal_of_another_time(tmp_path: Path) -> None:
    """With an encoding that lacks characters the program works as ever."""
    (tmp_path / "d").write_text('"é€"', encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1:strict"}
    result = process([*MODULE, "diff", "d", "d€"], env=environment, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, b"")
    assert rb"'d\u20ac'" in result.stderr
    result = process([*MODULE, "merge", "d", "d"], env=environment, cwd=tmp_path)
    assert (result.returncode, result.stdout.strip()) == (0, rb'"\u00e9\u20ac"')
