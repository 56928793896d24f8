"""The pages for what went wrong: each says what happened and what to do, none shows details of the fault."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from configurator import request_id
from configurator.db.faults import Fault, fault_of, note


def _page(status: int, title: str, text: str) -> HttpResponse:
    """Render the plain error page, which needs neither database nor session."""
    context = {"title": title, "text": text, "reference": request_id.current()}
    return HttpResponse(render_to_string("error.html", context), status=status)


def bad_request(_request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    return _page(400, "This request could not be read", "Go back, reload the page and try again.")


def forbidden(_request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    return _page(
        403,
        "You may not do this",
        "None of your roles has the right for it. Ask an administrator for a role that has.",
    )


def csrf_failure(_request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    """Answer 403 for a form whose token is missing or old."""
    return _page(
        403,
        "This form is too old or came from elsewhere",
        "Nothing was saved. Go back, reload the page and send the form again; allow cookies for this site.",
    )


def not_found(_request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    return _page(404, "There is nothing here", "The address is mistyped, or what stood here was deleted.")


def wrong_method(allowed: str) -> HttpResponse:
    """Answer 405 for a method that the address does not take, ``allowed`` are those that it does."""
    response = _page(
        405,
        "This address takes only what a button sends",
        "Nothing was done. Go back to the page with the button and press it there.",
    )
    response["Allow"] = allowed
    return response


def server_error(_request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 where the fault is the database's."""
    fault = fault_of(sys.exc_info()[1])
    if fault:
        return _unavailable(fault)
    return _page(
        500,
        "Something went wrong on our side",
        "Nothing was saved. Try again; if it stays, give support the reference.",
    )


def _unavailable(fault: Fault) -> HttpResponse:
    note(fault)
    response = _page(503, fault.title, f"Nothing was saved. {fault.text}")
    response["Retry-After"] = "10"
    return response
