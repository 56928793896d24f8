"""What every screen shares: frame, navigation, list, object, copy and delete pages, forms, statuses."""
