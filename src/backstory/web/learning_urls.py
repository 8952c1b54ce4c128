"""The addresses of the pages where the desk learns its own causes, part of the workspace's own (`web:learning`)."""

from django.urls import path

from backstory.web.views import learning, themes

urlpatterns = [
    path("learning/", learning.learning, name="learning"),
    path("learning/progress/", learning.progress, name="learning_progress"),
    path("learning/train/", learning.train, name="train_causes"),
    path("learning/shipped/", learning.use_shipped, name="use_shipped_causes"),
    path("learning/<int:pk>/", learning.model, name="cause_model"),
    path("learning/<int:pk>/use/", learning.use, name="use_cause_model"),
    path("themes/", themes.themes, name="themes"),
    path("themes/progress/", themes.progress, name="themes_progress"),
    path("themes/search/", themes.search, name="search_themes"),
    path("themes/<int:pk>/rename/", themes.rename, name="rename_theme"),
    path("themes/<int:pk>/merge/", themes.merge, name="merge_theme"),
    path("themes/<int:pk>/promote/", themes.promote, name="promote_theme"),
    path("themes/<int:pk>/dismiss/", themes.dismiss, name="dismiss_theme"),
]
