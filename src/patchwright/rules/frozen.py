"""What a declaration is made of: values that nobody can change afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)


class Frozen(Mapping[K, V_co], Generic[K, V_co]):
    """A mapping that is immutable, hashable where its values are, and can be pickled."""

    __slots__ = ("_members",)

    def __init__(self, members: Mapping[K, V_co]) -> None:
        self._members = dict(members)

    def __getitem__(self, key: K) -> V_co:
        return self._members[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __hash__(self) -> int:
        return hash(frozenset(self._members.items()))

    def __reduce__(
        self,
    ) -> tuple[Callable[[Mapping[K, V_co]], Frozen[K, V_co]], tuple[dict[K, V_co]]]:
        return Frozen, (self._members,)

    def __repr__(self) -> str:
        return repr(self._members)
