"""Declining surveys: by the button on this page, or by the one a mail program shows (RFC 8058).

Looking declines nothing: programs that scan mail open every link in it. The address is a capability that does nothing
but this, so a mail provider may post to it without this page, its cookies or its form.
"""

from django.http import HttpRequest, HttpResponse

from backstory.improvement.actions import decline_news
from backstory.improvement.queries import customer_by_news_token, has_declined_news
from backstory.people.actions import decline_surveys
from backstory.people.queries import customer_by_unsubscribe_token, email_of
from backstory.portal import pages
from backstory.portal.doorway import doorway


@doorway(secret=True)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, or take the answer; both answer with a page and no redirect (RFC 8058, section 3.1)."""
    customer = customer_by_unsubscribe_token(token)
    if request.method == "POST":
        decline_surveys(customer.pk)
    declined = request.method == "POST" or customer.surveys_declined_at is not None
    return pages.page(request, "unsubscribe.html", declined=declined, reader=email_of(customer), about="")


@doorway(secret=True)
def unsubscribe_news(request: HttpRequest, token: str) -> HttpResponse:
    """The same for news that the desk sends to many."""
    customer = customer_by_news_token(token)
    if request.method == "POST":
        decline_news(customer.pk)
    declined = request.method == "POST" or has_declined_news(customer)
    return pages.page(request, "unsubscribe.html", declined=declined, reader=email_of(customer), about="news.")
