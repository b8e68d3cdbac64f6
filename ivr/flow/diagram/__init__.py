"""Flows as pictures: cards for the steps, a row in a card for each way on, arrows between them."""

from ivr.flow.diagram.cards import flow_drawing
from ivr.flow.diagram.mermaid import mermaid
from ivr.flow.diagram.overview import overview
from ivr.flow.diagram.svg import svg

__all__ = ["flow_drawing", "mermaid", "overview", "svg"]
