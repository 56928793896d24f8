"""What goes past Django's ORM: locks, bulk inserts, keyset pages, counts up to a limit, searches by trigrams."""
