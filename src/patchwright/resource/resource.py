"""A resource: the rules for one kind of document, compiled, and the pipeline that applies them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final, Literal

from .._checks import (
    Change,
    Node,
    View,
    Walk,
    find_lifecycles,
    find_stamps,
    judge,
    shown_state,
)
from .._json import ABSENT, canonical, clone
from ..limits import DEFAULT_LIMITS, Limits
from ..pointer import parse, put, resolve, to_text
from ..preconditions import entity_tag
from ..problems import (
    APPLICATION,
    CODES,
    FORM,
    READING,
    RULES,
    Code,
    PatchError,
    Problem,
    RuleError,
    problem_order,
)
from ..rules import Accept, Access, Caller, Field, Format, Increment, Now, When
from .plan import Plan
from .verdict import Accepted, Rejected, Verdict

# The usual order of checks: who asks, what is asked, on what, and whether it may become so.
DEFAULT_ORDER: Final[tuple[tuple[Code, ...], ...]] = (
    (Code.UNAUTHORIZED,),
    (Code.METHOD,),
    (Code.INSUFFICIENT_SCOPE, Code.FORBIDDEN),
    (Code.HEADER,),
    (Code.MEDIA_TYPE,),
    READING,
    FORM,
    (Code.NOT_FOUND,),
    (Code.PRECONDITION_REQUIRED, Code.PRECONDITION_FAILED),
    APPLICATION,
    RULES,
)

# What most clients send.
DEFAULT_ACCEPTS: Final[Mapping[tuple[str, str], Accept | Format]] = MappingProxyType(
    {
        ("PATCH", "application/merge-patch+json"): Format.MERGE_PATCH,
        ("PATCH", "application/json-patch+json"): Format.JSON_PATCH,
        ("PUT", "application/json"): Format.REPLACE,
    }
)


class Resource:
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
    * `statuses`: HTTP statuses for codes, where they are not the usual ones.
    * `error_body`: a pure function of a `Rejected` and of facts from the host (keyword arguments)
      to the JSON value of an error response, sent as `error_media_type`; without it, RFC 9457
      problem details, whose types start with `problem_type`.
    * `limits`: see `Limits`.

    Resources are immutable and can be shared between threads.  Raises `RuleError` for a declaration
    that cannot mean anything.
    """

    def __init__(
        self,
        name: str,
        *,
        fields: Mapping[str, Field],
        unknown: Literal["refuse", "keep", "ignore"] = "refuse",
        rules: tuple[When, ...] = (),
        at_most_one: tuple[tuple[str, ...], ...] = (),
        accepts: Mapping[tuple[str, str], Accept | Format] = DEFAULT_ACCEPTS,
        default_media_type: str | None = None,
        access: Iterable[Access] = (),
        challenge: str = "Bearer",
        editable_in: tuple[str | None, ...] | None = None,
        uneditable: Literal["refuse", "note"] = "refuse",
        version: str | None = None,
        precondition: Literal["optional", "required"] = "optional",
        required_headers: Mapping[str, str] = MappingProxyType({}),
        order: Iterable[Iterable[Code]] = DEFAULT_ORDER,
        statuses: Mapping[Code, int] = MappingProxyType({}),
        error_body: Callable[..., Any] | None = None,
        error_media_type: str | None = None,
        problem_type: str = "urn:patchwright:problem:",
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        declaration = {key: value for key, value in locals().items() if key not in {"self", "name"}}
        self._declaration = MappingProxyType(declaration)
        self.name = name
        self.root = Field(
            "object", fields=fields, unknown=unknown, rules=rules, at_most_one=at_most_one
        )
        self.accepts = MappingProxyType(_accepts(accepts))
        self.default_media_type = default_media_type
        self.access = tuple(access)
        self.challenge = challenge
        self.editable_in = None if editable_in is None else tuple(editable_in)
        self.uneditable = uneditable
        self.version = version
        self.precondition = precondition
        self.required_headers = MappingProxyType(dict(required_headers))
        self.order = tuple(tuple(group) for group in order)
        self.ranks = problem_order(self.order)
        self.statuses = MappingProxyType(dict(statuses))
        self.error_body = error_body
        self.error_media_type = error_media_type or (
            "application/problem+json" if error_body is None else "application/json"
        )
        self.problem_type = problem_type
        self.limits = limits
        self._check()
        self._view = View.CLIENT
        self.client_node = Node(self.root, View.CLIENT)

    def _check(self) -> None:
        lifecycles = find_lifecycles(self.root)
        if len(lifecycles) > 1:
            places = " and ".join(map(to_text, lifecycles))
            raise RuleError(f"a resource has at most one lifecycle, not {places}")
        self.state_place = lifecycles[0] if lifecycles else None
        states = self.lifecycle_states
        for place, allowed in _editable_places(self.root, self.editable_in):
            for state in allowed:
                if state not in states:
                    raise RuleError(
                        f"editable_in names {state!r}, which is no state", to_text(place)
                    )
        self.stamps = tuple(find_stamps(self.root))
        if self.version is not None:
            _declared(self.root, parse(self.version))
        for access in self.access:
            if not isinstance(access, Access):
                raise RuleError("access is made of Access")
            if access.tenant is not None:
                _declared(self.root, parse(access.tenant))
        if self.uneditable not in {"refuse", "note"}:
            raise RuleError("uneditable has to be refuse or note")
        if self.precondition not in {"optional", "required"}:
            raise RuleError("precondition has to be optional or required")
        for code in self.statuses:
            if code not in CODES:
                raise RuleError(f"{code!r} is no code")

    # --- Judging ---------------------------------------------------------------------------------

    def update(
        self,
        document: Any,
        method: str,
        headers: Mapping[str, str],
        body: Any,
        *,
        caller: Caller | None = None,
        now: datetime | str | None = None,
        etag: str | None = None,
        last_modified: datetime | None = None,
    ) -> Verdict:
        """The verdict on one request: `Accepted` or `Rejected`.  Never raises because of its input.

        `document` is the stored JSON document, or `None` where there is none.  `headers` is a
        mapping of header names, compared without case.  `body` as `bytes` or `str` is JSON text,
        `None` and empty text are no body, and any other value is a body that is parsed already
        (`Parsed(value)` where it is text or null itself).  The rest is as in `Plan.apply`.
        """
        plan = Plan(self, method, headers, body)
        early = plan.early(caller) if plan.problems or self.access else None
        if early is not None:
            return early
        return plan.apply(document, caller=caller, now=now, etag=etag, last_modified=last_modified)

    def plan(self, method: str, headers: Mapping[str, str], body: Any) -> Plan:
        """The request, compiled, to be applied to many documents.  Never raises: it carries its problems."""
        return Plan(self, method, headers, body)

    def judge(self, old: Any, new: Any, *, now: datetime | str | None = None) -> Verdict:
        """The verdict on a new document that is there already: the step after every format.

        Neither document is changed.  `now` is as in `Plan.apply`.
        """
        settled = self.settle(old, new, now=now, own=False)
        if isinstance(settled, list):
            first = min(self.ranks[problem.code] for problem in settled)
            problems = tuple(p for p in settled if self.ranks[p.code] == first)
            return Rejected(self, problems)
        return settled

    def check(self, document: Any) -> tuple[Problem, ...]:
        """The problems of a whole document: of its values, never of who may change it."""
        walk = Walk()
        judge(self._stored_node, ABSENT, document, "", walk, [])
        return tuple(walk.problems)

    def settle(
        self,
        old: Any,
        new: Any,
        *,
        now: datetime | str | None = None,
        ignore_locked: bool = False,
        own: bool = True,
    ) -> Accepted | list[Problem]:
        """The pipeline behind every format: what was wrong with `new`, or what stands, with its stamps.

        `own` says that nobody else holds the containers of `new` that are not those of `old`.
        """
        if new is old:
            return Accepted(self, old)
        node = self.client_node
        state = ABSENT if self.state_place is None else _at(old, self.state_place)
        walk = Walk(state, ignore_locked=ignore_locked)
        judge(node, old if type(old) is dict else ABSENT, new, "", walk, walk.changes)
        notes: tuple[Problem, ...] = ()
        if (
            self.editable_in is not None
            and state not in self.editable_in
            and (walk.changes or walk.problems)
        ):
            facts = {"state": shown_state(state), "allowed": list(self.editable_in)}
            problem = Problem(Code.STATE, None, facts)
            if self.uneditable == "note":
                notes = (problem,)
            else:
                walk.problems.insert(0, problem)
        if walk.problems:
            return walk.problems
        if not walk.changes:
            return Accepted(self, old, notes=notes)
        owned: dict[int, Any] = {}
        for pointer, value in walk.restored:
            new = put(new, parse(pointer), value, owned)
        changes = tuple(walk.changes)
        if self.stamps:
            new, stamped = self._stamp(old, new, changes, now, owned)
            changes += stamped
        return Accepted(self, new, changes, notes)

    def _stamp(
        self,
        old: Any,
        new: Any,
        changes: tuple[Change, ...],
        now: datetime | str | None,
        owned: dict[int, Any],
    ) -> tuple[Any, tuple[Change, ...]]:
        """The document with its stamps moved, if anything but a stamp has changed."""
        pointers = {to_text(place) for place, _ in self.stamps}
        if all(change.pointer in pointers for change in changes):
            return new, ()
        stamped: list[Change] = []
        for place, stamp in self.stamps:
            if type(_at(new, place[:-1])) is not dict:  # a missing parent is never created
                continue
            before = _at(old, place)
            value = _incremented(before) if isinstance(stamp, Increment) else _time(stamp, now)
            new = put(new, place, value, owned)
            stamped.append(Change(to_text(place), before, value))
        return new, tuple(stamped)

    # --- What the resource is --------------------------------------------------------------------

    @cached_property
    def system(self) -> Resource:
        """The same resource for the server's own writes.

        The types and rules of values are the same, and what is immutable stays so; all else about
        who may write, and when, is dropped.  Both transition tables are open.
        """
        system = self.evolve(
            access=(), editable_in=None, required_headers={}, precondition="optional"
        )
        system._view = View.SYSTEM
        system.client_node = Node(self.root, View.SYSTEM)
        return system

    def evolve(self, **changes: Any) -> Resource:
        """Another resource, with some arguments of the constructor replaced.

        Raises `TypeError` for an argument that does not exist.
        """
        name = changes.pop("name", self.name)
        return Resource(name, **{**self._declaration, **changes})

    def etag(self, document: Any) -> str:
        """The entity tag of a document: of its version member, else of its canonical bytes."""
        if self.version is not None:
            version = _at(document, parse(self.version))
            if type(version) is int or type(version) is str:
                return entity_tag(str(version))
        return entity_tag(sha256(canonical(document)).hexdigest()[:32])

    def status_of(self, code: Code) -> int:
        """The HTTP status with which this resource reports a code."""
        return self.statuses.get(code, CODES[code].status)

    @cached_property
    def methods(self) -> list[str]:
        """The methods that are accepted."""
        return list(dict.fromkeys(method for method, _ in self.accepts))

    @property
    def allow(self) -> str:
        """The value of the `Allow` header field (RFC 9110 section 10.2.1) as far as updates go."""
        return ", ".join(self.methods)

    @property
    def accept_patch(self) -> str:
        """The value of the `Accept-Patch` header field (RFC 5789 section 3.1)."""
        return ", ".join(media_type for method, media_type in self.accepts if method == "PATCH")

    @property
    def lifecycle_states(self) -> tuple[str | None, ...]:
        """The states of the lifecycle, none without one."""
        if self.state_place is None:
            return ()
        field = self.root
        for name in self.state_place:
            assert field.fields is not None
            field = field.fields[name]
        assert field.lifecycle is not None
        return field.lifecycle.states

    @cached_property
    def request_node(self) -> Node:
        """The rules for what a request says."""
        return Node(self.root, View.REQUEST)

    @cached_property
    def needs_preparation(self) -> bool:
        """Whether a body has to be read in another way than it is written (`Field.null`, `Field.coerce`)."""
        return _any_preparation(self.root)

    @cached_property
    def _stored_node(self) -> Node:
        return Node(self.root, View.STORED)

    def __repr__(self) -> str:
        return f"<Resource {self.name!r}>"


def _accepts(accepts: Mapping[tuple[str, str], Accept | Format]) -> dict[tuple[str, str], Accept]:
    accepted: dict[tuple[str, str], Accept] = {}
    for key, accept in accepts.items():
        if not (isinstance(key, tuple) and len(key) == 2):
            raise RuleError("accepts maps pairs of a method and a media type")
        method, media_type = key
        if media_type != media_type.lower() or ";" in media_type:
            raise RuleError(
                f"the media type {media_type!r} has to be in lower case, without parameters"
            )
        accepted[method, media_type] = Accept(accept) if isinstance(accept, Format) else accept
    if not accepted:
        raise RuleError("a resource has to accept something")
    return accepted


def _editable_places(
    field: Field, of_resource: tuple[str | None, ...] | None
) -> list[tuple[tuple[str, ...], tuple[str | None, ...]]]:
    """Every place with an `editable_in`, and its states."""
    found: list[tuple[tuple[str, ...], tuple[str | None, ...]]] = []
    if of_resource is not None:
        found.append(((), of_resource))
    todo: list[tuple[tuple[str, ...], Field]] = [((), field)]
    while todo:
        place, current = todo.pop()
        if current.editable_in is not None:
            found.append((place, current.editable_in))
        todo.extend(((*place, name), member) for name, member in (current.fields or {}).items())
        todo.extend(
            (place, below) for below in (current.values, current.items) if below is not None
        )
    return found


def _any_preparation(field: Field) -> bool:
    below = [*(field.fields or {}).values(), *(f for f in (field.values, field.items) if f)]
    return field.null == "unchanged" or field.coerce or any(map(_any_preparation, below))


def _declared(root: Field, place: tuple[str, ...]) -> None:
    field = root
    for name in place:
        member = (field.fields or {}).get(name)
        if member is None:
            raise RuleError("there is no such member", to_text(place))
        field = member


def _at(document: Any, place: tuple[str, ...]) -> Any:
    """The value at a place, or `ABSENT`."""
    try:
        return resolve(document, place)
    except PatchError:
        return ABSENT


def _incremented(version: Any) -> int:
    return version + 1 if type(version) is int else 1


def _time(stamp: Now, now: datetime | str | None) -> str:
    if isinstance(now, str):
        return now
    moment = datetime.now(UTC) if now is None else now
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(timespec=stamp.precision) + "Z"
