"""What surrounds every page: navigation, middleware, error pages, health check, log lines."""
