"""The pages customers see, all without an account."""

from django.urls import path

from backstory.portal.views.brand import colors, logo
from backstory.portal.views.form import challenge, form, place, thanks
from backstory.portal.views.goodbye import goodbye
from backstory.portal.views.offers import call_back, offer, unsettled
from backstory.portal.views.protected import code, file, letters
from backstory.portal.views.status import fresh_link, preview, status
from backstory.portal.views.survey import survey
from backstory.portal.views.unsubscribe import unsubscribe, unsubscribe_news

app_name = "portal"

urlpatterns = [
    path("brand/<int:pk>/colors.css", colors, name="brand_colors"),
    path("brand/<int:pk>/logo/", logo, name="brand_logo"),
    path("help/", form, name="form"),
    path("help/<int:mailbox_id>/", form, name="form_for"),
    path("help/challenge/", challenge, name="challenge"),
    path("help/thanks/<str:token>/", thanks, name="thanks"),
    path("status/preview/<int:pk>/", preview, name="status_preview"),
    path("q/<slug:code>", place, name="place"),
    path("q/<slug:code>/", place, name="place_slash"),
    path("status/<str:token>/", status, name="status"),
    path("status/<str:token>/offers/<int:pk>/", offer, name="offer"),
    path("status/<str:token>/call/", call_back, name="call_back"),
    path("status/<str:token>/unsettled/", unsettled, name="unsettled"),
    path("status/<str:token>/code/", code, name="code"),
    path("status/<str:token>/letters/", letters, name="letters"),
    path("status/<str:token>/files/<int:pk>/", file, name="status_file"),
    path("status/<str:token>/fresh/", fresh_link, name="fresh_link"),
    path("survey/<str:token>/", survey, name="survey"),
    path("goodbye/<str:token>/", goodbye, name="goodbye"),
    path("unsubscribe/news/<str:token>/", unsubscribe_news, name="unsubscribe_news"),
    path("unsubscribe/<str:token>/", unsubscribe, name="unsubscribe"),
]
