"""A resource: its definition, and the verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from .._checks import (
    NOT_DIRECT,
    ROOT,
    Difference,
    Node,
    Unjudged,
    View,
    Walk,
    judge,
)
from .._json import ABSENT, admit, read
from ..problems import PatchError, Problem
from ..rules import Caller
from .answering import judge_directly
from .definition import Definition
from .plan import Plan
from .receiving import Headers, Received, receive
from .settling import settle, stamp
from .verdict import Accepted, Rejected, Verdict, first_group

# The entity tags of so many versions: to make one takes four percent of W8 b.
_MANY: Final = 1_000
_TAGS: Final = [f'"{version}"' for version in range(_MANY)]
# A header field in bytes is no text; `python -bb` says so where the two are compared.
_UNUSUAL: Final = (*NOT_DIRECT, BytesWarning)


class Resource(Definition):
    """The rules for one kind of document and the requests it accepts.  Constructing it compiles it.

    * `fields`, `unknown`, `rules`, `at_most_one`: the members of the document, as in `Field`.
    * `accepts`: for each (method, media type) a `Format`, or an `Accept` with its settings.  By
      default merge patch and JSON Patch with PATCH and a whole document with PUT.
      `default_media_type` is what a request without `Content-Type` counts as; without it, such a
      request is refused.
    * `access`: what a caller needs, all of it.  With any, a request without a `Caller` is refused.
      `challenge` is the `WWW-Authenticate` of a 401.
    * `editable_in`: the states in which a client may change anything at all.  Elsewhere a change is
      refused, or with `uneditable="note"` accepted with a note.
    * `version`: the JSON Pointer of the member that the entity tag is made of; without it, the tag
      is a hash of the document.  `precondition="required"` refuses a request without `If-Match`.
    * `required_headers`: header fields that a request needs, with their values.
    * `order`: groups of codes.  The first group with a problem is what is reported, whole.
    * `sentences`: other words for people, by code, with the params as fields (`"At most
      {limit}."`).
    * `statuses`: HTTP statuses for codes, where they are not the usual ones.
    * `error_body`: a pure function of a `Rejected` and of facts from the host (keyword arguments)
      to the JSON value of an error response, sent as `error_media_type`; without it, RFC 9457
      problem details, whose types start with `problem_type`.
    * `limits`: see `Limits`.

    Resources are immutable and can be shared between threads.  Raises `RuleError` for a declaration
    that cannot mean anything.
    """

    def update(
        self,
        document: Any,
        method: str,
        headers: Headers,
        body: Any,
        *,
        caller: Caller | None = None,
        now: datetime | str | None = None,
        etag: str | None = None,
        last_modified: datetime | None = None,
    ) -> Verdict:
        """The verdict on one request: `Accepted` or `Rejected`.  Never raises because of its input.

        `document` is the stored JSON document, or `None` where there is none.  `headers` is a
        mapping of header names, compared without case, to values; `None` is a field that is not
        there.  `body` as `bytes` or `str` is JSON text, `None` and empty text are no body, and any
        other value is a body that is parsed already (`Parsed(value)` where it is text or null
        itself).  The rest is as in `Plan.apply`.
        """
        # The usual request is answered here, because each call of a function takes two to three
        # percent (`docs/explanation/differences.md`).  First, one with the two header fields that
        # matter to most, from a host that hands over no others, and with their usual values.
        media_type: Any = None
        value: Any = ABSENT
        problems: tuple[Problem, ...] = ()
        differences: list[Difference] = []
        unjudged: list[Unjudged] = []
        new = None
        try:
            if (
                type(headers) is dict
                and len(headers) <= 2
                and type(document) is dict
                and not self.asks_for_headers
            ):
                media_type = headers["Content-Type"]
                edit = self._edits[media_type][method]
                if len(headers) == 1 or (
                    type(version := document[self._version_key]) is int
                    and headers["If-Match"]
                    == (_TAGS[version] if 0 <= version < _MANY else self.version_tag(document))
                    and etag is None
                ):
                    if type(body) is dict:
                        value = body
                    elif type(body) is bytes and body:
                        value = read(body, self.limits)
                    if value is not ABSENT:
                        new = edit(self.direct_rules, document, value, differences, unjudged)
        except _UNUSUAL:
            pass
        except PatchError as error:
            problems = error.problems
        received: Received | None = None
        if value is ABSENT and not problems:  # any other, which has not been looked at so far
            received = receive(self, method, headers, body)
            _, media_type, _, short, fields, value, _, _ = received
            if (
                short is not None
                and type(document) is dict
                and (not fields or (etag is None and self.holds_usually(fields, document)))
            ):
                try:
                    new = short(self.direct_rules, document, value, differences, unjudged)
                except NOT_DIRECT:
                    new = None
        if new is not None and unjudged:
            found = judge_directly(self, document, new, value, unjudged)
            if found:
                value = admit(value, self.limits) if value is body else value
                return Rejected(self, found, (method, media_type, value))
            if found is None:
                new = None
        if new is not None:
            if not differences:
                return Accepted(self, document, document)
            if self.has_plain_stamps:
                for place, name, counts, after in self.member_stamps:
                    before = document.get(name, ABSENT)
                    stamped: Any
                    if counts and type(before) is int:
                        stamped = before + 1
                    elif counts is False and type(now) is str:
                        stamped = now
                    else:
                        stamped = after(before, now)
                    new[name] = stamped
                    differences.append((place, before, stamped))
            else:
                stamp(self, document, new, differences, now)
            return Accepted(self, document, new, differences)
        if received is None:  # the precondition, if there is one, has been seen to hold
            accept, is_own = self.accepts[method, media_type], value is not body
            received = method, media_type, accept, None, {}, value, is_own, problems
        plan = Plan(self, received)
        early = plan.early(caller) if plan.problems or self.access else None
        if early is not None:
            return early
        return plan.apply(document, caller=caller, now=now, etag=etag, last_modified=last_modified)

    def plan(self, method: str, headers: Headers, body: Any) -> Plan:
        """The request, compiled, for many documents.  Never raises: it carries its problems."""
        return Plan(self, receive(self, method, headers, body))

    def judge(self, old: Any, new: Any, *, now: datetime | str | None = None) -> Verdict:
        """The verdict on a new document that is there already: the step after every format.

        Neither document is changed.  `now` is as in `Plan.apply`.  Who asks does not matter here.
        """
        settled = settle(self, old, new, now=now)
        if isinstance(settled, list):
            return Rejected(self, tuple(first_group(self, settled)))
        return settled

    def check(self, document: Any) -> tuple[Problem, ...]:
        """The problems of a whole document: of its values, never of who may change it."""
        walk = Walk()
        judge(self._stored_node, ABSENT, document, ROOT, walk, [])
        return tuple(walk.problems)

    # --- What the resource is --------------------------------------------------------------------

    @cached_property
    def system(self) -> Resource:
        """The same resource for the server's own writes.

        The types and rules of values are the same, and what is immutable stays so; all else about
        who may write, and when, is dropped.  Both transition tables are open.
        """
        everyone: dict[str, Any] = {
            "access": (),
            "editable_in": None,
            "required_headers": {},
            "precondition": "optional",
        }
        system = Resource(**{**self._declaration, **everyone})
        del vars(system)["_complete"]
        system._judge_as(View.SYSTEM)
        system._complete = True
        return system

    def evolve(self, **changes: Any) -> Resource:
        """Another resource, with some arguments of the constructor replaced.

        Raises `TypeError` for an argument that does not exist.
        """
        evolved = Resource(**{**self._declaration, **changes})
        return evolved.system if self.is_system else evolved

    @cached_property
    def _stored_node(self) -> Node:
        return Node(self.root, View.STORED)

    def __reduce__(self) -> tuple[Callable[..., Resource], tuple[dict[str, Any]]]:
        return _rebuilt_system if self.is_system else _rebuilt, (self._declaration,)


def _rebuilt(declaration: dict[str, Any]) -> Resource:
    return Resource(**declaration)


def _rebuilt_system(declaration: dict[str, Any]) -> Resource:
    return Resource(**declaration).system
