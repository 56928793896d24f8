"""Users and roles as versioned records: Django made their rows, so the version follows from the state."""

import hashlib
import json
from typing import Any, ClassVar

from configurator.audit.models import AuditEvent


class Tracked:
    pk: Any
    audit_kind: ClassVar[str]

    def state(self) -> dict[str, Any]:
        """Return its audited values as stored now."""
        raise NotImplementedError

    @property
    def version(self) -> int:
        """A number that changes with any value that can be edited."""
        state = json.dumps(self.state(), sort_keys=True)
        return int(hashlib.sha256(state.encode()).hexdigest()[:12], 16) + 1

    @property
    def changed_by(self) -> str:
        """Who changed it last, by the audit log."""
        last = AuditEvent.objects.of_object(self.audit_kind, self.pk).order_by("-seq")
        return last.values_list("actor_name", flat=True).first() or "Somebody"
