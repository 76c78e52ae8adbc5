"""Letters with a link to sign in, sent by SMTP; without a server, the demonstration writes them to its log."""

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


def letter(sender: str, to: str, url: str) -> EmailMessage:
    """The letter that carries a link."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, SUBJECT
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(TEXT.format(url=url))
    return message


async def send_link(config: Settings, to: str, url: str) -> None:
    """Send a link. A failure is logged, not raised: whoever asked must not learn from it who has an account."""
    if config.smtp_host is None or config.mail_from is None:
        if config.demo_identity:
            log.warning("Lien de connexion de %s : %s", to, url)
        else:
            log.error("Lien de connexion non envoyé : %s", " ".join(config.sign_in_gaps()))
        return
    try:
        await aiosmtplib.send(
            letter(config.mail_from, to, url),
            hostname=config.smtp_host,
            port=config.smtp_port,
            username=config.smtp_user,
            password=config.smtp_password.get_secret_value() if config.smtp_password else None,
            use_tls=config.smtp_security == "tls",
            start_tls=config.smtp_security == "starttls",
            timeout=TIMEOUT_SECONDS,
        )
    except (aiosmtplib.SMTPException, OSError):
        log.exception("lien de connexion non envoyé")
