"""The layouts that a seed can mean: their variables, the columns by which they divide, and the values that writers give these."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

#: the seed chooses by its remainder; `expression` and `column` are the two routings of one layout
LAYOUTS = ("expression", "column", "hash", "plain", "range", "list", "range_hash", "list_range")

#: rows of layouts by time lie in so many hours from here on
BEGIN = "2025-08-11 12:00+00"
HOURS = 3000

#: beyond all partitions
OTHER_TIMES = ("2024-12-31 23:59:59+00", "2199-01-01 00:00+00", "infinity", "-infinity")

#: what is left to a default partition: a few intervals of those that the rows lie in, or all but the last ones
_TIMES_WITH_DEFAULT = (
    ("1 month", "", "2025-10-31"),
    ("1 week", "2025-08-20", "2025-09-20"),
    ("1 day", "2025-08-12", "2025-08-16"),
    ("1 hour", "2025-09-01", "2025-09-01"),
)
_NUMBERS_WITH_DEFAULT = (
    ("100000000", "", "250000000"),
    ("30000000", "50000000", "200000000"),
    ("7000000", "-5000000", "20000000"),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """How rows find their partitions."""

    name: str
    variables: dict[str, object] = field(default_factory=dict)
    columns: tuple[str, ...] = ()  # by which it divides, besides collection_id
    beyond: bool = True  # whether rows may lie beyond the intervals

    def __str__(self) -> str:
        interval = f" {self.variables['interval']}" if "interval" in self.variables else ""
        default = "" if self.beyond else " without default"
        return self.name + (
            f" ({', '.join(self.columns)}{interval}{default})" if self.columns else ""
        )


def layout(seed: int, name: str) -> Layout:
    """The layout of that name; the column of its intervals and the default partition go round."""
    rng, turn = random.Random(f"{seed} layout"), sum(divmod(seed, len(LAYOUTS)))
    if name == "list":
        given: dict[str, object] = {"key_column": "chunking_config_id", "min_share": 10}
        return Layout(name, {"layout": name, **given}, ("chunking_config_id",))
    if name not in ("range", "range_hash", "list_range"):
        return Layout(name)
    by_time, beyond = turn % 2 == 0, turn // 2 % 2 == 0
    column = "created_at" if by_time else "chunk_index"
    given = {"layout": name, "default_partition": str(beyond).lower(), "ahead": rng.randint(0, 2)}
    names = ("interval", "range_start", "range_end")
    if beyond:
        chosen = rng.choice(_TIMES_WITH_DEFAULT if by_time else _NUMBERS_WITH_DEFAULT)
    elif by_time:  # to now, which is what the table gives who says no time
        chosen = (rng.choice(("3 months", "6 months", "1 year")), "2025-08-01", "")
    else:
        chosen = (rng.choice(("50000000", "100000000", "180000000")), "0", "400000000")
    given |= dict(zip(names, chosen, strict=True))
    if name == "list_range":
        given |= {"key_column": "chunking_config_id", "min_share": 10, "sub_key_column": column}
        return Layout(name, given, ("chunking_config_id", column), beyond)
    given |= {"key_column": column}
    if name == "range_hash":
        given |= {"sub_key_column": "collection_id", "sub_count": rng.randint(2, 3)}
    return Layout(name, given, (column,), beyond)
