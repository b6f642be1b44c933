"""When to stop looking. Engines read no clock; whoever calls them brings one."""

from __future__ import annotations

import math
from typing import Protocol


class Stop(Protocol):
    """Answers how many seconds are left: `math.inf` where there is no limit."""

    def left(self) -> float: ...


class NoLimit:
    """Stops for nothing but a proof."""

    def left(self) -> float:
        return math.inf
