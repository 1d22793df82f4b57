"""One store per test, on each database."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url

from data.store import Store, open_store
from tests.conftest import missing

POSTGRES = "CARTOFLUX_TEST_POSTGRES_URL"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of an empty database: a file, or a schema that goes with the test."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
        return
    server = os.environ.get(POSTGRES, "")
    if not server:
        missing(f"PostgreSQL ({POSTGRES})")
    address = make_url(server).set(drivername="postgresql+psycopg")
    schema = f"test_{uuid4().hex}"
    admin = create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
    inside = address.update_query_dict({"options": f"-csearch_path={schema}"})
    try:
        yield inside.set(drivername="postgresql").render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f'DROP SCHEMA "{schema}" CASCADE')
        admin.dispose()


@pytest.fixture
def opened(url: str) -> Iterator[Callable[[], Store]]:
    """Give a way to open the test's database, several times if need be."""
    stores: list[Store] = []

    def once_more() -> Store:
        stores.append(open_store(url))
        return stores[-1]

    yield once_more
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], Store]) -> Store:
    """Give an empty store."""
    return opened()
