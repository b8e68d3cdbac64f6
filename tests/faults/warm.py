"""Everything that the commands import, and read once: a process forked from here starts at once."""

import gunicorn.app.wsgiapp
import gunicorn.workers.gthread  # noqa: F401

import workers.clock
import workers.jobs
import workers.worker  # noqa: F401
from ivr.flow.language import load_languages
from ivr.promises.wordings import load_wordings
from ivr.services.agents.phrases import load_phrases as agents_phrases
from ivr.services.callbacks.calling.phrases import load_phrases as callback_phrases

for load in (load_languages, load_wordings, agents_phrases, callback_phrases):
    load()
