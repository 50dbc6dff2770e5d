"""What is accepted of a request, and how it is to be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal

from ..problems import RuleError
from .arguments import as_names, check_texts

# RFC 9110 sections 8.3.1 and 5.6.2: media-type = type "/" subtype parameters, both tokens.
_MEDIA_TYPE: Final = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+/[!#$%&'*+.^_`|~0-9a-z-]+")


class Format(Enum):
    """The ways in which a body can say what is to change."""

    JSON_PATCH = "json_patch"
    """RFC 6902: an array of operations."""
    MERGE_PATCH = "merge_patch"
    """RFC 7396: members given replace, null removes, objects are merged."""
    OVERWRITE = "overwrite"
    """Top-level members given replace the stored ones whole; null is a value; others stay."""
    FIELD_MASK = "field_mask"
    """Members named by a mask are taken from the body (AIP-134, AIP-161)."""
    REPLACE = "replace"
    """The body is the whole new document (RFC 9110 section 9.3.4)."""


def _hint(value: object) -> str:
    """How the format is written that a text names; nothing for a value that names none."""
    names = {form.value: form.name for form in Format}
    return f"; write Format.{names[value]}" if isinstance(value, str) and value in names else ""


@dataclass(frozen=True, slots=True)
class Accept:
    """One kind of request that a resource accepts.

    * `judges`: `"change"` judges what the request would change.  `"request"` judges also what it
      says: each member in it has to be one that exists and each value one that is allowed, whether
      or not it differs from the stored one, and all of it is known before the document is loaded.
    * `locked`: what a member that the client may not write means in a request.  `"refuse_change"`
      lets it stand where it equals the stored one, `"refuse_presence"` never does, `"ignore"`
      leaves it aside.
    * `absent`: of `REPLACE` only.  `"keep"` removes the client's members that are missing and keeps
      the server's; `"refuse"` asks for every member that is declared.
    * `empty_body`: `"refuse"`, or `"unchanged"` where no body means no change.
    * `mask`: of `FIELD_MASK` only, the member of the body that holds the mask; the value is then
      the member `unwrap`.
    * `unwrap`: the member of a body that is an object in which the patch may be wrapped.

    Raises `RuleError` for a setting that does not exist, has another type or does not belong to the
    format.
    """

    format: Format
    judges: Literal["change", "request"] = "change"
    locked: Literal["refuse_change", "refuse_presence", "ignore"] = "refuse_change"
    absent: Literal["keep", "refuse"] = "keep"
    empty_body: Literal["refuse", "unchanged"] = "refuse"
    unwrap: str | None = None
    mask: str | None = None
    origin: str = ""
    is_usual: bool = field(init=False, repr=False, compare=False, default=False)
    """Whether a request is judged by what it would change, and by nothing else."""

    def __post_init__(self) -> None:
        if not isinstance(self.format, Format):
            raise RuleError(f"{self.format!r} is no Format{_hint(self.format)}")
        named = [name for name in ("unwrap", "mask") if getattr(self, name) is not None]
        check_texts(self, "origin", *named)
        for setting, choices in _CHOICES.items():
            value = getattr(self, setting)
            if value not in choices:
                raise RuleError(f"{setting} has to be one of: {', '.join(choices)}; not {value!r}")
        if self.absent != "keep" and self.format is not Format.REPLACE:
            raise RuleError("absent is a setting of Format.REPLACE")
        if self.unwrap is not None and self.format not in (Format.JSON_PATCH, Format.FIELD_MASK):
            raise RuleError("unwrap is a setting of Format.JSON_PATCH and Format.FIELD_MASK")
        if self.mask is not None and self.format is not Format.FIELD_MASK:
            raise RuleError("mask is a setting of Format.FIELD_MASK")
        if self.format is Format.FIELD_MASK and (self.mask is None or self.unwrap is None):
            raise RuleError("Format.FIELD_MASK needs both mask and unwrap")
        if self.mask is not None and self.mask == self.unwrap:
            raise RuleError("mask and unwrap have to be two members of the body")
        usual = self.judges == "change" and self.locked == "refuse_change"
        object.__setattr__(self, "is_usual", usual)


_CHOICES = {
    "judges": ("change", "request"),
    "locked": ("refuse_change", "refuse_presence", "ignore"),
    "absent": ("keep", "refuse"),
    "empty_body": ("refuse", "unchanged"),
}


def as_accepts(
    accepts: Mapping[tuple[str, str], Accept | Format],
) -> dict[tuple[str, str], Accept]:
    """What is accepted of each (method, media type), as `Accept`.

    The media type `""` is that of a request that has none.  Raises `RuleError` for what is no
    mapping of such pairs, and for a method or a media type that no request can have.
    """
    accepted: dict[tuple[str, str], Accept] = {}
    given: object = accepts
    if not isinstance(given, Mapping) or not all(map(_is_pair_of_names, given)):
        raise RuleError(
            "accepts has to be a mapping of (method, media type) pairs,"
            " such as ('PATCH', 'application/merge-patch+json')"
        )
    for (method, media_type), accept in accepts.items():
        if not isinstance(accept, (Accept, Format)):
            raise RuleError(
                f"accepts has {accept!r} for {media_type}, which is neither a Format nor an Accept"
                f"{_hint(accept)}"
            )
        if method != method.upper():
            raise RuleError(f"the method {method!r} has to be in capitals")
        if media_type != media_type.lower() or ";" in media_type:
            raise RuleError(
                f"the media type {media_type!r} has to be in lower case, without parameters"
            )
        if media_type and not _MEDIA_TYPE.fullmatch(media_type):
            raise RuleError(
                f"the media type {media_type!r} has to be a type and a subtype, such as"
                " 'application/json'"
            )
        if "*" in media_type:
            raise RuleError(f"the media type {media_type!r} of accepts has to be a single one")
        accepted[method, media_type] = Accept(accept) if isinstance(accept, Format) else accept
    if not accepted:
        raise RuleError("a resource has to accept something")
    return accepted


def _is_pair_of_names(key: object) -> bool:
    return isinstance(key, tuple) and len(key) == 2 and all(isinstance(name, str) for name in key)


def check_required_headers(headers: Mapping[str, str]) -> None:
    """Raise `RuleError` for a header field that no request can have with its value.

    `Content-Type` is none that can be required: `as_accepts` has what is accepted of it.
    """
    names: set[str] = set()
    for header, text in headers.items():
        as_names("required_headers", (header, text))
        name = header.lower()
        if name == "content-type":
            raise RuleError(
                "required_headers names Content-Type; accepts says which media types there are"
            )
        if name in names or not name or (header, text) != (header.strip(), text.strip()):
            raise RuleError(
                f"required_headers has {header!r}: {text!r}; there may be no white space"
                " around either, and no name twice or empty"
            )
        names.add(name)
