"""What is done once a transaction is committed."""

from collections.abc import Callable
from typing import Any

from django.db import transaction


def after_commit(function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Call the function once the transaction is committed; a failure is logged and fails nobody's request."""
    # No partial(): Django logs the failure under the function's __qualname__, which a partial() does not have.
    transaction.on_commit(lambda: function(*args, **kwargs), robust=True)
