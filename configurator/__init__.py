"""The project package: the roof (settings, urls, celery) and the foundation apps."""

from configurator.celery import app as celery_app

__all__ = ["celery_app"]
