"""The declarations of a resource, checked and compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from string import Formatter
from typing import Any, Final, Literal

from .._checks import (
    LEAST_LIMITS,
    DirectEdit,
    Node,
    View,
    all_fields,
    direct_rules,
    field_at,
    find_lifecycle,
    find_stamps,
    merge_at_once,
    patch_at_once,
    place_of,
    replace_edit,
)
from .._json import ABSENT
from ..limits import DEFAULT_LIMITS, Limits
from ..pointer import look_up, parse, pointer_text, to_text
from ..preconditions import PRECONDITIONS, entity_tag
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
from ..rules import Accept, Access, Field, Format, Increment, Lifecycle, Mutability, Now, Rule, When
from ..rules.accept import as_accepts, check_required_headers
from ..rules.arguments import as_tuple, check_texts
from ..rules.frozen import Frozen
from .content_tags import content_tag

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


# What a client cannot change once it is there.
_FIXED: Final = (Mutability.READ_ONLY, Mutability.IMMUTABLE, Mutability.WRITE_ONCE)

# An integer that has as many bits makes no entity tag: Python refuses to write one of some
# thousand digits.
_MOST_BITS: Final = 1024
# Whether a stamp counts, or is the time; what is made of one of them does what it likes.
_COUNTS: Final[Mapping[type, bool]] = {Increment: True, Now: False}

# The types of which an entity tag can be made; a whole number is an integer (`Definition.etag`).
_OF_A_VERSION: Final = ("string", "integer", "number")

# The params that problems have, by which sentences are filled in.
_PARAMS: Final = {"nearest", "rule", "when"}.union(
    name
    for meaning in CODES.values()
    for _, name, _, _ in Formatter().parse(meaning.sentence)
    if name is not None
)

# The arguments that are collections, by where they are kept.
_OF_THE_ROOT: Final = ("fields", "rules", "at_most_one")
_OF_ITSELF: Final = (
    "accepts", "access", "editable_in", "required_headers", "order", "statuses", "sentences",
)  # fmt: skip


class Definition:
    """What a resource is: its declarations, checked and compiled, and the answers they give.

    `Resource` says what the arguments mean.
    """

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
        for argument in ("fields", "required_headers", "statuses", "sentences"):
            value = self._declaration[argument]
            if not isinstance(value, Mapping):
                raise RuleError(f"{argument} has to be a mapping, not {type(value).__name__}")
        self.name = name
        self.root = Field(
            "object", fields=fields, unknown=unknown, rules=rules, at_most_one=at_most_one
        )
        if self.root.fault is not None:
            raise self.root.fault
        self.accepts = Frozen(as_accepts(accepts))
        self.default_media_type = default_media_type
        self.access = as_tuple("access", access)
        self.challenge = challenge
        self.editable_in = None if editable_in is None else as_tuple("editable_in", editable_in)
        self.uneditable = uneditable
        self.version = version
        self.precondition = precondition
        self.required_headers = Frozen(required_headers)
        self.order = tuple(
            as_tuple("each group of codes in order", group) for group in as_tuple("order", order)
        )
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
        self.states = frozenset(() if self.lifecycle is None else self.lifecycle.states)
        stamps = [(place_of(tokens), tokens, stamp) for tokens, stamp in find_stamps(self.root)]
        self.stamped = frozenset(place for place, _, _ in stamps)
        # Those of members of the document, with whether they count, and those further down.
        self.member_stamps = tuple(
            (place, tokens[0], _COUNTS.get(type(stamp)), stamp.after)
            for place, tokens, stamp in stamps
            if len(tokens) == 1
        )
        self.inner_stamps = tuple(
            (place, tokens, stamp.after) for place, tokens, stamp in stamps if len(tokens) > 1
        )
        self._check()
        # As it was read: what the caller passed may be used up or changed later.
        self._declaration |= {key: getattr(self.root, key) for key in _OF_THE_ROOT}
        self._declaration |= {key: getattr(self, key) for key in _OF_ITSELF}
        self._answer_beforehand()
        self._judge_as(View.CLIENT)
        self._complete = True

    def _answer_beforehand(self) -> None:
        """What every request asks, and is the same for all of them."""
        fields = [field for _, field in all_fields(self.root)]
        secret = Mutability.WRITE_ONLY
        self.version_place = None if self.version is None else parse(self.version)
        self.version_name = (
            self.version_place[0] if self.version_place and len(self.version_place) == 1 else None
        )
        # What no document has stands there for no name.
        self._version_key = ABSENT if self.version_name is None else self.version_name
        # Whether a body is read otherwise than it is written (`Field.null`, `Field.coerce`).
        self.coerces = any(field.coerce for field in fields)
        self.needs_preparation = self.coerces or any(f.null == "unchanged" for f in fields)
        # Whether it matters who calls: to any member, or for what a request does.
        self.has_member_access = any(field.access for field in fields)
        self.has_operation_access = any(condition.operations for condition in self.access)
        # Whether there is a member that not everyone may read.
        self.has_hidden = any(f.visible or f.mutability is secret for f in fields)
        self.asks_for_state = self.lifecycle is not None and (
            self.editable_in is not None or any(field.editable_in is not None for field in fields)
        )
        self.has_guards = self.lifecycle is not None and bool(self.lifecycle.guards)
        # Whether a member can be judged without the rest of the document (`_checks.direct`).
        self.may_write_directly = not (
            self.root.rules
            or self.root.at_most_one
            or self.editable_in is not None
            or self.has_operation_access
            or self.has_guards
            or self.needs_preparation
            or any(getattr(self.limits, name) < least for name, least in LEAST_LIMITS.items())
        )
        self.asks_for_headers = bool(self.required_headers) or self.precondition == "required"
        asked = ("content-type", *PRECONDITIONS, *map(str.lower, self.required_headers))
        # The name of a header field that is asked for, by usual spellings of it.
        self.find_header = {
            spelt: name for name in asked for spelt in (name, name.title()) if spelt.lower() == name
        }.get
        # The first place in the order of checks of what only a document can bring: whose it is,
        # and, where a new document can be made of it, all that can be wrong with that.
        foreign = [access.refusal for access in self.access if access.tenant is not None]
        by_document = {*APPLICATION, *RULES, Code.NESTING}
        by_document |= {access.refusal for access in self.access if access.operations}
        by_document |= {access.refusal for field in fields for access in field.access}
        self.rank_of_tenants = min(self.ranks[code] for code in (Code.NOT_FOUND, *foreign))
        self.rank_of_documents = min(self.ranks[code] for code in by_document)

    def _judge_as(self, view: View) -> None:
        """From whose point of view documents are judged, and how usual requests are answered by it.

        It needs what `_answer_beforehand` has found.
        """
        self.is_system = view is View.SYSTEM  # whether this is the one for the server's own writes
        self.node = Node(self.root, view)
        # Whether all stamps are of members, and none can be written by whoever sends a request.
        self.has_plain_stamps = not (self.inner_stamps or self.is_system)
        # The rules of what can be written without looking at anything else.
        self.direct_rules = direct_rules(self.node)
        # The formats in which a request may be answered without a plan, and by which edit.
        edits: dict[Format, DirectEdit | None] = {}
        if self.may_write_directly and not self.access:
            edits[Format.MERGE_PATCH] = merge_at_once
            if not self.has_hidden:  # what is hidden can be tested, and so read
                edits[Format.JSON_PATCH] = patch_at_once
            if any(accept.format is Format.REPLACE for accept in self.accepts.values()):
                edits[Format.REPLACE] = replace_edit(self.node, self.direct_rules)
        # What is accepted of each request, and the edit, where it may be answered so.
        requests: dict[tuple[str, str], tuple[Accept, DirectEdit | None]] = {}
        # The edits alone, by media type and method: to look up both at once takes three percent
        # more of W8 b.
        self._edits: dict[str, dict[str, DirectEdit]] = {}
        for (method, media_type), accept in self.accepts.items():
            is_usual = accept.is_usual and accept.absent == "keep"
            edit = edits.get(accept.format) if is_usual else None
            if edit is not None:
                self._edits.setdefault(media_type, {})[method] = edit
            requests[method, media_type] = accept, edit
        self.find_request = requests.get

    def _check(self) -> None:
        """Refuse what no single declaration can see."""
        states = () if self.lifecycle is None else self.lifecycle.states
        known = ", ".join(map(repr, states)) or "none"
        editable = [(place, field.editable_in) for place, field in all_fields(self.root)]
        editable.append(((), self.editable_in))
        for place, allowed in editable:
            for state in allowed or ():
                if state not in states:
                    raise RuleError(
                        f"editable_in names {state!r}, which is no state; there are: {known}",
                        to_text(place),
                    )
        for access in self.access:
            if not isinstance(access, Access):
                raise RuleError(f"access is made of Access, and {access!r} is none")
        if not isinstance(self.limits, Limits):
            raise RuleError("limits has to be a Limits")
        conditions = list(self.access)
        for _, field in all_fields(self.root):
            conditions += (*field.access, *field.visible)
        places = [("version", self.version), *(("tenant", c.tenant) for c in conditions)]
        for argument, member in places:
            if member is not None:
                place = _place(argument, member)
                field = field_at(self.root, place)
                if argument == "version" and not field.allows(_OF_A_VERSION):
                    raise RuleError(
                        "version has to be a string or an integer, and this member can only be:"
                        f" {', '.join(field.types)}",
                        to_text(place),
                    )
                if argument == "version" and field.mutability is Mutability.WRITE_ONLY:
                    raise RuleError(
                        "version cannot be write_only: every entity tag would show it",
                        to_text(place),
                    )
        for condition in self.access:
            if condition.tenant is not None:
                self._check_tenant(condition.tenant)
        if self.uneditable not in {"refuse", "note"}:
            raise RuleError(f"uneditable has to be refuse or note, not {self.uneditable!r}")
        if self.precondition not in {"optional", "required"}:
            raise RuleError(
                f"precondition has to be optional or required, not {self.precondition!r}"
            )
        for argument in ("statuses", "sentences"):
            for code in getattr(self, argument):
                if code not in CODES:
                    raise RuleError(f"{argument} names {code!r}, which is no code")
        for code, status in self.statuses.items():
            if type(status) is not int or not 400 <= status <= 599:
                raise RuleError(
                    f"statuses has {status!r} for {code}; a status is an integer from 400 to 599"
                )
        check_required_headers(self.required_headers)
        check_texts(self, "name", "challenge", "error_media_type", "problem_type")
        if not self.challenge.isprintable():
            raise RuleError(f"challenge has {self.challenge!r}, which no header field can hold")
        if self.error_body is not None and not callable(self.error_body):
            raise RuleError("error_body has to be a function")
        media_types = [media_type for _, media_type in self.accepts]
        if self.default_media_type is not None and self.default_media_type not in media_types:
            raise RuleError("default_media_type has to be one that is accepted")
        for code, sentence in self.sentences.items():
            try:
                Problem(code).sentence(self.sentences)
            except (ValueError, LookupError, AttributeError):
                raise RuleError(f"the sentence for {code} cannot be filled in") from None
            for _, param, _, _ in Formatter().parse(sentence):
                if param is not None and param not in _PARAMS:
                    raise RuleError(f"the sentence for {code} has {{{param}}}, which is no param")

    def _check_tenant(self, tenant: str) -> None:
        """Refuse a tenant that whoever may write the resource may change, and so give it away."""
        place = parse(tenant)
        around = [field_at(self.root, place[:depth]) for depth in range(len(place) + 1)]
        if not any(field.mutability in _FIXED or field.access for field in around):
            raise RuleError(
                "the tenant of an Access needs to be read_only, immutable or write_once, or to"
                " have an access of its own",
                tenant,
            )

    def etag(self, document: Any) -> str:
        """The entity tag of a document: of its version member, else of its canonical bytes.

        Members that are volatile do not matter to it.
        """
        tag = self.version_tag(document)
        if tag is not None:
            return tag
        return content_tag(self.root, document)

    def version_tag(self, document: Any) -> str | None:
        """The entity tag that is made of the version member, `None` where none can be."""
        name = self.version_name
        if name is not None and type(document) is dict:  # as below, in half of the time
            version = document.get(name)
        elif self.version_place is None:
            return None
        else:
            version = look_up(document, self.version_place)
        if type(version) is str:
            return entity_tag(version)
        if type(version) is float and version.is_integer():  # 2.0 is 2
            version = int(version)
        is_short = type(version) is int and version.bit_length() < _MOST_BITS
        return f'"{version}"' if is_short else None

    def holds_usually(self, preconditions: Mapping[str, str], document: Any) -> bool:
        """Whether there is no precondition but the one that most clients send, and it holds."""
        tag = self.version_tag(document)
        return tag is not None and preconditions == {"if-match": tag}

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

    def __setattr__(self, name: str, value: object) -> None:
        if "_complete" in self.__dict__:
            raise AttributeError(f"a Resource is immutable, so {name} cannot be set; see evolve()")
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Resource is immutable, so {name} cannot be deleted; see evolve()")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"


# What Python calls the function where an argument is missing or unknown.
Definition.__init__.__qualname__ = "Resource.__init__"


def _place(argument: str, member: object) -> tuple[str, ...]:
    try:
        return parse(pointer_text(member))
    except PatchError:
        is_name = isinstance(member, str) and not member.startswith("/")
        example = f"/{member}" if is_name else "/owner"
        raise RuleError(
            f"{argument} has to be the JSON Pointer of a member, such as {example!r},"
            f" not {member!r}"
        ) from None
