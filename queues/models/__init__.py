"""E-mail queues and their addresses."""

from queues.models.address import QueueAddress
from queues.models.queue import Effective, NotDefined, Queue

__all__ = ["Effective", "NotDefined", "Queue", "QueueAddress"]
