"""Write the pages of docs/ that are made from the code (`make docs`)."""

from pathlib import Path

from ivr.config import load
from ivr.flow.checks.page import page
from ivr.flow.diagram import flow_drawing, svg
from ivr.flow.language import load_languages
from ivr.flow.manual import manual
from ivr.flow.schema import written
from ivr.promises.manual import manual as answers
from ivr.services.company import read_company
from ivr.simulator.carrier import Carrier
from ivr.simulator.rest import routes
from ivr.simulator.rest.coverage import table

REST, END = "<!-- rest: from the code -->\n", "\n<!-- end -->"

Path("docs/flows.md").write_text(manual(), encoding="utf-8")
Path("docs/answers.md").write_text(answers(), encoding="utf-8")
Path("docs/findings.md").write_text(page(), encoding="utf-8")
Path("docs/flow.schema.json").write_text(written("flow"), encoding="utf-8")
Path("docs/prompts.schema.json").write_text(written("prompts"), encoding="utf-8")

simulator = Path("docs/simulator.md")
before, start, rest = simulator.read_text(encoding="utf-8").partition(REST)
after = rest.partition(END)[2]
simulator.write_text(f"{before}{start}{table(routes(Carrier()))}{END}{after}", encoding="utf-8")

flows = read_company(load(Path("config.yaml"), {})).flows
picture = svg(flow_drawing(flows, "outages", "en", load_languages()))
Path("docs/outages.svg").write_text(picture, encoding="utf-8")
