"""Who is told what when something breaks: alarms, the notices that carry them, and warnings that were dismissed."""
