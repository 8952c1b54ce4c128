"""Every address the desk answers at."""

from django.contrib import admin
from django.urls import include, path

from backstory.api.routes import api

admin.site.site_header = "Backstory administration"
admin.site.site_title = "Backstory"

urlpatterns = [
    path("", include("backstory.web.urls")),
    path("", include("backstory.portal.urls")),
    path("", include("backstory.channels.urls")),
    path("accounts/", include("backstory.web.account_urls")),
    path("api/", api.urls),
    path("admin/", admin.site.urls),
]

handler400 = "backstory.web.views.errors.bad_request"
handler403 = "backstory.web.views.errors.forbidden"
handler404 = "backstory.web.views.errors.not_found"
handler429 = "backstory.web.views.errors.too_many_requests"  # asked for by allauth's limits
handler500 = "backstory.web.views.errors.server_error"
