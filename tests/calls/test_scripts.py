"""Every scripted call of the example company, over real HTTP."""

from __future__ import annotations

from itertools import groupby

import pytest

from ivr.cli.http_stage import HttpStage
from ivr.config import Config, load
from ivr.services.rehearsal import Script, play
from ivr.services.rehearsal.stage import load_scripts

BY_FILE = {
    file: list(scripts)
    for file, scripts in groupby(load_scripts(load(environment={})), lambda script: script.file)
}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("file", BY_FILE)
def test_every_call_goes_as_written_over_http(stage: HttpStage, config: Config, file: str) -> None:
    scripts: list[Script] = BY_FILE[file]
    failures = [
        failure
        for script in scripts
        if (failure := play(script, stage.telephone(script), config.numbers)) is not None
    ]
    assert not failures, "\n".join(map(str, failures))
