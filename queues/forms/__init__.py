"""The forms of the queue page: the queue itself, and one address at a time."""

from queues.forms.address import AddressForm
from queues.forms.queue import QueueForm

__all__ = ["AddressForm", "QueueForm"]
