"""The addresses of remedies, requests and authority, part of the workspace's own (`web:approvals`, `web:limits`)."""

from django.urls import path

from backstory.web.views import amends, approvals, authority

urlpatterns = [
    path("complaints/<int:pk>/remedies/options/", amends.options, name="remedy_options"),
    path("complaints/<int:pk>/remedies/weigh/", amends.weigh, name="weigh_remedy"),
    path("remedies/<int:pk>/offered/", amends.offered, name="remedy_offered"),
    path("remedies/<int:pk>/answer/", amends.answer, name="remedy_answer"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:pk>/", approvals.request, name="decide_remedy"),
    path("approvals/measured/", approvals.measured, name="empowerment"),
    path("approvals/absences/", authority.absences, name="absences"),
    path("approvals/absences/<int:pk>/end/", authority.end_absence, name="end_absence"),
    path("approvals/limits/", authority.limits, name="limits"),
    path("approvals/limits/<int:pk>/remove/", authority.remove_limit, name="remove_limit"),
    path("approvals/limits/two/", authority.second_look, name="second_look"),
    path("approvals/policy/", authority.policy, name="remedy_policy"),
    path("approvals/policy/<int:pk>/retire/", authority.retire_rule, name="retire_policy_rule"),
    path("approvals/policy/value/", authority.value, name="recovery_value"),
]
