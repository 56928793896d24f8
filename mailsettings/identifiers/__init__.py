"""The identifiers of an app and its tenant at Microsoft, and what people type or paste instead."""
