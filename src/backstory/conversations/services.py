"""Mail services that let somebody in by consent (OAuth 2.0) instead of a password: where they are asked. Pure data.

Sources: Google, “OAuth 2.0 Mechanism” for Gmail's IMAP and SMTP; Microsoft, “Authenticate an IMAP, POP or SMTP
connection using OAuth”.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Service:
    """Addresses of one service; an administrator may change each of them, such as the tenant in Microsoft's."""

    key: str
    label: str
    authorize_url: str = ""
    token_url: str = ""
    scope: str = ""
    imap_host: str = ""
    smtp_host: str = ""


SERVICES = {
    service.key: service
    for service in (
        Service(
            "google",
            "Google Workspace or Gmail",
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://oauth2.googleapis.com/token",
            "https://mail.google.com/",
            "imap.gmail.com",
            "smtp.gmail.com",
        ),
        Service(
            "microsoft",
            "Microsoft 365 or Outlook.com",
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
            "https://login.microsoftonline.com/common/oauth2/v2.0/token",
            "offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send",
            "outlook.office365.com",
            "smtp.office365.com",
        ),
        Service("other", "Another service that speaks OAuth 2.0"),
    )
}
