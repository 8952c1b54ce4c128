"""What stands around every page: navigation, theme, who is signed in."""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from backstory.cases.queries import reminders
from backstory.conversations.queries import stuck_deliveries
from backstory.insight.alarms import open_alarms
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission
from backstory.recovery.policy import may_see_approvals
from backstory.recovery.queries import count_stuck, followup_reminders, stood_in_for

THEME_COOKIE = "theme"
THEMES = ("system", "light", "dark")


@dataclass(frozen=True)
class NavItem:
    """One place in the navigation: the names of its view, tried in order, and what one must be allowed to see it."""

    key: str
    label: StrPromise
    icon: str
    views: tuple[str, ...]
    permission: Permission | None = None


NAV = (
    NavItem("queue", _("Queue"), "inbox", ("web:queue",)),
    NavItem("promises", _("Promises"), "calendar-due", ("web:promises",)),
    NavItem("followups", _("Follow-ups"), "phone", ("web:followups",)),
    NavItem("phrases", _("Phrases"), "quote", ("web:phrases",), Permission.REPLY),
    NavItem("approvals", _("Approvals"), "gavel", ("web:approvals",)),
    NavItem("practice", _("Practice"), "message-2", ("web:practice",)),
    NavItem("transfers", _("Transfers"), "heart-handshake", ("web:transfers",), Permission.SEE_TRANSFERS),
    NavItem("deliveries", _("Deliveries"), "send", ("web:deliveries",), Permission.SEE_DELIVERIES),
    NavItem("reviews", _("Reviews"), "checklist", ("web:reviews",)),
    NavItem("insight", _("Insight"), "chart-bar", ("web:insight",), Permission.VIEW_INSIGHT),
    NavItem("readings", _("Readings"), "eye", ("web:readings",), Permission.VIEW_INSIGHT),
    NavItem("causes", _("Causes"), "sitemap", ("web:causes",), Permission.EDIT_CAUSES),
    NavItem("playbooks", _("Playbooks"), "books", ("web:playbooks",), Permission.DRAFT_PLAYBOOKS),
    NavItem("coaching", _("Coach"), "message-2", ("web:coaching",), Permission.EDIT_COACHING),
    NavItem("conduct", _("Conduct"), "hand-stop", ("web:conduct",), Permission.DECIDE_CONDUCT),
    NavItem("mailbox", _("Demo mailbox"), "mail-opened", ("web:mailbox",)),
    NavItem("originals", _("Originals"), "history", ("web:originals",), Permission.VIEW_QUARANTINE),
    NavItem("quarantine", _("Quarantine"), "biohazard", ("web:quarantine",), Permission.VIEW_QUARANTINE),
    NavItem("mailboxes", _("Mailboxes"), "mail", ("web:mailboxes",), Permission.SEE_MAILBOXES),
    NavItem("connectors", _("Connectors"), "link", ("web:connectors",), Permission.ADMINISTER),
    NavItem("admin", _("Admin"), "settings", ("admin:index",), Permission.ADMINISTER),
)


@dataclass(frozen=True)
class Shell:
    """The frame of one page for one reader."""

    theme: str = "system"
    language: str = "en"
    rtl: bool = False
    nav: list[tuple[NavItem, str]] = field(default_factory=list)
    followups: int = 0  # the reader's own that are due within a day, or late
    reminders: int = 0  # the reader's own promises that are soon due
    transfers: int = 0  # remedies on their way that somebody has to look at, likewise
    rising: int = 0  # early warnings nobody has looked at yet, for whoever may see them
    stuck: int = 0  # letters that somebody has to look at, for whoever may see them


def optional_url(*names: str) -> str | None:
    """The path of the first view name that exists, or None: rooms that are not installed have no door."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return None


def _is_shown(item: NavItem, user: User) -> bool:
    if item.key == "mailbox" and not settings.DEMO:
        return False
    if item.key == "approvals":
        return may_see_approvals(user, ()) or bool(stood_in_for(user))
    return item.permission is None or policy.can(user, item.permission)


def _nav(user: User) -> list[tuple[NavItem, str]]:
    shown = [(item, optional_url(*item.views)) for item in NAV if _is_shown(item, user)]
    return [(item, url) for item, url in shown if url]


def _stuck(user: User) -> int:
    return stuck_deliveries(user).count() if policy.can(user, Permission.SEE_DELIVERIES) else 0


def _rising(user: User) -> int:
    return open_alarms(user) if policy.can(user, Permission.VIEW_INSIGHT) else 0


def theme_of(request: HttpRequest | None) -> str:
    """The theme the reader chose, kept in a cookie so that the first paint is right."""
    chosen = request.COOKIES.get(THEME_COOKIE, "") if request is not None else ""
    return chosen if chosen in THEMES else "system"


def for_request(request: HttpRequest | None) -> Shell:
    """The frame for this request; a page without a request (an error) still gets a plain one."""
    user = getattr(request, "user", None)
    return Shell(
        theme=theme_of(request),
        language=translation.get_language() or "en",
        rtl=translation.get_language_bidi(),
        nav=_nav(user) if isinstance(user, User) else [],
        followups=followup_reminders(user) if isinstance(user, User) else 0,
        reminders=reminders(user) if isinstance(user, User) else 0,
        transfers=count_stuck(user) if isinstance(user, User) else 0,
        rising=_rising(user) if isinstance(user, User) else 0,
        stuck=_stuck(user) if isinstance(user, User) else 0,
    )
