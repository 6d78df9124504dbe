"""What an object-relational mapper and Alembic make of the new table; the guide says how to tell them."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tests.helpers.flagship import EXPRESSION, HASH, ROOT, Connection, Layout
from tests.helpers.live import migrate, undo

GUIDE = (ROOT / "docs/guide.md").read_text(encoding="utf-8")


def mapped() -> type[Any]:
    """The table as the application knows it."""

    class Base(DeclarativeBase):
        pass

    class Chunk(Base):
        __tablename__ = "chunks"
        __table_args__ = (sa.Index("chunks_collection", "collection_id"),)
        id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
        collection_id: Mapped[str] = mapped_column(
            sa.Text, sa.ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True
        )
        content: Mapped[str | None] = mapped_column(sa.Text)

    class Collection(Base):
        __tablename__ = "collections"
        id: Mapped[str] = mapped_column(sa.Text, primary_key=True)

    Chunk.collection_class = Collection  # type: ignore[attr-defined]
    return Chunk


@pytest.mark.parametrize("layout", [EXPRESSION, HASH], ids=str)
def test_autogenerate_finds_the_new_column_and_nothing_else(
    layout: Layout, database: str, connection: Connection
) -> None:
    """With the filter of the guide; an object is found and written by the key that it had."""
    chunk = mapped()
    names: dict[str, Any] = {}
    exec(GUIDE.partition("```python\n")[2].partition("```")[0], names)
    engine = sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(database))

    def found() -> list[Any]:
        with engine.connect() as opened:
            options = {"include_name": names["include_name"]}
            context = MigrationContext.configure(opened, opts=options)
            return compare_metadata(context, chunk.metadata)

    chunk.metadata.create_all(engine)
    connection.execute(
        "INSERT INTO collections VALUES ('c1'); INSERT INTO chunks VALUES (1, 'c1', 'x')"
    )
    migrate(database, "partition_count=2", layout=layout)
    new = ["partition_key"] if layout is EXPRESSION else []
    assert [(change[0], change[3].name) for change in found()] == [
        ("remove_column", name) for name in new
    ]
    with Session(engine) as session:
        session.add(chunk(id=2, collection_id="c1", content="y"))
        session.get(chunk, (1, "c1")).content = "changed"  # type: ignore[union-attr]
        session.commit()
        assert session.get(chunk, (2, "c1")) is not None
    undo(database, layout)
    assert found() == []
    engine.dispose()
