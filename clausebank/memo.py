"""Keeping what was made of texts that stay the same from contract to contract."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Memo(Generic[T]):
    """Results of one pure function, by the objects they were made of and the values they depend on.

    ``owners`` count by identity and must never change; they stay alive as long as the result is kept.
    ``key`` counts by value; what cannot be hashed, such as a list of rows, is made anew each time.
    Between ``size`` and twice as many results are kept, those in use among them.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: dict[Hashable, tuple[object, T]] = {}
        self._older = self._kept

    def __call__(self, owners: tuple[object, ...], key: Any, make: Callable[[], T]) -> T:
        """Return what is kept, else make it."""
        place = (tuple(map(id, owners)), key)
        try:
            found = self._kept.get(place)
        except TypeError:
            return make()
        if found is None:
            found = self._older.get(place) or (owners, make())
            if len(self._kept) >= self._size:
                self._older, self._kept = self._kept, {}
            self._kept[place] = found
        return found[1]
