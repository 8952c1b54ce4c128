"""The addresses of playbooks and of decisions about abusive contact, part of the workspace's own."""

from django.urls import path

from backstory.web.views import conduct, playbook_editing, playbooks

urlpatterns = [
    path("playbooks/", playbooks.playbooks, name="playbooks"),
    path("playbooks/new/", playbook_editing.new, name="new_playbook"),
    path("playbooks/check/", playbook_editing.check, name="check_playbook"),
    path("playbooks/save/", playbook_editing.save, name="save_playbook"),
    path("playbooks/previews/<int:pk>/", playbooks.trial, name="playbook_trial"),
    path("playbooks/<int:pk>/", playbooks.playbook, name="playbook"),
    path("playbooks/<int:pk>/edit/", playbook_editing.edit, name="edit_playbook"),
    path("playbooks/<int:pk>/compare/", playbooks.compare, name="compare_playbook"),
    path("playbooks/<int:pk>/retire/", playbooks.retire, name="retire_playbook"),
    path("playbooks/<int:pk>/<int:number>/force/", playbooks.put_in_force, name="force_playbook"),
    path("playbooks/<int:pk>/<int:number>/preview/", playbooks.preview, name="preview_playbook"),
    path("playbooks/<int:pk>/<int:number>/export/", playbooks.export, name="export_playbook"),
    path("complaints/<int:pk>/playbook/", playbooks.move, name="move_to_playbook"),
    path("conduct/", conduct.decisions, name="conduct"),
    path("conduct/break/", conduct.take_break, name="take_break"),
    path("conduct/<int:pk>/second/", conduct.second, name="second_decision"),
    path("conduct/<int:pk>/review/", conduct.review, name="review_decision"),
    path("conversations/<int:pk>/handover/", conduct.hand_over, name="hand_over"),
    path("conversations/<int:pk>/conduct/", conduct.decide, name="decide_conduct"),
]
