"""The audit log: who changed what and when, written with the change, append-only and chained."""
