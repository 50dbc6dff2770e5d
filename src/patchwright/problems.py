"""What can be wrong, as data.

One table, `CODES`, says everything that is fixed about a code: the HTTP status a server would
usually answer with, and the sentence for people.  Codes, pointers and params are the contract of
this library; sentences are not, and no sentence and no param ever holds a value of the stored
document, the names of declared states aside.

Three families, and whose fault each is:

* `Problem` is the client's: a record, collected in a verdict, never raised by the resource engine.
* `PatchError` carries problems out of the RFC tools (`Pointer`, `JsonPatch`, `MergePatch`), which
  have no verdict to put them in.
* `RuleError` is the programmer's: a declaration that cannot mean anything, raised where it is
  written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from ._record import Record

__all__ = [
    "APPLICATION",
    "CODES",
    "FORM",
    "READING",
    "RULES",
    "Code",
    "Meaning",
    "PatchError",
    "Problem",
    "RuleError",
    "problem_order",
    "shortened",
]


class Code(StrEnum):
    """Every reason for which an update, a patch or a document can be refused."""

    # The request as a message.
    METHOD = "method"
    MEDIA_TYPE = "media_type"
    HEADER = "header"
    # Reading the body (RFC 8259).
    BODY_MISSING = "body_missing"
    BODY_TOO_LARGE = "body_too_large"
    ENCODING = "encoding"
    SYNTAX = "syntax"
    DUPLICATE_MEMBER = "duplicate_member"
    NUMBER = "number"
    SURROGATE = "surrogate"
    NESTING = "nesting"
    NOT_JSON = "not_json"
    # The form of the request document (RFC 6901, RFC 6902).
    BODY_TYPE = "body_type"
    TOO_MANY_OPERATIONS = "too_many_operations"
    OPERATION_TYPE = "operation_type"
    OPERATION_UNKNOWN = "operation_unknown"
    OPERATION_MEMBER = "operation_member"
    POINTER_SYNTAX = "pointer_syntax"
    POINTER_TOO_LONG = "pointer_too_long"
    MOVE_INTO_ITSELF = "move_into_itself"
    FIELD_MASK = "field_mask"
    # The caller.
    UNAUTHORIZED = "unauthorized"
    INSUFFICIENT_SCOPE = "insufficient_scope"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    # Preconditions (RFC 9110 section 13, RFC 6585 section 3).
    PRECONDITION_FAILED = "precondition_failed"
    PRECONDITION_REQUIRED = "precondition_required"
    # Applying a patch to the stored document.
    TARGET_MISSING = "target_missing"
    ARRAY_INDEX = "array_index"
    TEST_FAILED = "test_failed"
    DOCUMENT_REMOVED = "document_removed"
    GROWTH = "growth"
    SHIFTS = "shifts"
    INEXPRESSIBLE = "inexpressible"
    # Rules: where a client may write.
    UNKNOWN_MEMBER = "unknown_member"
    READ_ONLY = "read_only"
    IMMUTABLE = "immutable"
    WRITE_ONCE = "write_once"
    WRITE_ONLY = "write_only"
    APPEND_ONLY = "append_only"
    NEVER_CLEAR = "never_clear"
    STATE = "state"
    TRANSITION = "transition"
    GUARD = "guard"
    # Rules: what a value may be (JSON Schema validation, sections 6 and 7).
    REQUIRED = "required"
    FORBIDDEN_MEMBER = "forbidden_member"
    AT_MOST_ONE = "at_most_one"
    RULE = "rule"
    DUPLICATE_KEY = "duplicate_key"
    TYPE = "type"
    ENUM = "enum"
    PATTERN = "pattern"
    FORMAT = "format"
    MIN_LENGTH = "min_length"
    MAX_LENGTH = "max_length"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    EXCLUSIVE_MINIMUM = "exclusive_minimum"
    EXCLUSIVE_MAXIMUM = "exclusive_maximum"
    MULTIPLE_OF = "multiple_of"
    MIN_ITEMS = "min_items"
    MAX_ITEMS = "max_items"
    UNIQUE_ITEMS = "unique_items"
    MIN_PROPERTIES = "min_properties"
    MAX_PROPERTIES = "max_properties"
    KEY = "key"


class Meaning(NamedTuple):
    """What is fixed about a code: its usual status, and a sentence with its params as fields."""

    status: int
    sentence: str


# Statuses: RFC 5789 section 2.2 (malformed 400, unsupported 415, unprocessable 422, conflict 409),
# RFC 9110 section 15.5, RFC 6585 section 3 (428).
CODES: Mapping[Code, Meaning] = MappingProxyType(
    {
        Code.METHOD: Meaning(405, "This method is not accepted here; accepted: {allowed}."),
        Code.MEDIA_TYPE: Meaning(415, "This media type is not accepted here; accepted: {allowed}."),
        Code.HEADER: Meaning(
            400, "The header {name} is missing or has a value that is not accepted."
        ),
        Code.BODY_MISSING: Meaning(400, "The request needs a body."),
        Code.BODY_TOO_LARGE: Meaning(413, "The body is larger than {limit} bytes."),
        Code.ENCODING: Meaning(400, "This is not UTF-8: byte {offset} cannot be decoded."),
        Code.SYNTAX: Meaning(400, "This is not JSON: line {line}, column {column}."),
        Code.DUPLICATE_MEMBER: Meaning(400, "An object names this member more than once."),
        Code.NUMBER: Meaning(400, "A number is not finite or has more than {limit} digits."),
        Code.SURROGATE: Meaning(400, "A string holds half of a surrogate pair."),
        Code.NESTING: Meaning(413, "The nesting is deeper than {limit} levels."),
        Code.NOT_JSON: Meaning(400, "What is of the Python type {type} here is not JSON."),
        Code.BODY_TYPE: Meaning(400, "The body has to be a JSON {expected}."),
        Code.TOO_MANY_OPERATIONS: Meaning(413, "There are more than {limit} operations."),
        Code.OPERATION_TYPE: Meaning(400, "An operation has to be an object."),
        Code.OPERATION_UNKNOWN: Meaning(400, "The operation is none of {allowed}."),
        Code.OPERATION_MEMBER: Meaning(400, 'The operation needs "{member}", a {expected}.'),
        Code.POINTER_SYNTAX: Meaning(
            400, "This is no JSON Pointer: each segment starts with '/', and '~' is written '~0'."
        ),
        Code.POINTER_TOO_LONG: Meaning(
            413, "The pointer has more segments or characters than {limit}."
        ),
        Code.MOVE_INTO_ITSELF: Meaning(400, "A value cannot be moved into itself."),
        Code.FIELD_MASK: Meaning(400, "The field mask is no list of paths such as a.b,c."),
        Code.UNAUTHORIZED: Meaning(401, "Valid credentials are needed."),
        Code.INSUFFICIENT_SCOPE: Meaning(
            403, "The credentials lack a scope that this request needs."
        ),
        Code.FORBIDDEN: Meaning(403, "The caller may not do this."),
        Code.NOT_FOUND: Meaning(404, "There is no such resource."),
        Code.PRECONDITION_FAILED: Meaning(412, "The precondition {header} does not hold."),
        Code.PRECONDITION_REQUIRED: Meaning(428, "The request needs the precondition {header}."),
        Code.TARGET_MISSING: Meaning(409, "There is nothing at this place."),
        Code.ARRAY_INDEX: Meaning(
            409, "This is no index of the array, which has {length} elements."
        ),
        Code.TEST_FAILED: Meaning(409, "The value is not the one the operation tests for."),
        Code.DOCUMENT_REMOVED: Meaning(409, "The patch leaves no document."),
        Code.GROWTH: Meaning(413, 'The "copy" operations add more than {limit} values.'),
        Code.SHIFTS: Meaning(413, "The operations shift more than {limit} array elements."),
        Code.INEXPRESSIBLE: Meaning(422, "A merge patch cannot set a member to null."),
        Code.UNKNOWN_MEMBER: Meaning(422, "There is no such member."),
        Code.READ_ONLY: Meaning(422, "The member is read-only."),
        Code.IMMUTABLE: Meaning(422, "The member is fixed when the resource is created."),
        Code.WRITE_ONCE: Meaning(422, "The member can be set once and has been set."),
        Code.WRITE_ONLY: Meaning(422, "The member can be written, not tested, copied or moved."),
        Code.APPEND_ONLY: Meaning(422, "Elements can be added at the end, and not changed."),
        Code.NEVER_CLEAR: Meaning(422, "The member can be changed, and not cleared."),
        Code.STATE: Meaning(
            409, "This cannot be changed in the state {state}; it can be in: {allowed}."
        ),
        Code.TRANSITION: Meaning(
            409, "The state cannot change from {from} to {to}; allowed: {allowed}."
        ),
        Code.GUARD: Meaning(409, "The state cannot become {to} while these are amiss: {missing}."),
        Code.REQUIRED: Meaning(422, "The member is required."),
        Code.FORBIDDEN_MEMBER: Meaning(
            422, 'The member has no place beside this value of "{when}".'
        ),
        Code.AT_MOST_ONE: Meaning(422, "At most one of these members can be given: {members}."),
        Code.RULE: Meaning(422, "These members do not go together ({rule}): {members}."),
        Code.DUPLICATE_KEY: Meaning(422, "Another element of the array has the same {key}."),
        Code.TYPE: Meaning(422, "The value has to be of the type {expected}."),
        Code.ENUM: Meaning(422, "The value is none of {allowed}."),
        Code.PATTERN: Meaning(422, "The text does not have the form that is asked for ({rule})."),
        Code.FORMAT: Meaning(422, "The text is no {format}."),
        Code.MIN_LENGTH: Meaning(422, "The length of the text is less than {limit}."),
        Code.MAX_LENGTH: Meaning(422, "The length of the text is greater than {limit}."),
        Code.MINIMUM: Meaning(422, "The number is less than {limit}."),
        Code.MAXIMUM: Meaning(422, "The number is greater than {limit}."),
        Code.EXCLUSIVE_MINIMUM: Meaning(422, "The number is not greater than {limit}."),
        Code.EXCLUSIVE_MAXIMUM: Meaning(422, "The number is not less than {limit}."),
        Code.MULTIPLE_OF: Meaning(422, "The number is no multiple of {limit}."),
        Code.MIN_ITEMS: Meaning(422, "The array has fewer than {limit} elements."),
        Code.MAX_ITEMS: Meaning(422, "The array has more than {limit} elements."),
        Code.UNIQUE_ITEMS: Meaning(422, "Two elements of the array are equal."),
        Code.MIN_PROPERTIES: Meaning(422, "The object has fewer than {limit} members."),
        Code.MAX_PROPERTIES: Meaning(422, "The object has more than {limit} members."),
        Code.KEY: Meaning(422, "The name of the member does not have the form asked for ({rule})."),
    }
)

# The stages of the pipeline as tuples of codes, from which an order of checks is put together.
READING = (
    Code.BODY_MISSING, Code.BODY_TOO_LARGE, Code.ENCODING, Code.SYNTAX, Code.DUPLICATE_MEMBER,
    Code.NUMBER, Code.SURROGATE, Code.NESTING, Code.NOT_JSON,
)  # fmt: skip
FORM = (
    Code.BODY_TYPE, Code.TOO_MANY_OPERATIONS, Code.OPERATION_TYPE, Code.OPERATION_UNKNOWN,
    Code.OPERATION_MEMBER, Code.POINTER_SYNTAX, Code.POINTER_TOO_LONG, Code.MOVE_INTO_ITSELF,
    Code.FIELD_MASK,
)  # fmt: skip
APPLICATION = (
    Code.TARGET_MISSING, Code.ARRAY_INDEX, Code.TEST_FAILED, Code.DOCUMENT_REMOVED, Code.GROWTH,
    Code.SHIFTS, Code.INEXPRESSIBLE,
)  # fmt: skip
RULES = tuple(Code)[tuple(Code).index(Code.UNKNOWN_MEMBER) :]

# No text for people is longer than this many characters, whatever a client put into a pointer.
_LONGEST_SHOWN = 120


# Of all problems without facts, and none gives it out: `params` is made anew.  No proxy can be
# pickled.
_NO_FACTS: Final[Mapping[str, Any]] = {}


class Problem(Record):
    """One thing that is wrong.

    `code` says what, and `params` carries the facts that belong to it (JSON values: `{"limit":
    80}`).  `pointer` is the place in the resource as an RFC 6901 string: `""` is the whole
    document, `None` means that the fault is not in the resource.  `source` is the place in the
    request body, and `operation` the index of the JSON Patch operation concerned; both are `None`
    where they do not apply.
    """

    __slots__ = ("_code", "_operation", "_params", "_pointer", "_source")
    __match_args__ = ("code", "pointer", "params", "operation", "source")
    _unhashed = frozenset({"params"})

    def __init__(
        self,
        code: Code,
        pointer: str | None = None,
        params: Mapping[str, Any] | None = None,
        operation: int | None = None,
        source: str | None = None,
    ) -> None:
        self._code = code
        self._pointer = pointer
        self._params: Mapping[str, Any] = _NO_FACTS if params is None else params
        self._operation = operation
        self._source = source

    @property
    def code(self) -> Code:
        """What is wrong."""
        return self._code

    @property
    def pointer(self) -> str | None:
        """The place in the resource."""
        return self._pointer

    @property
    def params(self) -> Mapping[str, Any]:
        """The facts that belong to the code, which are the caller's own."""
        return {
            name: [*fact] if isinstance(fact, list) else fact for name, fact in self._params.items()
        }

    @property
    def operation(self) -> int | None:
        """The index of the JSON Patch operation."""
        return self._operation

    @property
    def source(self) -> str | None:
        """The place in the request body."""
        return self._source

    @property
    def detail(self) -> str:
        """The sentence for people.  It is not part of the contract."""
        return self.sentence({})

    def sentence(self, sentences: Mapping[Code, str]) -> str:
        """The sentence in other words: `sentences` has them by code, with params as fields."""
        text = sentences.get(self.code, CODES[self.code].sentence)
        return text.format_map(_Facts(self._params))

    def at(self, *, operation: int | None = None, source: str | None = None) -> Problem:
        """The same problem, placed in the request."""
        return Problem(self._code, self._pointer, self._params, operation, source)

    def with_params(self, params: Mapping[str, Any]) -> Problem:
        """The same problem, with other facts."""
        return Problem(self._code, self._pointer, params, self._operation, self._source)

    def __str__(self) -> str:
        place = self.pointer if self.pointer is not None else self.source
        where = "" if place is None else f" at {shortened(place)!r}"
        which = "" if self.operation is None else f" (operation {self.operation})"
        return f"{self.code}{where}{which}: {self.detail}"


class _Facts(dict[str, Any]):
    """Params as they read in a sentence."""

    def __getitem__(self, name: str) -> object:
        fact = self.get(name)
        if isinstance(fact, (list, tuple)):
            return ", ".join(map(_fact_text, fact)) or "none"
        return _fact_text(fact)


def _fact_text(fact: object) -> str:
    return "null" if fact is None else str(fact)


def shortened(text: str) -> str:
    """A text of a client's as it is shown to people."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


class PatchError(ValueError):
    """A request that cannot be read or a patch that cannot be applied, raised by the RFC tools.

    `problems` holds every problem that was found, at least one; `code`, `pointer`, `params`,
    `operation` and `source` are those of the first.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems: tuple[Problem, ...] = problems

    @property
    def code(self) -> Code:
        """The code of the first problem."""
        return self.problems[0].code

    @property
    def pointer(self) -> str | None:
        """The place of the first problem in the document."""
        return self.problems[0].pointer

    @property
    def params(self) -> Mapping[str, Any]:
        """The facts of the first problem."""
        return self.problems[0].params

    @property
    def operation(self) -> int | None:
        """The index of the JSON Patch operation that the first problem concerns."""
        return self.problems[0].operation

    @property
    def source(self) -> str | None:
        """The place of the first problem in the request body."""
        return self.problems[0].source

    def __str__(self) -> str:
        more = len(self.problems) - 1
        return f"{self.problems[0]}" + (f" (and {more} more)" if more else "")


class RuleError(ValueError):
    """A declaration that is wrong: raised where it is written, never because of a client's input.

    `member` is the JSON Pointer of the member whose rule is wrong, `""` for the resource itself.
    """

    def __init__(self, reason: str, member: str = "") -> None:
        super().__init__(reason, member)
        self.reason = reason
        self.member = member

    def __str__(self) -> str:
        return f"{self.member}: {self.reason}" if self.member else self.reason

    def under(self, name: str) -> RuleError:
        """The same error, seen from the declaration that holds the member `name`."""
        return RuleError(self.reason, f"/{name.replace('~', '~0').replace('/', '~1')}{self.member}")


def problem_order(groups: Iterable[Iterable[Code]]) -> Mapping[Code, int]:
    """The rank of each code in an order of checks, which must name every code exactly once.

    Raises `RuleError` for a code that stands in no group or in two, and for what is no code.
    """
    ranks: dict[Code, int] = {}
    for rank, group in enumerate(groups):
        for code in group:
            if code not in CODES:
                raise RuleError(f"the order of checks names {code!r}, which is no code")
            if code in ranks:
                raise RuleError(f"the code {code} stands twice in the order of checks")
            ranks[Code(code)] = rank
    missing = [str(code) for code in Code if code not in ranks]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        raise RuleError(f"the order of checks does not name {', '.join(missing[:3])}{more}")
    return MappingProxyType(ranks)
