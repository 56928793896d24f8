"""The control API under /_demo/: faults, the log of requests, changes of the world; for tests in other processes."""

import json
from typing import TYPE_CHECKING, Any

from demo.call import Call
from demo.edit import edit, overview
from demo.faults import read_options
from demo.wire import Response, json_response

if TYPE_CHECKING:
    from demo.server import DemoTenant


def control(call: Call, tenant: "DemoTenant") -> Response:
    """Steer the demo tenant; what cannot be understood is answered 400 with the reason."""
    try:
        return _control(call, tenant)
    except (ValueError, TypeError, KeyError, AttributeError) as trouble:
        return json_response(400, {"error": f"{trouble}"})


def _control(call: Call, tenant: "DemoTenant") -> Response:
    match call.name, call.request.method:
        case "faults", "GET":
            return json_response(200, {"faults": tenant.faults.listing()})
        case "faults", "POST":
            return json_response(201, {"id": tenant.fault(**read_options(_json(call))).id})
        case "faults", "DELETE":
            number = call.request.path.rstrip("/").rpartition("/")[2]
            tenant.clear(int(number) if number.isdigit() else None)
            return json_response(200, {"faults": tenant.faults.listing()})
        case "requests", "GET":
            return json_response(200, {"counts": tenant.journal.counts, "entries": tenant.journal.entries})
        case "requests", "DELETE":
            tenant.journal.clear()
            return json_response(200, {})
        case "world", "GET":
            return json_response(200, overview(tenant.world))
        case "world", "POST":
            changed = edit(tenant.world, _json(call))
            tenant.save()
            return json_response(200, changed)
    return json_response(
        404, {"error": "Known: faults (GET, POST, DELETE), requests (GET, DELETE), world (GET, POST)."}
    )


def _json(call: Call) -> dict[str, Any]:
    data = json.loads(call.request.body or b"{}")
    if not isinstance(data, dict):
        raise TypeError("A JSON object is wanted.")
    return data
