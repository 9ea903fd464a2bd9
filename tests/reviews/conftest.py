"""What tests of streams share: a server that streams, on the database of the tests."""

from collections.abc import Iterator

import pytest

from tests.reviews import streaming
from tests.reviews.streaming import Server


@pytest.fixture
def streams(transactional_db: None) -> Iterator[Server]:
    with streaming.server() as server:
        yield server
