"""The mail settings app."""

from django.apps import AppConfig

from configurator.console.frame.navigation import SYSTEM_SERVICES, Leaf


class MailSettingsConfig(AppConfig):
    """System Services > E-Mail Settings."""

    name = "mailsettings"
    verbose_name = "E-Mail Settings"
    leaves = (
        Leaf(SYSTEM_SERVICES, 10, "Incoming Mail Servers", "mailsettings:incoming_list", "incoming_server.view"),
        Leaf(SYSTEM_SERVICES, 20, "External Outgoing Mail Server", "mailsettings:outgoing", "outgoing_server.view"),
    )
