"""Graph's own wording: entities with the fields that a client selects, error bodies, headers."""

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
ODATA = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
DIAGNOSTIC = json.dumps({"ServerInfo": SERVER}, separators=(",", ":"))


class GraphError(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message


def error(call: Call, status: int, code: str, message: str) -> Response:
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    inner = {"date": now, "request-id": call.trace_id, "client-request-id": call.correlation_id}
    body = {"error": {"code": code, "message": message, "innerError": inner}}
    response = json_response(status, body, {**headers(call), "Content-Type": "application/json"})
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = f'Bearer realm="", error="invalid_token", error_description="{code}"'
    return response


def entity(call: Call, kind: str, data: dict[str, Any]) -> Response:
    """A success with the fields that the client selects; its context names them, as Graph's does."""
    wanted = _wanted(call)
    names = f"({','.join(wanted)})" if wanted else ""
    context = f"https://{call.request.host}/v1.0/$metadata#{kind}{names}/$entity"
    chosen = {name: value for name, value in data.items() if name in wanted} if wanted else data
    return json_response(200, {"@odata.context": context, **chosen}, {**headers(call), "Content-Type": ODATA})


def headers(call: Call) -> dict[str, str]:
    return {
        "Cache-Control": "private",
        "Strict-Transport-Security": "max-age=31536000",
        "request-id": call.trace_id,
        "client-request-id": call.correlation_id,
        "x-ms-ags-diagnostic": DIAGNOSTIC,
        "OData-Version": "4.0",
    }


def _wanted(call: Call) -> list[str]:
    wanted = parse_qs(call.request.query).get("$select", [""])[0]
    return [name.strip() for name in wanted.split(",")] if wanted else []
