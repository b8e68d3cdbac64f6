"""The whole of Ringback on real parts: telephone company, web process, store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ivr.cli.http_stage import HttpStage, http_stage
from ivr.config import Config, load


@pytest.fixture(scope="session")
def config() -> Config:
    return load(environment={})


@pytest.fixture(scope="session")
def stage(config: Config) -> Iterator[HttpStage]:
    """One for all tests that leave it as they found it."""
    with http_stage(config) as running:
        yield running


@pytest.fixture
def own_stage(config: Config) -> Iterator[HttpStage]:
    """One for a test that breaks it."""
    with http_stage(config) as running:
        yield running
