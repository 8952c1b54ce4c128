"""The addresses of places, part of the workspace's own (`web:places`)."""

from django.urls import path

from backstory.web.views import places

urlpatterns = [
    path("places/", places.places, name="places"),
    path("places/add/", places.add, name="place_add"),
    path("places/<int:pk>/", places.place, name="place"),
    path("places/<int:pk>/retire/", places.retire, name="place_retire"),
    path("places/<int:pk>/code.svg", places.code, name="place_code"),
    path("places/<int:pk>/sheet.pdf", places.sheet, name="place_sheet"),
]
