"""Keeping what was made of texts and answers that stay the same from contract to contract."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Generic, TypeVar

Name = TypeVar("Name", bound=str)
Owner = TypeVar("Owner")
T = TypeVar("T")


class Lazy(Mapping[Name, T]):
    """Named things, each made when it is first asked for."""

    def __init__(self, makers: Mapping[Name, Callable[[], T]]) -> None:
        self._makers = makers
        self._made: dict[Name, T] = {}

    def __getitem__(self, name: Name) -> T:
        """Return the thing of a name; KeyError when there is none."""
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        """Tell whether there is a thing of this name, without making it."""
        return name in self._makers

    def __iter__(self) -> Iterator[Name]:
        """Iterate over the names."""
        return iter(self._makers)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._makers)


class Memo(Generic[T]):
    """Results of one pure function, by the objects they were made of and the values they depend on.

    ``owners`` count by identity and must never change; they stay alive as long as the result is kept.
    ``key`` counts by value; what cannot be hashed, such as a list of rows, is made anew each time.
    Between ``size`` and twice as many results are kept, those in use among them; ``weigh`` tells how
    many a result counts as. Threads may share a memo: at worst two make the same
    result, or some results are let go early.
    """

    def __init__(self, size: int, weigh: Callable[[T], int] | None = None) -> None:
        self._size, self._weigh = size, weigh
        self._kept: dict[Hashable, tuple[object, T]] = {}
        self._older = self._kept
        self._weight = 0

    def __call__(self, owners: tuple[object, ...], key: Any, make: Callable[[], T]) -> T:
        """Return what is kept, else make it."""
        place = (key, *map(id, owners))
        try:
            found = self._kept.get(place)
        except TypeError:
            return make()
        if found is None:
            found = self._older.get(place) or (owners, make())
            self._keep(place, found)
        return found[1]

    def of(self, owner: Owner, make: Callable[[Owner], T]) -> T:
        """Return what is kept of a single object, else make it of that object."""
        place = id(owner)
        found = self._kept.get(place)
        if found is None:
            found = self._older.get(place) or (owner, make(owner))
            self._keep(place, found)
        return found[1]

    def _keep(self, place: Hashable, found: tuple[object, T]) -> None:
        if self._weight >= self._size:
            self._older, self._kept, self._weight = self._kept, {}, 0
        self._kept[place] = found
        self._weight += 1 if self._weigh is None else self._weigh(found[1])
