"""The command line: `patchwright --help` says what there is."""

from __future__ import annotations

import sys
from argparse import Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import metadata
from typing import Any, Final

from . import commands
from .arguments import PROFILES, Mistake, Parser, moment, pair
from .output import abandon, flush, say

__all__ = ["main"]

_USAGE: Final = 2
_FAULT: Final = 70  # of this program: EX_SOFTWARE of sysexits.h
_INTERRUPTED: Final = 130  # 128 and the number of the signal, as a shell reports it
_PIPE_CLOSED: Final = 141

_DESCRIPTION: Final = """\
Decide an update: from a stored document and a request to the new document,
or to everything that is wrong."""

_EPILOG: Final = """\
A file can be -, which is standard input. The result goes to standard output,
what is said about it to standard error.

Exit status: 0 accepted, 1 rejected, 2 the command cannot be run as typed.

Example:
  patchwright demo"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give back its exit status; without `argv`, that of this process.

    Prints, and raises nothing: what cannot be done is one line on standard error.
    """
    try:
        try:
            status = _run(argv)
        finally:
            flush()
    except BrokenPipeError:
        abandon()
        return _PIPE_CLOSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except OSError as error:
        abandon()
        with suppress(OSError):  # standard error may be what cannot be written
            say(f"patchwright: cannot write: {error.strerror or error}")
        abandon()
        return _USAGE
    return status


def _run(argv: Sequence[str] | None) -> int:
    parser = _parser()
    try:
        arguments, more = parser.parse_known_args(argv)
        if more:  # reported by the command that was called, whose help is the one to read
            arguments.parser.error(f"unrecognized arguments: {' '.join(more)}")
    except SystemExit as end:  # help, or a mistake that the parser has reported
        return end.code if isinstance(end.code, int) else _USAGE
    try:
        run: Callable[[Namespace], int] = arguments.run
        return run(arguments)
    except Mistake as mistake:
        say(f"patchwright {arguments.command}: {mistake}")
        say(f"See: patchwright {arguments.command} --help")
        return _USAGE
    except OSError:
        raise
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        say(f"patchwright: a fault of this program ({type(error).__name__}); please report it.")
        say("The same command with `python -X dev -m patchwright` shows where it is.")
        return _FAULT


def _parser() -> Parser:
    parser = Parser(
        prog="patchwright",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"patchwright {_version()}")
    found = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    found.required = True

    def command(run: Callable[[Namespace], int], name: str, about: str, *examples: str) -> Parser:
        lines = "".join(f"\n  {example}" for example in examples)
        added = found.add_parser(
            name,
            help=about,
            description=f"{about[0].upper()}{about[1:]}.",
            epilog=f"Example:{lines}",
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        added.set_defaults(run=run, parser=added)
        added.add_argument(
            "--json", action="store_true", help="print one line of JSON, for machines"
        )
        return added

    command(
        commands.show_demo,
        "demo",
        "show each system's documented request, and one that is refused",
        "patchwright demo",
    )

    update = command(
        commands.update,
        "update",
        "judge a request to a system",
        "patchwright update carrierx task.json body.json --auth scopes=batch.update",
        "echo '[]' | patchwright update sailpoint task.json - --auth kind=user \\",
        "    --auth scopes=sp:scopes:all --auth roles=ORG_ADMIN",
    )
    _profile(update)
    _file(update, "document", "the stored task, as JSON; null where there is none")
    _file(update, "body", "the body of the request")
    update.add_argument("--method", help="the method; by default one that the system accepts")
    update.add_argument(
        "--content-type",
        metavar="TYPE",
        help="the media type; by default one that the system accepts, '' for none",
    )
    _pairs(update, "--header", "a header field, such as If-Match='\"1\"'")
    _pairs(
        update,
        "--auth",
        "what is known of the caller: credentials (valid, missing or invalid), kind, scopes and"
        " roles (with commas), tenant, or any fact that the system asks for; without any, nobody"
        " is known to call",
    )
    update.add_argument(
        "--now",
        type=moment,
        metavar="TIME",
        help="the time of the update, such as 2026-01-31T12:00:00Z; by default the present",
    )

    patch = command(
        commands.patch,
        "patch",
        "apply a JSON Patch (RFC 6902)",
        'echo \'[{"op": "remove", "path": "/a"}]\' | patchwright patch document.json -',
    )
    _file(patch, "document", "a JSON document")
    _file(patch, "patch", "a list of operations")

    merge = command(
        commands.merge,
        "merge",
        "apply a JSON Merge Patch (RFC 7396)",
        "echo '{\"a\": null}' | patchwright merge document.json -",
    )
    _file(merge, "document", "a JSON document")
    _file(merge, "patch", "a merge patch")

    diff = command(
        commands.diff,
        "diff",
        "make the patch from one document to another",
        "patchwright diff old.json new.json > patch.json",
    )
    _file(diff, "old", "a JSON document")
    _file(diff, "new", "the document that it is to become")
    diff.add_argument("--merge", action="store_true", help="a JSON Merge Patch, not a JSON Patch")

    describe = command(
        commands.show_description,
        "describe",
        "show the rules of a system",
        "patchwright describe cloudfoundry --format markdown",
    )
    _profile(describe)
    describe.add_argument("--format", choices=("text", "markdown"), default="text")
    return parser


def _version() -> str:
    try:
        return metadata.version("patchwright")
    except metadata.PackageNotFoundError:
        return "(not installed)"


def _profile(parser: Parser) -> None:
    parser.add_argument(
        "profile", metavar="PROFILE", choices=PROFILES, help=f"one of: {', '.join(PROFILES)}"
    )
    _pairs(parser, "--option", "an option of the profile; a wrong name lists them")


def _file(parser: Parser, name: str, about: str) -> None:
    parser.add_argument(name, metavar=name.upper(), help=about)


def _pairs(parser: Parser, option: str, about: str) -> None:
    empty: list[Any] = []
    parser.add_argument(
        option, action="append", type=pair, default=empty, metavar="NAME=VALUE", help=about
    )
