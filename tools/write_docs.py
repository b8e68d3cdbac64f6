"""Write the pages of docs/ that are made from the code (`make docs`)."""

from pathlib import Path

from ivr.flow.manual import manual

Path("docs/flows.md").write_text(manual(), encoding="utf-8")
