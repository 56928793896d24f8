"""What names an app and its tenant at Microsoft, and what people type or paste in its place."""
