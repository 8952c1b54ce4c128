"""The workspace's addresses, all under the name space `web`."""

from django.urls import URLPattern, URLResolver, include, path

from backstory.web.insight_urls import urlpatterns as insight
from backstory.web.views import (
    approvals,
    causes,
    complaint,
    composing,
    conversation,
    deliveries,
    enclosing,
    files,
    handling,
    live,
    mailbox,
    palette,
    profile,
    promises,
    quarantine,
    queue,
)

conversations = [
    path("", conversation.conversation, name="conversation"),
    path("changes/", conversation.changes, name="changes"),
    path("composer/", conversation.composer, name="composer"),
    path("draft/", composing.draft, name="draft"),
    path("check/", composing.check, name="check"),
    path("send/", composing.send, name="send"),
    path("recipients/", composing.recipients, name="recipients"),
    path("files/", enclosing.attach, name="attach"),
    path("files/remove/", enclosing.detach, name="detach"),
    path("assign/", handling.assign, name="assign"),
    path("close/", handling.close, name="close"),
    path("reopen/", handling.reopen, name="reopen"),
    path("complaint/", complaint.open_complaint, name="open_complaint"),
]

complaints = [
    path("judge/", complaint.judge, name="judge"),
    path("backstory/", complaint.backstory, name="backstory"),
    path("confirm/", complaint.confirm_backstory, name="confirm_backstory"),
    path("actions/", complaint.plan_action, name="plan_action"),
    path("remedies/", complaint.offer_remedy, name="offer_remedy"),
    path("close/", complaint.close_complaint, name="close_complaint"),
    path("reopen/", complaint.reopen_complaint, name="reopen_complaint"),
]

workspace: list[URLPattern | URLResolver] = [
    path("", queue.queue, name="queue"),
    path("conversations/<int:pk>/", include(conversations)),
    path("complaints/<int:pk>/", include(complaints)),
    path("actions/<int:pk>/done/", complaint.finish_action, name="finish_action"),
    path("messages/<int:pk>/original/", files.original, name="original"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
    path("originals/<int:pk>/", files.raw, name="raw"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/<int:pk>/undo/", deliveries.undo, name="undo"),
    path("deliveries/<int:pk>/retry/", deliveries.retry, name="retry_delivery"),
    path("deliveries/<int:pk>/confirm/", deliveries.confirm, name="confirm_delivery"),
    path("deliveries/<int:pk>/cancel/", deliveries.cancel, name="cancel_delivery"),
    path("deliveries/<int:pk>/attend/", deliveries.attend, name="attend_delivery"),
    path("promises/", promises.promises, name="promises"),
    path("promises/<int:pk>/", handling.decide_promise, name="decide_promise"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:pk>/", approvals.decide, name="decide_remedy"),
    path("causes/", causes.causes, name="causes"),
    path("causes/add/", causes.add, name="add_cause"),
    path("causes/<int:pk>/", causes.change, name="change_cause"),
    path("causes/<int:pk>/retire/", causes.retire, name="retire_cause"),
    path("quarantine/", quarantine.quarantine, name="quarantine"),
    path("quarantine/<int:pk>/retry/", quarantine.retry, name="retry_raw"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<int:pk>/", mailbox.mailbox, name="letter"),
    path("mailbox/<int:pk>/answer/", mailbox.answer, name="answer_letter"),
    path("profile/", profile.profile, name="profile"),
    path("profile/save/", profile.save, name="save_profile"),
    path("profile/tokens/", profile.issue_token, name="issue_token"),
    path("profile/tokens/<int:pk>/revoke/", profile.revoke_token, name="revoke_token"),
    path("theme/", profile.theme, name="theme"),
    path("palette/", palette.palette, name="palette"),
    path("live/", live.live, name="live"),
    *insight,
]

urlpatterns = [path("", include((workspace, "web")))]
