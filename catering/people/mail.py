"""Letters sent by SMTP; without a server, the demonstration writes them to its log."""

import logging
from email.message import EmailMessage

import aiosmtplib

from catering.settings import Settings

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 20  # legal-number: patience with a mail server
SUBJECT = "Votre lien de connexion"
TEXT = """Bonjour,

Pour vous connecter à la plateforme de restauration des collèges, ouvrez ce lien puis appuyez sur « Se connecter » :

{url}

Il sert une seule fois, dans les 15 minutes. Si vous n'avez rien demandé, ne faites rien : sans ce lien, personne ne se
connecte à votre place.
"""


class MailFailed(Exception):  # noqa: N818 - named as the other refusals
    """The mail server did not take a letter; the message is what it said."""


def can_send(config: Settings) -> bool:
    """Whether letters leave: by a mail server, or into the log of the demonstration."""
    return config.demo_identity if config.smtp_host is None else config.mail_from is not None


def plain_letter(config: Settings, to: str, subject: str, text: str, name: str | None = None) -> EmailMessage:
    """A letter of plain text.

    Args:
        config: who sends.
        to: its address.
        subject: one line.
        text: what it says.
        name: the same whenever this very letter is sent again, so that a mailbox knows it (RFC 5322, Message-ID).
    """
    message = EmailMessage()
    sender = config.mail_from or "demonstration@localhost"
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Auto-Submitted"] = "auto-generated"
    if name is not None:
        message["Message-ID"] = f"<{name}@{sender.rpartition('@')[2].rstrip('>')}>"
    message.set_content(text)
    return message


async def post(config: Settings, message: EmailMessage) -> None:
    """Hand a letter to the mail server.

    Raises:
        MailFailed: it did not take it, or there is none.
    """
    if config.smtp_host is None or config.mail_from is None:
        if not config.demo_identity:
            raise MailFailed(" ".join(config.sign_in_gaps()))
        log.warning("Courriel à %s, « %s » : %s", message["To"], message["Subject"], message.get_content())
        return
    try:
        await aiosmtplib.send(
            message,
            hostname=config.smtp_host,
            port=config.smtp_port,
            username=config.smtp_user,
            password=config.smtp_password.get_secret_value() if config.smtp_password else None,
            use_tls=config.smtp_security == "tls",
            start_tls=config.smtp_security == "starttls",
            timeout=TIMEOUT_SECONDS,
        )
    except (aiosmtplib.SMTPException, OSError) as fault:
        raise MailFailed(f"{type(fault).__name__}: {fault}") from fault


async def send_link(config: Settings, to: str, url: str) -> None:
    """Send a link. A failure is logged, not raised: whoever asked must not learn from it who has an account."""
    try:
        await post(config, plain_letter(config, to, SUBJECT, TEXT.format(url=url)))
    except MailFailed as fault:
        log.error("Lien de connexion non envoyé : %s", fault)
