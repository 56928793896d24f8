"""The way by e-mail, through Django's mail settings: plain text, and the same as simple HTML."""

import smtplib
import uuid
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from health.alarms.notices.sending import Message, NotSentError

SUBJECT_LENGTH = 200


def is_set() -> bool:
    """Tell whether there is anybody to write to."""
    return bool(settings.ALARM_MAIL_TO)


def send(message: Message, notice_id: uuid.UUID) -> None:
    """Send the message to all of ALARM_MAIL_TO; NotSentError when the mail server does not take it."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mail = EmailMultiAlternatives(
        subject=" ".join(message.subject.split())[:SUBJECT_LENGTH],
        body=render_to_string("alarms/mail.txt", {"message": message}),
        to=settings.ALARM_MAIL_TO,
        headers={
            # The same at each try, so that a mailbox shows a notice once that came twice.
            "Message-ID": f"<{notice_id}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(render_to_string("alarms/mail.html", {"message": message}), "text/html")
    try:
        mail.send()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotSentError(_reason(error)) from None


def _reason(error: Exception) -> str:
    """Say what happened without the server's own words, which may repeat what was sent."""
    code = getattr(error, "smtp_code", "")
    if isinstance(error, TimeoutError):
        return "the mail server did not answer in time"
    return f"the mail server did not take it ({type(error).__name__}{f' {code}' if code else ''})"
