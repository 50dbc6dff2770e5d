"""JSON Pointer (RFC 6901), and the one way in which this library edits a document.

A pointer is a tuple of reference tokens.  Looking up follows RFC 6901 section 4; writing copies the
containers between the root and the place that is written, once each, and nothing else
(`own_parent`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from sys import maxsize
from typing import Any, Final, TypeAlias
from urllib.parse import quote, unquote_to_bytes

from ._json import ABSENT, JSON, encodable, size
from .limits import DEFAULT_LIMITS, Limits
from .problems import Code, PatchError, Problem

__all__ = ["Pointer"]

Path: TypeAlias = tuple[str, ...]
Target: TypeAlias = tuple[Path, Path, str]
"""A place that an operation names: its tokens, the way to the container, and the last token.

Only the document has no tokens; a member of it has an empty way too, and can have an empty name.
"""

_MOST_DIGITS: Final = len(str(maxsize))


class _Indexes(dict[str, int]):
    """The array index of each token that is one (RFC 6901 section 4); `KeyError` for any other.

    Ask with brackets only: `get` and `in` know those that are ready, and no others.

    array-index = %x30 / ( %x31-39 *(%x30-39) ), so ASCII digits without leading zeros.  More digits
    than any length has are never turned into a number, which would cost the square of how many
    there are.
    """

    def __missing__(self, token: str) -> int:
        if token.isdigit() and token.isascii() and len(token) <= _MOST_DIGITS and token[0] != "0":
            return int(token)
        raise KeyError(token)


# Most indexes, ready: to check the grammar of one takes ten times as long as to find it here.
_INDEXES: Final = _Indexes({str(index): index for index in range(1_000)})
# RFC 6901 section 3: escaped = "~" ( "0" / "1" ).
_BAD_ESCAPE: Final = re.compile(r"~(?![01])")
# RFC 6901 section 6 with the fragment characters of RFC 3986 section 3.5.
_FRAGMENT_SAFE: Final = "!$&'()*+,;=:@/?~"
_FRAGMENT: Final = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*")


# No name is longer that somebody mistyped, and among more members none is looked for.
_LONGEST_TYPO: Final = 64
_MOST_MEMBERS: Final = 1_000


class Pointer:
    """A JSON Pointer: a place in a JSON document.

    `Pointer(text)` reads the string form (RFC 6901 section 3); a `Pointer` or a
    `jsonpointer.JsonPointer` is taken as it is.  Raises `PatchError` (`pointer_syntax`) for
    anything else.  Pointers are immutable, compare by their tokens and can be dictionary keys;
    `str(pointer)` is the text again.
    """

    __slots__ = ("_tokens",)
    _tokens: Path

    def __init__(self, text: str | Pointer | Any) -> None:
        self._tokens = parse_foreign(text if type(text) is str else pointer_text(text))

    @classmethod
    def of(cls, *tokens: str | int) -> Pointer:
        """The pointer with these reference tokens, unescaped; an integer is an array index."""
        return cls("".join(f"/{escape(str(token))}" for token in tokens))

    @classmethod
    def from_fragment(cls, fragment: str) -> Pointer:
        """The pointer in a URI fragment such as `#/a%20b` (RFC 6901 section 6).

        Raises `PatchError` (`pointer_syntax`) without a leading `#`, for a character that a
        fragment cannot hold, and for percent-encoded bytes that are not UTF-8.
        """
        if not fragment.startswith("#") or not _FRAGMENT.fullmatch(fragment, 1):
            raise PatchError(Problem(Code.POINTER_SYNTAX))
        try:
            return cls(unquote_to_bytes(fragment[1:]).decode())
        except UnicodeDecodeError:
            raise PatchError(Problem(Code.POINTER_SYNTAX)) from None

    @property
    def tokens(self) -> Path:
        """The reference tokens, unescaped: `("a/b", "0")` for `/a~1b/0`."""
        return self._tokens

    @property
    def fragment(self) -> str:
        """The URI fragment form, with its leading `#` (RFC 6901 section 6)."""
        return f"#{quote(str(self), safe=_FRAGMENT_SAFE)}"

    def get(self, document: JSON) -> Any:
        """The value at this place, which is part of `document`, not a copy.

        Raises `PatchError`: `target_missing` where there is nothing, `array_index` for a token that
        is no index of the array it stands for (`-` included, which is the place after the last
        element).
        """
        try:
            return resolve(document, self._tokens)
        except PatchError as error:
            raise PatchError(with_nearest(document, error.problems[0])) from None

    def __reduce__(self) -> tuple[type[Pointer], tuple[str]]:
        return Pointer, (str(self),)

    def __eq__(self, other: object) -> bool:
        return self._tokens == other._tokens if isinstance(other, Pointer) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._tokens)

    def __str__(self) -> str:
        return to_text(self._tokens)

    def __repr__(self) -> str:
        return f"Pointer({str(self)!r})"


def pointer_text(pointer: object) -> str:
    """The string form of whatever can stand for a pointer.

    A `jsonpointer.JsonPointer` is known by its `path`, so that its package need not be installed.
    """
    if isinstance(pointer, str):
        return pointer
    text = str(pointer) if isinstance(pointer, Pointer) else getattr(pointer, "path", None)
    if not isinstance(text, str):
        raise PatchError(Problem(Code.POINTER_SYNTAX))
    return text


def parse(text: str) -> Path:
    """The reference tokens of a pointer's string form; raises `PatchError` (`pointer_syntax`)."""
    if not text:
        return ()
    if text[0] != "/":
        raise PatchError(Problem(Code.POINTER_SYNTAX))
    if "~" in text:
        if _BAD_ESCAPE.search(text):
            raise PatchError(Problem(Code.POINTER_SYNTAX))
        # RFC 6901 section 4: first ~1, then ~0, so that ~01 becomes ~1 and not /.
        return tuple(token.replace("~1", "/").replace("~0", "~") for token in text[1:].split("/"))
    return tuple(text[1:].split("/"))


def parse_foreign(text: str) -> Path:
    """As `parse`, for a text that was not read: half of a surrogate pair is refused as well."""
    if not text.isascii() and not encodable(text):
        raise PatchError(Problem(Code.POINTER_SYNTAX))
    return parse(text)


def escape(token: str) -> str:
    """A reference token as it is written in a pointer (RFC 6901 section 3)."""
    return token.replace("~", "~0").replace("/", "~1") if "~" in token or "/" in token else token


def to_text(tokens: Iterable[str | int]) -> str:
    """The string form of a pointer; raises nothing."""
    return "".join([f"/{escape(str(token))}" for token in tokens])


def array_index(token: str, length: int) -> int:
    """The index that a token stands for, or -1 where it is none below `length`."""
    try:
        index = _INDEXES[token]
    except KeyError:
        return -1
    return index if index < length else -1


def target_of(path: Path) -> Target:
    """The target with these tokens."""
    return path, path[:-1], path[-1] if path else ""


def resolve(document: Any, tokens: Path) -> Any:
    """The value at a place; raises `PatchError` where there is none."""
    node = document
    try:
        for token in tokens:
            if type(node) is dict:
                node = node[token]
            elif type(node) is list:
                node = node[_INDEXES[token]]
            else:
                break
        else:
            return node
    except (KeyError, IndexError):
        pass
    raise _dead_end(document, tokens)


def _dead_end(document: Any, tokens: Path) -> PatchError:
    """What is wrong with a way that leads nowhere."""
    node, depth = document, 0
    while True:
        token = tokens[depth]
        if type(node) is list:
            index = array_index(token, len(node))
            if index < 0:
                return not_an_index(tokens, depth, len(node))
            node = node[index]
        elif type(node) is dict and token in node:
            node = node[token]
        else:
            return missing(tokens, depth)
        depth += 1


# What no document is.
_NOBODYS: Final = object()


class Edit(dict[int, Any]):
    """The containers that one edit has made, and what the edit has cost.

    It maps the identity of each container to the container itself (which keeps it alive, so that no
    identity is used twice).  They are nobody else's, so they may be changed in place.
    """

    __slots__ = ("descent", "growth", "limits", "root", "shifts")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        # Values added by copying.
        self.growth = 0
        # Array elements moved to make room or to close up.
        self.shifts = 0
        # Levels by which moves and copies can have deepened the document.
        self.descent = 0
        # The document that was written to last: while it is the edit's, nobody need look for it.
        self.root: Any = _NOBODYS

    def disown_root(self) -> None:
        """Look for the document again at the next write."""
        self.root = _NOBODYS

    def grow(self, container: Any, path: Path) -> None:
        """Pay for a copy of `container` at `path`."""
        limit = self.limits.growth
        self.growth += size(container, limit - self.growth)
        if self.growth > limit:
            raise PatchError(Problem(Code.GROWTH, to_text(path), {"limit": limit}))

    def shift(self, elements: int, path: Path) -> None:
        """Pay for the elements that an insertion or a removal moves."""
        self.shifts += elements
        if self.shifts > self.limits.shifts:
            raise PatchError(Problem(Code.SHIFTS, to_text(path), {"limit": self.limits.shifts}))


def look_up(document: Any, tokens: Path) -> Any:
    """The value at a place, or `ABSENT`."""
    try:
        return resolve(document, tokens)
    except PatchError:
        return ABSENT


def own_root(root: Any, tokens: Path, edit: Edit) -> Any:
    """The document, free to be changed in place, as the edit's copy if it was not the edit's yet.

    It becomes the root of the edit, so that nobody has to ask for it again.

    Raises `PatchError` for a document that is no container, in which `tokens` lead nowhere.
    """
    if id(root) not in edit:
        if type(root) is not dict and type(root) is not list:
            raise missing(tokens, 0)
        root = root.copy()
        edit[id(root)] = root
    edit.root = root
    return root


def own_parent(root: Any, way: Path, path: Path, edit: Edit) -> Any:
    """The container at `way`, in which `path` ends, free to be changed in place, as `root` is.

    A container on the way that is not the edit's is copied, and the copy becomes the edit's; the
    original is never touched.  Raises `PatchError` where the way leads through something that is
    not there or is no container.
    """
    node = root
    try:
        for token in way:
            # Each kind of container in a line of its own, which the interpreter is quicker at.
            key: Any = token
            if type(node) is dict:
                child = node[token]
            else:
                key = _INDEXES[token]
                child = node[key]
            if id(child) not in edit:
                if type(child) is not dict and type(child) is not list:
                    break
                node[key] = child = child.copy()
                edit[id(child)] = child
            node = child
        else:
            return node
    except (KeyError, IndexError):
        pass
    raise _dead_end(root, path)


def replaced(root: Any, target: Target, value: Any) -> Any:
    """The document with another value at a place, or `ABSENT` if the place is not found at once.

    An edit of one place takes half the time where nobody has to know which containers are copies.
    """
    path, way, last = target
    if not path or (type(root) is not dict and type(root) is not list):
        return ABSENT
    root = node = root.copy()
    try:
        for token in way:
            key: Any = token
            if type(node) is dict:  # as in `own_parent`
                child = node[token]
            else:
                key = _INDEXES[token]
                child = node[key]
            if type(child) is not dict and type(child) is not list:
                return ABSENT
            node[key] = node = child.copy()
        key = last if type(node) is dict else _INDEXES[last]
        _ = node[key]
    except (KeyError, IndexError):
        return ABSENT
    node[key] = value
    return root


def missing(tokens: Path, depth: int) -> PatchError:
    """There is nothing at `tokens`: the way ends before `tokens[depth]`."""
    return PatchError(
        Problem(Code.TARGET_MISSING, to_text(tokens), {"nearest": to_text(tokens[:depth])})
    )


def with_nearest(document: Any, problem: Problem) -> Problem:
    """The problem of `missing`, which names the member that was probably meant, if there is one.

    Only for those who read it: looking for a similar name costs far more than finding none.
    """
    if problem.code is not Code.TARGET_MISSING:
        return problem
    assert problem.pointer is not None
    around = parse(problem.params["nearest"])
    members = look_up(document, around)
    tokens = parse(problem.pointer)
    if (
        type(members) is not dict
        or len(members) > _MOST_MEMBERS
        or len(tokens[len(around)]) > _LONGEST_TYPO
    ):
        return problem
    names = [name for name in members if type(name) is str and len(name) <= _LONGEST_TYPO]
    near = get_close_matches(tokens[len(around)], names, 1)
    return problem.with_params({"nearest": to_text((*around, *near))})


def not_an_index(tokens: Path, depth: int, length: int) -> PatchError:
    """`tokens[depth]` is no index of the array before it, which has `length` elements."""
    facts = {"nearest": to_text(tokens[:depth]), "length": length}
    return PatchError(Problem(Code.ARRAY_INDEX, to_text(tokens), facts))


def put(root: Any, tokens: Path, value: Any, edit: Edit) -> Any:
    """The document with `value` at a place whose container exists; `ABSENT` removes a member.

    Array elements are replaced, never inserted or removed.  Raises `PatchError` where the way to
    the place is missing.
    """
    if not tokens:
        return value
    root = own_root(root, tokens, edit)
    last = tokens[-1]
    parent = own_parent(root, tokens[:-1], tokens, edit)
    if type(parent) is list:
        index = array_index(last, len(parent))
        if index < 0:
            raise not_an_index(tokens, len(tokens) - 1, len(parent))
        parent[index] = value
    elif value is ABSENT:
        parent.pop(last, None)
    else:
        parent[last] = value
    return root
