"""Operations on the tables that chunks refer to: cascades, and deletes that a foreign key refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from psycopg import errors

from tests.stress.tables import SHADOW

if TYPE_CHECKING:
    from tests.stress.session import Session as Writer


def delete_collection(w: Writer) -> None:
    """The chunks go by cascade: those of the collection, and those of its documents."""
    if len(w.collections) < 2:
        return
    gone = w.collection()
    documents = w.documents.get(gone, [])
    w.execute("DELETE FROM public.collections WHERE id = %s", [gone])
    w.expect(1)
    w.execute(
        f"DELETE FROM {SHADOW} WHERE collection_id = %s OR document_id = ANY(%s)", [gone, documents]
    )
    if w.rng.random() < 0.5:
        make_collection(w, gone)
    w.parents_changed = True


def delete_document(w: Writer) -> None:
    collection = w.collection()
    if not w.documents.get(collection):
        return
    gone = w.rng.choice(w.documents[collection])
    w.execute("DELETE FROM public.documents WHERE id = %s", [gone])
    w.expect(1)
    w.execute(f"DELETE FROM {SHADOW} WHERE document_id = %s", [gone])
    w.parents_changed = True


def make_collection(w: Writer, name: str | None = None) -> None:
    name = name or f"n{w.owner}-{w.number()}"
    w.execute("INSERT INTO public.collections VALUES (%s, %s)", [name, w.owner])
    w.execute("INSERT INTO public.documents VALUES (%s, %s)", [f"{name}-{w.number()}", name])
    w.parents_changed = True


def make_config(w: Writer) -> None:
    w.execute("INSERT INTO public.chunking_configs VALUES (%s, %s)", [w.number() + 10, w.owner])
    w.parents_changed = True


def delete_config(w: Writer) -> None:
    """Refused exactly if a chunk refers to it."""
    if not w.configs:
        return
    gone = w.rng.choice(w.configs)
    before = uses(w, gone)
    try:
        with w.connection.transaction():
            w.execute("DELETE FROM public.chunking_configs WHERE id = %s", [gone])
    except errors.ForeignKeyViolation as error:
        if before == 0:
            w.refused(error)
    else:
        # counted afterwards: another writer may have truncated the table
        if after := uses(w, gone):
            w.differs(f"configuration {gone} could be deleted although {after} chunks refer to it")
    w.parents_changed = True


def uses(w: Writer, config: int) -> int:
    """How many chunks have a configuration, as the shadow says."""
    text = f"SELECT count(*) FROM {SHADOW} WHERE chunking_config_id = %s"
    found = w.execute(text, [config]).fetchone()
    assert found
    return found[0]


#: how often each is done; they need foreign keys at work, which a session with the role of a replica has not
WITH_PARENTS: dict[Callable[[Writer], None], int] = {
    delete_collection: 3, delete_document: 3, make_collection: 3, make_config: 3, delete_config: 4,
}  # fmt: skip
