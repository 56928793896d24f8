"""The console's settings with Django's own admin beside its pages, which they are measured against."""

from configurator.settings import *  # noqa: F403  a second settings file is the first and what differs
from configurator.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.admin.apps.SimpleAdminConfig"]
ROOT_URLCONF = "bench.urls"
