"""The control API under /_demo/: faults, the log of requests, changes of the world."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from demo.call import Call
from demo.edit import edit, overview
from demo.faults import read_options
from demo.wire import Response, json_response

if TYPE_CHECKING:
    from demo.server import DemoTenant


def control(call: Call, tenant: "DemoTenant") -> Response:
    """Control the demo tenant; a request that is not understood is answered 400 with the reason."""
    try:
        return _control(call, tenant)
    except (ValueError, TypeError, LookupError, AttributeError) as trouble:
        return json_response(400, {"error": f"{trouble}"})


def _control(call: Call, tenant: "DemoTenant") -> Response:
    action = ACTIONS.get((call.name, call.request.method))
    if action is None:
        return json_response(404, {"error": f"Known: {', '.join(f'{method} {page}' for page, method in ACTIONS)}."})
    return json_response(200, action(call, tenant))


def _faults(_: Call, tenant: "DemoTenant") -> dict[str, Any]:
    return {"faults": tenant.faults.listing()}


def _fault(call: Call, tenant: "DemoTenant") -> dict[str, Any]:
    return {"id": tenant.fault(**read_options(_json(call))).id}


def _clear(call: Call, tenant: "DemoTenant") -> dict[str, Any]:
    """Remove the fault whose number ends the path, or all."""
    number = call.request.parts[-1]
    tenant.faults.clear(int(number) if number.isdigit() else None)
    return _faults(call, tenant)


def _requests(_: Call, tenant: "DemoTenant") -> dict[str, Any]:
    return {"counts": tenant.journal.counts, "entries": tenant.journal.entries}


def _forget(call: Call, tenant: "DemoTenant") -> dict[str, Any]:
    tenant.journal.clear()
    return _requests(call, tenant)


def _world(_: Call, tenant: "DemoTenant") -> dict[str, Any]:
    return overview(tenant.world)


def _change(call: Call, tenant: "DemoTenant") -> dict[str, Any]:
    edit(tenant.world, _json(call))
    tenant.save()
    return overview(tenant.world)


def _json(call: Call) -> dict[str, Any]:
    data = json.loads(call.request.body or b"{}")
    if not isinstance(data, dict):
        raise TypeError("A JSON object is wanted.")
    return data


ACTIONS: dict[tuple[str, str], Callable[[Call, "DemoTenant"], dict[str, Any]]] = {
    ("faults", "GET"): _faults,
    ("faults", "POST"): _fault,
    ("faults", "DELETE"): _clear,
    ("requests", "GET"): _requests,
    ("requests", "DELETE"): _forget,
    ("world", "GET"): _world,
    ("world", "POST"): _change,
}
