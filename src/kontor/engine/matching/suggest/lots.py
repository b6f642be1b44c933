"""Lots for many pairs at once."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from kontor.engine.core.lots import lot

if TYPE_CHECKING:
    from numpy.typing import NDArray


def lots_of_pairs(
    keys: NDArray[np.str_], first: NDArray[np.int64], second: NDArray[np.int64], seed: int
) -> NDArray[np.uint64]:
    """A number for each pair of organisations that depends on seed and keys alone (mixing by Stafford's
    variant 13 of the MurmurHash3 finaliser, as in SplitMix64).
    """
    asker = _lots(seed, "asks", keys, first)
    partner = _lots(seed, "is asked", keys, second)
    mixed = asker ^ (partner * np.uint64(0x9E3779B97F4A7C15))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    lots: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return lots


def _lots(seed: int, role: str, keys: NDArray[np.str_], numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    distinct, place = np.unique(numbers, return_inverse=True)
    drawn = np.array([_lot(seed, f"{role}\0{keys[number]}") for number in distinct], dtype=np.uint64)
    return drawn[place]


@functools.lru_cache(maxsize=1_000_000)
def _lot(seed: int, name: str) -> int:
    return lot(seed, name)
