"""The addresses of role-play, part of the workspace's own (`web:practice`)."""

from django.urls import path

from backstory.web.views import practice, practice_leading

urlpatterns = [
    path("practice/", practice.scenarios, name="practice"),
    path("practice/begin/", practice.begin, name="begin_practice"),
    path("practice/progress/", practice.progress, name="practice_progress"),
    path("practice/sessions/<int:pk>/", practice.session, name="practice_session"),
    path("practice/sessions/<int:pk>/talk/", practice.talk, name="practice_talk"),
    path("practice/sessions/<int:pk>/say/", practice.say, name="practice_say"),
    path("practice/sessions/<int:pk>/check/", practice.check, name="practice_check"),
    path("practice/sessions/<int:pk>/end/", practice.end, name="practice_end"),
    path("practice/sessions/<int:pk>/debrief/", practice.debrief, name="practice_debrief"),
    path("practice/sessions/<int:pk>/share/", practice.share, name="practice_share"),
    path("practice/sessions/<int:pk>/forget/", practice.forget, name="practice_forget"),
    path("practice/assignments/", practice_leading.assignments, name="practice_assignments"),
    path("practice/assignments/add/", practice_leading.assign, name="assign_practice"),
    path("practice/assignments/<int:pk>/withdraw/", practice_leading.withdraw, name="withdraw_practice"),
    path("practice/scenarios/", practice_leading.scenarios, name="practice_scenarios"),
    path("practice/scenarios/new/", practice_leading.editor, name="new_scenario"),
    path("practice/scenarios/check/", practice_leading.preview, name="check_scenario"),
    path("practice/scenarios/save/", practice_leading.save, name="save_scenario"),
    path("practice/scenarios/<int:pk>/", practice_leading.editor, name="edit_scenario"),
    path("practice/scenarios/<int:pk>/retire/", practice_leading.retire, name="retire_scenario"),
    path("practice/export/<str:ref>.yaml", practice.export, name="export_scenario"),
]
