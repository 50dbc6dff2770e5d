"""Who calls, and who may.

The host authenticates; here it is only said what an authenticated caller needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..problems import Code, RuleError
from .arguments import as_names, as_set, as_tuple, check_texts
from .frozen import Frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sends a request, as the host found out.

    `credentials` are `"valid"`, `"missing"` or `"invalid"`.  `kind` is the kind of authentication,
    `scopes` and `roles` are what it grants for this resource, `tenant` is whose data the caller may
    see, and `facts` is whatever else an `Access` asks for.  Raises `RuleError` for other
    credentials, and for scopes, roles and facts of another type.
    """

    credentials: Literal["valid", "missing", "invalid"] = "valid"
    kind: str = ""
    scopes: Iterable[str] = frozenset()
    roles: Iterable[str] = frozenset()
    tenant: Any = field(default=None, hash=False)
    facts: Mapping[str, Any] = field(default=Frozen({}), hash=False)

    def __post_init__(self) -> None:
        if self.credentials not in ("valid", "missing", "invalid"):
            raise RuleError("credentials have to be valid, missing or invalid")
        for attribute in ("scopes", "roles"):
            object.__setattr__(self, attribute, as_set(attribute, getattr(self, attribute)))
        object.__setattr__(self, "facts", Frozen(_facts(self.facts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One condition on the caller: any of the alternatives given is enough.

    `operations` are the JSON Patch operations that the condition is for: a "move" is a "remove" and
    an "add" as well, and a "copy" is an "add".  A request in another format counts as "add",
    "remove" or "replace" by what it changes.  Without them it is for every request.

    `scopes`, `roles` and `kinds` name what the caller may have; `facts` maps a fact of the caller
    to the values it may have; `tenant` is the JSON Pointer of the member that has to be the
    caller's tenant.  All the `Access` of a resource have to hold.

    `code` is what a refusal says.  Without it: `not_found` for a tenant (what belongs to others
    does not exist), `insufficient_scope` where only scopes are asked for, else `forbidden`.  `name`
    tells two conditions with the same code apart.  Raises `RuleError` for an argument of another
    type, for an operation or a code that does not exist, and where no alternative is given.
    """

    scopes: Iterable[str] = ()
    roles: Iterable[str] = ()
    kinds: Iterable[str] = ()
    facts: Mapping[str, Iterable[Any]] = field(default=Frozen({}), hash=False)
    tenant: str | None = None
    operations: Iterable[str] = ()
    code: Code | None = None
    name: str = ""
    origin: str = ""

    def __post_init__(self) -> None:
        for attribute in ("scopes", "roles", "kinds", "operations"):
            object.__setattr__(self, attribute, as_set(attribute, getattr(self, attribute)))
        check_texts(self, "name", "origin")
        facts = {
            name: as_tuple(f"the fact {name!r}", allowed)
            for name, allowed in _facts(self.facts).items()
        }
        object.__setattr__(self, "facts", Frozen(facts))
        if not (self.scopes or self.roles or self.kinds or facts or self.tenant is not None):
            raise RuleError("an Access needs at least one alternative")
        for operation in self.operations:
            if operation not in _OPERATIONS:
                raise RuleError(
                    f"{operation!r} is no operation; there are: {', '.join(_OPERATIONS)}"
                )
        if self.tenant is not None and not str(self.tenant).startswith("/"):
            raise RuleError(
                f"tenant has to be the JSON Pointer of a member, such as '/owner',"
                f" not {self.tenant!r}"
            )
        code = self.code
        if code is None:
            only_scopes = not (self.roles or self.kinds or facts)
            code = Code.INSUFFICIENT_SCOPE if only_scopes else Code.FORBIDDEN
            if self.tenant is not None:
                code = Code.NOT_FOUND
        elif code not in _ACCESS_CODES:
            raise RuleError(
                f"{code} is no code of an Access; there are: {', '.join(_ACCESS_CODES)}"
            )
        object.__setattr__(self, "code", Code(code))

    @property
    def refusal(self) -> Code:
        """The code of a refusal."""
        assert self.code is not None
        return self.code

    @property
    def facts_of_refusal(self) -> dict[str, str]:
        """The params of a refusal: the rule's name, where it has one."""
        return {"rule": self.name} if self.name else {}


_OPERATIONS = ("add", "remove", "replace", "move", "copy", "test")
_ACCESS_CODES = (Code.INSUFFICIENT_SCOPE, Code.FORBIDDEN, Code.NOT_FOUND)


def _facts(facts: object) -> Mapping[str, Any]:
    if not isinstance(facts, Mapping):
        raise RuleError(f"facts has to be a mapping of names to values, not {type(facts).__name__}")
    as_names("facts", facts.keys())
    return facts
