"""The addresses of problems, part of the workspace's own (`web:problems`, `web:problem`)."""

from django.urls import path

from backstory.web.views import campaigns, problems, proofs
from backstory.web.views import problem_writing as writing

urlpatterns = [
    path("problems/", problems.problems, name="problems"),
    path("problems/new/", problems.new, name="new_problem"),
    path("problems/open/", writing.open_problem, name="open_problem"),
    path("problems/<int:pk>/", problems.problem, name="problem"),
    path("problems/<int:pk>/why/", problems.why, name="problem_why"),
    path("problems/<int:pk>/fixes/", proofs.fixes, name="problem_fixes"),
    path("problems/<int:pk>/record/<slug:form>/", problems.record, name="problem_record"),
    path("problems/<int:pk>/change/", writing.change, name="change_problem"),
    path("problems/<int:pk>/state/", writing.state, name="problem_state"),
    path("problems/<int:pk>/link/", writing.link, name="link_complaints"),
    path("problems/<int:pk>/unlink/", writing.unlink, name="unlink_complaint"),
    path("problems/<int:pk>/whys/", writing.add_why, name="add_why"),
    path("problems/<int:pk>/whys/<int:why>/", writing.change_why, name="change_why"),
    path("problems/<int:pk>/whys/<int:why>/evidence/", writing.add_evidence, name="add_evidence"),
    path("problems/<int:pk>/evidence/<int:evidence>/", writing.remove_evidence, name="remove_evidence"),
    path("problems/<int:pk>/bones/", writing.add_bone, name="add_bone"),
    path("problems/<int:pk>/bones/<int:bone>/", writing.remove_bone, name="remove_bone"),
    path("problems/<int:pk>/failures/", writing.rate_failure, name="rate_failure"),
    path("problems/<int:pk>/failures/<int:failure>/", writing.remove_failure, name="remove_failure"),
    path("problems/<int:pk>/fixes/add/", writing.add_fix, name="add_fix"),
    path("problems/<int:pk>/fixes/<int:fix>/", writing.change_fix, name="change_fix"),
    path("problems/<int:pk>/decisions/", writing.decide, name="decide_problem"),
    path("problems/<int:pk>/freeze/", proofs.freeze, name="freeze_plan"),
    path("problems/<int:pk>/judge/", proofs.judge, name="judge_plan"),
    path("problems/<int:pk>/reporting/", proofs.reporting, name="note_reporting"),
    path("problems/<int:pk>/rate/", proofs.rate, name="note_rate"),
    path("problems/<int:pk>/notes/", proofs.notes, name="problem_notes"),
    path("problems/<int:pk>/notes/add/", proofs.add_note, name="add_note"),
    path("problems/<int:pk>/notes/<int:note>/end/", proofs.end_note, name="end_note"),
    path("exposure/", proofs.exposure, name="exposure"),
    path("exposure/add/", proofs.add_exposure, name="add_exposure"),
    path("problems/<int:pk>/told/", campaigns.told, name="problem_told"),
    path("problems/<int:pk>/told/plan/", campaigns.plan, name="plan_campaign"),
    path("campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:pk>/text/", campaigns.write, name="write_campaign"),
    path("campaigns/<int:pk>/reach/", campaigns.reach, name="reach_campaign"),
    path("campaigns/<int:pk>/preview/", campaigns.preview, name="preview_campaign"),
    path("campaigns/<int:pk>/approve/", campaigns.approve, name="approve_campaign"),
    path("campaigns/<int:pk>/step/", campaigns.step, name="step_campaign"),
]
