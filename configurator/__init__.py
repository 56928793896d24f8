"""The project package: settings, URLs and Celery at the top, and the apps that all others build on."""

from configurator.celery import app as celery_app

__all__ = ["celery_app"]
