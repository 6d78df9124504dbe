"""Whether the passes of a `repeat` come to an end: those that don't get smaller won't."""

from __future__ import annotations

import time

#: after so many passes it is judged for the first time, then after twice as many, and so on
FIRST = 2048
#: the later half of the passes has at most so many times the rows of the earlier half
_SHRINKS = 0.9


class Pace:
    """Rows and time of the passes of one step since this executor began with it."""

    def __init__(self) -> None:
        self._rows = [0]  # after each pass, of all so far
        self._busy = 0.0  # seconds
        self._began = time.monotonic()

    def passed(self, rows: int, seconds: float) -> bool:
        """Note a pass; whether it is time to say that the passes do not get smaller."""
        self._rows.append(self._rows[-1] + rows)
        self._busy += seconds
        passes = len(self._rows) - 1
        when = passes >= FIRST and passes & (passes - 1) == 0
        return when and self.stalls()

    def stalls(self) -> bool:
        """Whether the later half of the passes has about as many rows as the earlier half."""
        half = (len(self._rows) - 1) // 2
        earlier, later = self._rows[half], self._rows[-1] - self._rows[-1 - half]
        return later > _SHRINKS * earlier

    def __str__(self) -> str:
        elapsed = max(time.monotonic() - self._began, 1e-9)
        total = self._rows[-1]
        return (
            f"about {total / elapsed:,.0f} rows/s come in,"
            f" {total / max(self._busy, 1e-9):,.0f} rows/s can be worked off"
        )
