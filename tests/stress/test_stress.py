"""The short form of the stress harness: three seeds of unlike tables and layouts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from executor.database import embedded
from tests.stress.product import Product, copied
from tests.stress.seeds import run_seed
from tests.stress.server import Server, serving

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    # connections whose server was stopped under them
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(Path(os.environ.get("EXECUTOR_TEST_BIN") or embedded.binaries())) as running:
        yield running


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with copied() as made:
        yield made


@pytest.mark.parametrize("seed", [8008, 8013, 8083])
def test_nothing_is_lost(seed: int, server: Server, product: Product) -> None:
    outcome = run_seed(server, product, seed, seconds=0.3)
    assert outcome.wrong == [], "\n".join([*outcome.notes, *outcome.wrong])
