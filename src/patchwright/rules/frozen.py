"""What a declaration is made of: values that nobody can change afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V", covariant=True)


class Frozen(Mapping[K, V], Generic[K, V]):
    """A mapping that is immutable, hashable where its values are, and can be pickled."""

    __slots__ = ("_members",)

    def __init__(self, members: Mapping[K, V]) -> None:
        self._members = dict(members)

    def __getitem__(self, key: K) -> V:
        return self._members[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __hash__(self) -> int:
        return hash(frozenset(self._members.items()))

    def __reduce__(self) -> tuple[Callable[[Mapping[K, V]], Frozen[K, V]], tuple[dict[K, V]]]:
        return Frozen, (self._members,)

    def __repr__(self) -> str:
        return repr(self._members)
