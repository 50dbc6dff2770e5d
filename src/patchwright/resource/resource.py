"""A resource: the rules for one kind of document, compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, Literal

from .._checks import Node, View, Walk, all_fields, field_at, find_lifecycle, find_stamps, judge
from .._json import ABSENT, canonical
from ..limits import DEFAULT_LIMITS, Limits
from ..pointer import parse, pointer_text, to_text
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
from ..rules import Accept, Access, Caller, Field, Format, Lifecycle, Mutability, Rule, When
from ..rules.frozen import Frozen
from .plan import Plan
from .settling import at, settle
from .verdict import Rejected, Verdict

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
DEFAULT_ACCEPTS: Final[Mapping[tuple[str, str], Accept | Format]] = Frozen({
    ("PATCH", "application/merge-patch+json"): Format.MERGE_PATCH,
    ("PATCH", "application/json-patch+json"): Format.JSON_PATCH,
    ("PUT", "application/json"): Format.REPLACE,
})  # fmt: skip


# The arguments that are collections, by where they are kept.
_OF_THE_ROOT: Final = ("fields", "rules", "at_most_one")
_OF_ITSELF: Final = (
    "accepts", "access", "editable_in", "required_headers", "order", "statuses", "sentences",
)  # fmt: skip


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

    is_system = False  # whether this is the one for the server's own writes

    def __init__(
        self,
        name: str,
        *,
        fields: Mapping[str, Field],
        unknown: Literal["refuse", "keep", "ignore"] = "refuse",
        rules: tuple[When | Rule, ...] = (),
        at_most_one: tuple[tuple[str, ...], ...] = (),
        accepts: Mapping[tuple[str, str], Accept | Format] = DEFAULT_ACCEPTS,
        default_media_type: str | None = None,
        access: Iterable[Access] = (),
        challenge: str = "Bearer",
        editable_in: tuple[str | None, ...] | None = None,
        uneditable: Literal["refuse", "note"] = "refuse",
        version: str | None = None,
        precondition: Literal["optional", "required"] = "optional",
        required_headers: Mapping[str, str] = Frozen({}),
        order: Iterable[Iterable[Code]] = DEFAULT_ORDER,
        statuses: Mapping[Code, int] = Frozen({}),
        error_body: Callable[..., Any] | None = None,
        error_media_type: str | None = None,
        problem_type: str = "urn:patchwright:problem:",
        sentences: Mapping[Code, str] = Frozen({}),
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._declaration = {key: value for key, value in locals().items() if key != "self"}
        self.name = name
        self.root = Field(
            "object", fields=fields, unknown=unknown, rules=rules, at_most_one=at_most_one
        )
        if self.root.fault is not None:
            raise self.root.fault
        self.accepts = Frozen(_accepts(accepts))
        self.default_media_type = default_media_type
        self.access = tuple(access)
        self.challenge = challenge
        self.editable_in = None if editable_in is None else tuple(editable_in)
        self.uneditable = uneditable
        self.version = version
        self.precondition = precondition
        self.required_headers = Frozen(required_headers)
        self.order = tuple(tuple(group) for group in order)
        self.ranks = problem_order(self.order)
        self.statuses = Frozen(statuses)
        self.error_body = error_body
        self.error_media_type = error_media_type or (
            "application/problem+json" if error_body is None else "application/json"
        )
        self.problem_type = problem_type
        self.sentences = Frozen(sentences)
        self.limits = limits
        self.state_place = find_lifecycle(self.root)
        self.lifecycle: Lifecycle | None = (
            None if self.state_place is None else field_at(self.root, self.state_place).lifecycle
        )
        self.stamps = find_stamps(self.root)
        self._check()
        # As it was read: what the caller passed may be used up or changed later.
        self._declaration |= {key: getattr(self.root, key) for key in _OF_THE_ROOT}
        self._declaration |= {key: getattr(self, key) for key in _OF_ITSELF}
        self.node = Node(self.root, View.CLIENT)
        self._complete = True

    def _check(self) -> None:
        """Refuse what no single declaration can see."""
        states = () if self.lifecycle is None else self.lifecycle.states
        editable = [(place, field.editable_in) for place, field in all_fields(self.root)]
        editable.append(((), self.editable_in))
        for place, allowed in editable:
            for state in allowed or ():
                if state not in states:
                    raise RuleError(f"editable_in names {state!r}, no state", to_text(place))
        for access in self.access:
            if not isinstance(access, Access):
                raise RuleError("access is made of Access")
        if not isinstance(self.limits, Limits):
            raise RuleError("limits has to be a Limits")
        conditions = list(self.access)
        for _, field in all_fields(self.root):
            conditions += (*field.access, *field.visible)
        for member in (self.version, *(condition.tenant for condition in conditions)):
            if member is not None:
                field_at(self.root, _place(member))
        if self.uneditable not in {"refuse", "note"}:
            raise RuleError("uneditable has to be refuse or note")
        if self.precondition not in {"optional", "required"}:
            raise RuleError("precondition has to be optional or required")
        for code in (*self.statuses, *self.sentences):
            if code not in CODES:
                raise RuleError(f"{code!r} is no code")
        for code in self.sentences:
            try:
                Problem(code).sentence(self.sentences)
            except (ValueError, LookupError, AttributeError):
                raise RuleError(f"the sentence for {code} cannot be filled in") from None

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
        """The request, compiled, for many documents.  Never raises: it carries its problems."""
        return Plan(self, method, headers, body)

    def judge(self, old: Any, new: Any, *, now: datetime | str | None = None) -> Verdict:
        """The verdict on a new document that is there already: the step after every format.

        Neither document is changed.  `now` is as in `Plan.apply`.  Who asks does not matter here.
        """
        settled = settle(self, old, new, now=now)
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
        object.__setattr__(system, "node", Node(self.root, View.SYSTEM))
        object.__setattr__(system, "is_system", True)
        return system

    def evolve(self, **changes: Any) -> Resource:
        """Another resource, with some arguments of the constructor replaced.

        Raises `TypeError` for an argument that does not exist.
        """
        evolved = Resource(**{**self._declaration, **changes})
        return evolved.system if self.is_system else evolved

    def etag(self, document: Any) -> str:
        """The entity tag of a document: of its version member, else of its canonical bytes.

        Members that are volatile do not matter to it.
        """
        if self.version is not None:
            version = at(document, parse(self.version))
            if type(version) is float and version.is_integer():  # 2.0 is 2
                version = int(version)
            if type(version) is str or (type(version) is int and version.bit_length() < 1024):
                return entity_tag(str(version))
        return entity_tag(sha256(canonical(_steady(self.root, document))).hexdigest()[:32])

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

    @cached_property
    def request_node(self) -> Node:
        """The rules for what a request says."""
        return Node(self.root, View.REQUEST)

    @cached_property
    def needs_preparation(self) -> bool:
        """Whether a body is read otherwise than it is written (`Field.null`, `Field.coerce`)."""
        return any(f.null == "unchanged" or f.coerce for _, f in all_fields(self.root))

    @cached_property
    def has_member_access(self) -> bool:
        """Whether it matters to any member who calls."""
        return any(field.access for _, field in all_fields(self.root))

    @cached_property
    def has_operation_access(self) -> bool:
        """Whether it matters to who may call what a request does."""
        return any(condition.operations for condition in self.access)

    @cached_property
    def has_hidden(self) -> bool:
        """Whether there is a member that not everyone may read."""
        secret = Mutability.WRITE_ONLY
        return any(f.visible or f.mutability is secret for _, f in all_fields(self.root))

    @cached_property
    def _stored_node(self) -> Node:
        return Node(self.root, View.STORED)

    def __setattr__(self, name: str, value: object) -> None:
        if "_complete" in self.__dict__:
            raise AttributeError(f"a Resource is immutable, so {name} cannot be set; see evolve()")
        super().__setattr__(name, value)

    def __reduce__(self) -> tuple[Callable[..., Resource], tuple[dict[str, Any]]]:
        return _rebuilt_system if self.is_system else _rebuilt, (self._declaration,)

    def __repr__(self) -> str:
        return f"<Resource {self.name!r}>"


def _rebuilt(declaration: dict[str, Any]) -> Resource:
    return Resource(**declaration)


def _rebuilt_system(declaration: dict[str, Any]) -> Resource:
    return Resource(**declaration).system


def _place(member: object) -> tuple[str, ...]:
    try:
        return parse(pointer_text(member))
    except PatchError:
        raise RuleError(f"{member!r} is no JSON Pointer") from None


def _accepts(accepts: Mapping[tuple[str, str], Accept | Format]) -> dict[tuple[str, str], Accept]:
    accepted: dict[tuple[str, str], Accept] = {}
    given: object = accepts
    if not isinstance(given, Mapping) or not all(map(_is_pair_of_names, given)):
        raise RuleError("accepts maps pairs of a method and a media type")
    for (method, media_type), accept in accepts.items():
        if not isinstance(accept, (Accept, Format)):
            raise RuleError(f"{media_type} is accepted as a Format or an Accept")
        if media_type != media_type.lower() or ";" in media_type:
            raise RuleError(
                f"the media type {media_type!r} has to be in lower case, without parameters"
            )
        accepted[method, media_type] = Accept(accept) if isinstance(accept, Format) else accept
    if not accepted:
        raise RuleError("a resource has to accept something")
    return accepted


def _is_pair_of_names(key: object) -> bool:
    return isinstance(key, tuple) and len(key) == 2 and all(isinstance(name, str) for name in key)


def _steady(field: Field, document: Any) -> Any:
    """A document without its volatile members."""
    if not any(below.volatile for _, below in all_fields(field)):
        return document
    if type(document) is list and field.items is not None:
        return [_steady(field.items, element) for element in document]
    if type(document) is not dict:
        return document
    steady: dict[str, Any] = {}
    for name, value in document.items():
        member = (field.fields or {}).get(name, field.values)
        if member is None or not member.volatile:
            steady[name] = value if member is None else _steady(member, value)
    return steady
