"""Pages of one object: form, save, conflict of two editors, copy, delete, restore an earlier version."""
