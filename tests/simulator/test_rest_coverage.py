"""What becomes of each parameter of Twilio's API is said once, and truly."""

from pathlib import Path

import pytest

from ivr.simulator.carrier import Carrier
from ivr.simulator.data import load
from ivr.simulator.rest import routes
from ivr.simulator.rest.coverage import guarded, table
from ivr.simulator.rest.description import FORM, operations
from ivr.simulator.rest.parameters import PAGING
from ivr.simulator.rest.resource import Guarded

DOCS = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text("utf-8")
NOT_HERE = {"CreateCallRecording", "UpdateCallRecording", "UpdateConferenceRecording"}
"""Operations of the description that no route is for."""

VIEWS = {view.operation.id: view for view in guarded(routes(Carrier())) if view.operation}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_every_parameter_that_twilio_knows_stands_in_exactly_one_list(view: Guarded) -> None:
    assert view.operation is not None
    said = view.parameters
    listed = f"{said.carried_out} {said.no_effect} {said.refused}".split()
    assert sorted(listed) == sorted(view.operation.parameters.keys() - PAGING)
    assert set(said.judged_here.split()) <= set(said.carried_out.split())


def test_every_operation_has_a_route_or_is_known_to_have_none() -> None:
    assert {operation.id for operation in operations()} == {*VIEWS, *NOT_HERE}


def test_the_table_of_parameters_is_the_codes() -> None:
    assert table(routes(Carrier())) in DOCS


def test_lists_in_forms_are_repeated_fields_as_the_official_clients_send_them() -> None:
    for item in load("rest-description.json")["paths"].values():
        for given in item.values():
            form = given.get("requestBody", {}).get("content", {}).get(FORM)
            if form is None:
                continue
            arrays = {n for n, of in form["schema"]["properties"].items() if "items" in of}
            assert arrays == form["encoding"].keys()
            assert all(of == {"style": "form", "explode": True} for of in form["encoding"].values())


def test_the_overlay_speaks_of_operations_and_parameters_that_there_are() -> None:
    known = {operation.id: operation for operation in operations()}
    for name, stricter in load("rest-overlay.json")["operations"].items():
        assert stricter.keys() <= known[name].parameters.keys(), name
