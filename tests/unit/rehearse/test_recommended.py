"""Which layout is recommended after all have been tried."""

from __future__ import annotations

import pytest

from executor.init.ask import Offer, Survey, Table
from executor.rehearse.layouts import Tried, recommended
from executor.templating.names import Name


def offer(layout: str, points: float) -> Offer:
    texts = dict.fromkeys(("extends", "reason", "keys", "on_conflict", "foreign_keys", "statements"), "")  # fmt: skip
    return Offer(layout, layout, None, layout, {}, points=points, partitions="", copies=True, divides=layout != "plain", narrowed=(), outgrown=(), lost=(), **texts)  # fmt: skip


RANGE, HASH, LIST, PLAIN = offer("range", 70), offer("hash", 50), offer("list", 0), offer("plain", 90)  # fmt: skip


@pytest.mark.parametrize(
    ("chosen", "shares", "best"),
    [
        (RANGE, (0.9, 0.1, 0.0), HASH),  # nothing else speaks for the third
        (RANGE, (0.1, 0.1, 0.0), RANGE),
        (RANGE, (None, 0.1, 0.0), RANGE),  # of itself nothing is known
        (RANGE, (0.9, None, 0.0), RANGE),
        (PLAIN, (0.1, 0.0, 0.0), PLAIN),  # it is not divided, and so not tried
        (None, (0.1, 0.0, 0.0), None),
    ],
)
def test_the_layout_that_fewest_calls_suffer_is_recommended(
    chosen: Offer | None, shares: tuple[float | None, ...], best: Offer | None
) -> None:
    table = Table(Name("public", "t"), {}, {})
    found = Survey(table, (RANGE, HASH, LIST, PLAIN), chosen, asked_for=False, columns=())
    offers = zip((RANGE, HASH, LIST), shares, strict=True)
    tried = [Tried(one, f"tried {one.layout}", share) for one, share in offers]
    after = recommended(found, tried)
    assert after.chosen is best
    assert after.tried["list"] == "tried list"
