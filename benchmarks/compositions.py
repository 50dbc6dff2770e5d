"""What a server does without patchwright: a reader, a patch library, a validator, and some code.

The code is what a careful user would write for the small task: the rules that no validator knows
(what is read-only, which state may follow which, which version was meant) and the stamps.  The
answer is the new document, or a word for why there is none.  It does less than patchwright does:
it says neither where the fault is nor what else is wrong, and reads JSON as leniently as orjson.
"""

from collections.abc import Callable, Iterable
from typing import Any

import orjson

from .task import READ_ONLY, TRANSITIONS

Handler = Callable[[dict[str, str], Any, str], Any]


def by_table(before: str, after: str) -> bool:
    """Whether a state may follow another."""
    return after in TRANSITIONS[before]


def handler(
    stored: Any,
    read: Callable[[Any], Any],
    candidate: Callable[[Any, Any], Any],
    conforms: Callable[[Any], bool],
    follows: Callable[[str, str], bool] = by_table,
) -> Handler:
    """A function of the headers, the body and the time of a request to the stored document."""

    def handle(headers: dict[str, str], body: Any, now: str) -> Any:
        if headers["If-Match"] != f'"{stored["version"]}"':
            return "precondition_failed"
        try:
            new = candidate(stored, read(body))
        except Exception:  # noqa: BLE001 (each library has its own)
            return "not_applicable"
        if not conforms(new):
            return "invalid"
        for name in READ_ONLY:
            if new.get(name) != stored.get(name):
                return "read_only"
        if new["status"] != stored["status"] and not follows(stored["status"], new["status"]):
            return "transition"
        if new == stored:
            return stored
        new["modified"] = now
        new["version"] += 1
        return new

    return handle


def as_it_is(body: Any) -> Any:
    """The body where it has been parsed already."""
    return body


def merged(document: Any, patch: Any) -> Any:
    """The document after a merge patch; what is merged into is copied, and no more."""
    if not isinstance(patch, dict):
        return patch
    new = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            new.pop(name, None)
        else:
            new[name] = merged(new.get(name), value)
    return new


def replaced(document: Any, body: Any) -> Any:
    """The body as the new document, with what the server owns and the client has left out."""
    return {name: document[name] for name in READ_ONLY if name in document} | body


class Patching:
    """A patch library with a validator."""

    def __init__(self, patcher: Any, validator: Any) -> None:
        self.LABEL = f"orjson + {patcher.LABEL} + {validator.LABEL}"
        self.VERSION = f"{orjson.__version__} + {patcher.VERSION} + {validator.VERSION}"
        self._patch = patcher.patch
        self._conforms = validator.conforms

    def patch_update(self, stored: Any) -> Handler:
        """From JSON text."""
        return handler(stored, orjson.loads, self._patch, self._conforms)


class Merging:
    """A validator, for the formats that need no library."""

    def __init__(self, validator: Any) -> None:
        self.LABEL = f"orjson + {validator.LABEL}"
        self.VERSION = f"{orjson.__version__} + {validator.VERSION}"
        self._conforms = validator.conforms

    def merge_update(self, stored: Any) -> Handler:
        """From JSON text."""
        return handler(stored, orjson.loads, merged, self._conforms)

    def merge_update_parsed(self, stored: Any) -> Handler:
        """From a parsed body."""
        return handler(stored, as_it_is, merged, self._conforms)

    def put_update(self, stored: Any) -> Handler:
        """From JSON text."""
        return handler(stored, orjson.loads, replaced, self._conforms)

    def put_update_parsed(self, stored: Any) -> Handler:
        """From a parsed body."""
        return handler(stored, as_it_is, replaced, self._conforms)


def compositions(patchers: Iterable[Any], validators: Iterable[Any]) -> list[Any]:
    """Each patch library with each validator, and each validator by itself."""
    validators = list(validators)
    return [
        *(Patching(patcher, validator) for patcher in patchers for validator in validators),
        *map(Merging, validators),
    ]
