"""What the pages ask of a row that Django's auth made: which version of it was seen, and who changed it last."""

import hashlib
import json
from typing import Any, ClassVar

from configurator.audit.models import AuditEvent


class Tracked:
    """A user or a role as records are: its state for the trail, and a version that follows from the state."""

    pk: Any
    audit_kind: ClassVar[str]

    def state(self) -> dict[str, Any]:
        """Return what the audit log says of it, as stored now."""
        raise NotImplementedError

    @property
    def version(self) -> int:
        """A number that is another one once anything that can be edited is."""
        told = json.dumps(self.state(), sort_keys=True)
        return int(hashlib.sha256(told.encode()).hexdigest()[:12], 16) + 1

    @property
    def changed_by(self) -> str:
        """Who changed it last, as the audit log has it."""
        last = AuditEvent.objects.of_object(self.audit_kind, self.pk).order_by("-seq")
        return last.values_list("actor_name", flat=True).first() or "Somebody"
