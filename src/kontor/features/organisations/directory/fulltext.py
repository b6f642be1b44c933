"""Words in `Organisation.search_text`, found by their beginnings, with one answer on SQLite and on
PostgreSQL.

`names.search_text` folds and splits the text in Python, so both databases store the same words and neither
needs a dictionary, an accent table or a parser of its own. SQLite keeps them in an FTS5 table that
triggers maintain, PostgreSQL in a generated `tsvector` column with a GIN index: whoever writes a row, in
whatever way, the index changes in the same transaction.

The objects are made after each migration run (`install`) and not by one migration: on SQLite, Django
rebuilds a table when a column changes, which silently drops its triggers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col
from django.db.models.lookups import Lookup

from kontor.base.events import OrganisationChanged
from kontor.base.models import Text
from kontor.base.texts import texts_of
from kontor.features.organisations.models import Organisation
from kontor.features.organisations.names import search_text, words

TABLE = "organisations_organisation"
# More words than this narrow nothing down and only cost time.
MAX_WORDS = 12
_CHUNK = 500
_NAMES = Text.objects.filter(subject_kind="organisation", field="name")

_SQLITE_TABLE = f"""
CREATE VIRTUAL TABLE organisations_search USING fts5(
    search_text, content='{TABLE}', content_rowid='id', detail='none', columnsize=0,
    tokenize='unicode61 remove_diacritics 0', prefix='1 2 3'
)"""
_SQLITE_ADD = "INSERT INTO organisations_search(rowid, search_text) VALUES (new.id, new.search_text);"
_SQLITE_REMOVE = (
    "INSERT INTO organisations_search(organisations_search, rowid, search_text)"
    " VALUES ('delete', old.id, old.search_text);"
)
_SQLITE_TRIGGERS = {
    "organisations_search_insert": f"AFTER INSERT ON {TABLE} BEGIN {_SQLITE_ADD} END",
    "organisations_search_delete": f"AFTER DELETE ON {TABLE} BEGIN {_SQLITE_REMOVE} END",
    "organisations_search_update": f"AFTER UPDATE OF search_text ON {TABLE} "
    f"WHEN old.search_text IS NOT new.search_text BEGIN {_SQLITE_REMOVE} {_SQLITE_ADD} END",
}
# array_to_tsvector takes the words as they are; to_tsvector would parse them again in its own way.
_POSTGRESQL = (
    f"ALTER TABLE {TABLE} ADD COLUMN search_vector tsvector GENERATED ALWAYS AS"
    " (array_to_tsvector(array_remove(string_to_array(search_text, ' '), ''))) STORED",
    # Without the pending list an insert pays for itself and no search pays for it later.
    f"CREATE INDEX organisations_search ON {TABLE} USING gin (search_vector) WITH (fastupdate = off)",
)


def install(*, using: str = "default", **_signal: Any) -> None:
    """Make what search needs where it is missing; does nothing on the second call.

    A `post_migrate` receiver.
    """
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    if connection.vendor == "postgresql":
        _install_postgresql(connection)
    else:
        _install_sqlite(connection)


def _install_postgresql(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM information_schema.columns WHERE table_name = %s AND column_name = 'search_vector'"
            " AND table_schema = current_schema()",
            [TABLE],
        )
        if cursor.fetchone() is None:
            for statement in _POSTGRESQL:
                cursor.execute(statement)


def _install_sqlite(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'organisations_search%%'")
        present = {name for (name,) in cursor.fetchall()}
        if "organisations_search" not in present:
            cursor.execute(_SQLITE_TABLE)
        missing = _SQLITE_TRIGGERS.keys() - present
        for name in sorted(missing):
            cursor.execute(f"CREATE TRIGGER {name} {_SQLITE_TRIGGERS[name]}")
        if missing:
            cursor.execute("INSERT INTO organisations_search(organisations_search) VALUES ('rebuild')")


def named(user: Any, text: str) -> models.QuerySet[Organisation]:
    """The organisations that `user` may see with this key, or else with all these words, by name."""
    visible = Organisation.objects.visible_to(user).order_by("name_key", "pk")
    by_key = visible.filter(key=text.strip().lower())
    wanted = query_words(text)
    if not wanted or by_key.exists():
        return by_key
    return visible.filter(search_text__has_words=wanted)


def query_words(text: str) -> list[str]:
    """The folded words of a search, each once, at most `MAX_WORDS`; [] when the text has no letter and no
    digit.
    """
    return list(dict.fromkeys(words(text)))[:MAX_WORDS]


@models.TextField.register_lookup
class HasWords(Lookup[Any]):
    """`search_text__has_words=["gron", "kolding"]`: every word begins one of the row's words, in any
    order.
    """

    lookup_name = "has_words"
    prepare_rhs = False
    lhs: Col

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        match = " AND ".join(f'"{word}"*' for word in self.rhs)
        column = connection.ops.quote_name(self.lhs.alias)
        search = "SELECT rowid FROM organisations_search WHERE organisations_search MATCH %s"
        return f"{column}.id IN ({search})", [match]

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        query = " & ".join(f"'{word}':*" for word in self.rhs)
        return f"{connection.ops.quote_name(self.lhs.alias)}.search_vector @@ %s::tsquery", [query]


def keep_translated_names(event: OrganisationChanged) -> None:
    """Put names in other languages among the words of a changed organisation. An event receiver.

    The profile's own actions know only the name in the source language.
    """
    for start in range(0, len(event.keys), _CHUNK):
        rows = Organisation.objects.filter(key__in=event.keys[start : start + _CHUNK])
        if event.kind != "translation":
            rows = rows.filter(pk__in=_NAMES.values("subject_id"))
        changed = list(_with_new_words(list(rows)))
        Organisation.objects.bulk_update(changed, ["search_text"], batch_size=_CHUNK)


def _with_new_words(organisations: list[Organisation]) -> Iterator[Organisation]:
    names = texts_of(organisations, "name")
    for each in organisations:
        others = [text.text for text in names[each.pk].values()]
        text = search_text(each.name, each.short_name, each.place, [*each.tags, *others])
        if text != each.search_text:
            each.search_text = text
            yield each
