"""What needs attention: findings, alarms, and the one list of problems."""
