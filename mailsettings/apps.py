"""The mail settings app."""

from django.apps import AppConfig


class MailSettingsConfig(AppConfig):
    """System Services > E-Mail Settings."""

    name = "mailsettings"
    verbose_name = "E-Mail Settings"
