"""The addresses of what comes after a complaint: follow-ups, second recoveries, what is asked."""

from django.urls import path

from backstory.web.views import followups, leaving, survey_answers, survey_choices

urlpatterns = [
    path("insight/answers/", survey_answers.survey_answers, name="answers"),
    path("insight/answers/<slug:table>.csv", survey_answers.survey_answers_csv, name="answers_csv"),
    path("followups/", followups.followups, name="followups"),
    path("followups/<int:pk>/", followups.settle, name="settle_followup"),
    path("lost-customers/", leaving.lost_customers, name="lost_customers"),
    path("lost-customers/list/", leaving.bring_in, name="bring_in_lost"),
    path("lost-customers/<int:pk>/", leaving.change, name="change_lost"),
    path("conversations/<int:pk>/lost/", leaving.mark, name="mark_lost"),
    path("followups/questions/", survey_choices.survey_choices, name="survey_choices"),
    path("followups/questions/choose/", survey_choices.choose, name="choose_survey"),
    path("second-recoveries/", followups.second_recoveries, name="second_recoveries"),
    path("second-recoveries/<int:pk>/", followups.decide_second, name="decide_second_recovery"),
    path("complaints/<int:pk>/second-recovery/", followups.begin_second, name="begin_second_recovery"),
]
