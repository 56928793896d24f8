"""The start page."""

from typing import Any

from django.views.generic import TemplateView

from dashboard.overview import overview_for


class Start(TemplateView):
    """What is set up, what is broken, and what to do next."""

    template_name = "dashboard/start.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add what the signed-in user may know of it."""
        user: Any = self.request.user
        return super().get_context_data(**context) | {"found": overview_for(user)}
