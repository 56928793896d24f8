"""Graph's own wording: error bodies, headers, and the fields that a client selects."""

import json
import time
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from demo.call import Call
from demo.wire import Response, json_response

SERVER = {
    "DataCenter": "West Europe",
    "Slice": "E",
    "Ring": "5",
    "ScaleUnit": "003",
    "RoleInstance": "AM4PEPF0001",
}
DIAGNOSTIC = json.dumps({"ServerInfo": SERVER}, separators=(",", ":"))


class GraphError(Exception):
    """A request that Graph answers with an error code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message


def error(call: Call, status: int, code: str, message: str) -> Response:
    """The error answer in Graph's shape."""
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    inner = {"date": now, "request-id": call.trace_id, "client-request-id": call.correlation_id}
    response = json_response(status, {"error": {"code": code, "message": message, "innerError": inner}}, headers(call))
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = f'Bearer realm="", error="invalid_token", error_description="{code}"'
    return response


def headers(call: Call) -> dict[str, str]:
    """What Graph sends along with every answer."""
    return {
        "Cache-Control": "private",
        "Strict-Transport-Security": "max-age=31536000",
        "request-id": call.trace_id,
        "client-request-id": call.correlation_id,
        "x-ms-ags-diagnostic": DIAGNOSTIC,
        "OData-Version": "4.0",
    }


def selected(call: Call, data: dict[str, Any]) -> dict[str, Any]:
    wanted = parse_qs(call.request.query).get("$select", [""])[0]
    names = {name.strip() for name in wanted.split(",")}
    return {name: value for name, value in data.items() if name in names} if wanted else data
