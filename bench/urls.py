"""The console's URL map, Django's admin over the same tables, and the bare page of each list."""

from django.urls import path

from bench.admin import site
from bench.bare import bare
from configurator.urls import handler400, handler403, handler404, handler500
from configurator.urls import urlpatterns as console

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("admin/", site.urls), path("bare/<path:of>", bare), *console]
