"""Every write to imports."""

from imports.services.applying import apply
from imports.services.asking import ask_again, ask_to_apply, ask_to_read, discard
from imports.services.claiming import claim
from imports.services.dry_run import dry_run
from imports.services.reading import read_file
from imports.services.sweeping import sweep
from imports.services.uploading import upload

__all__ = [
    "apply",
    "ask_again",
    "ask_to_apply",
    "ask_to_read",
    "claim",
    "discard",
    "dry_run",
    "read_file",
    "sweep",
    "upload",
]
