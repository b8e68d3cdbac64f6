"""The webhook: what the carrier asks over HTTP, handed to the services."""

from ivr.web.app import create_app
from ivr.web.parts import Parts

__all__ = ["Parts", "create_app"]
