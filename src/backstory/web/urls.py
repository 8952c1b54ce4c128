"""The workspace's addresses, all under the name space `web`."""

from django.urls import URLPattern, URLResolver, include, path

from backstory.web.amends_urls import urlpatterns as amends
from backstory.web.followup_urls import urlpatterns as followups
from backstory.web.insight_urls import urlpatterns as insight
from backstory.web.learning_urls import urlpatterns as learning
from backstory.web.mailbox_urls import urlpatterns as mailboxes
from backstory.web.money_urls import urlpatterns as money
from backstory.web.place_urls import urlpatterns as places
from backstory.web.playbook_urls import urlpatterns as playbooks
from backstory.web.practice_urls import urlpatterns as practice
from backstory.web.problem_urls import urlpatterns as problems
from backstory.web.recovery_urls import urlpatterns as recovery
from backstory.web.update_urls import urlpatterns as updates
from backstory.web.views import (
    arranging,
    causes,
    coaching,
    complaint,
    composing,
    conversation,
    deliveries,
    enclosing,
    files,
    handling,
    issues,
    live,
    mailbox,
    originals,
    palette,
    phrases,
    profile,
    promises,
    proposals,
    queue,
    readings,
    reviews,
)

conversations = [
    path("", conversation.conversation, name="conversation"),
    path("changes/", conversation.changes, name="changes"),
    path("composer/", conversation.composer, name="composer"),
    path("draft/", composing.draft, name="draft"),
    path("phrases/", phrases.offered, name="offered_phrases"),
    path("check/", composing.check, name="check"),
    path("propose/", proposals.propose, name="propose"),
    path("send/", composing.send, name="send"),
    path("recipients/", composing.recipients, name="recipients"),
    path("files/", enclosing.attach, name="attach"),
    path("files/remove/", enclosing.detach, name="detach"),
    path("assign/", handling.assign, name="assign"),
    path("close/", handling.close, name="close"),
    path("reopen/", handling.reopen, name="reopen"),
    path("merge/", arranging.merge, name="merge"),
    path("review/", reviews.begin, name="begin_review"),
    path("complaint/", complaint.open_complaint, name="open_complaint"),
]

complaints = [
    path("judge/", complaint.judge, name="judge"),
    path("backstory/", complaint.backstory, name="backstory"),
    path("confirm/", complaint.confirm_backstory, name="confirm_backstory"),
    path("story/", complaint.story, name="story"),
    path("actions/", complaint.plan_action, name="plan_action"),
    path("remedies/", complaint.offer_remedy, name="offer_remedy"),
    path("issues/", issues.add, name="add_issue"),
    path("close/", complaint.close_complaint, name="close_complaint"),
    path("reopen/", complaint.reopen_complaint, name="reopen_complaint"),
]

workspace: list[URLPattern | URLResolver] = [
    path("", queue.queue, name="queue"),
    path("conversations/<int:pk>/", include(conversations)),
    path("complaints/<int:pk>/", include(complaints)),
    path("actions/<int:pk>/done/", complaint.finish_action, name="finish_action"),
    path("issues/<int:pk>/", issues.judge, name="judge_issue"),
    path("issues/<int:pk>/decide/", issues.decide, name="decide_issue"),
    path("issues/<int:pk>/remove/", issues.remove, name="remove_issue"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/use/", proposals.use, name="use_proposal"),
    path("messages/<int:pk>/split/", arranging.split, name="split_message"),
    path("messages/<int:pk>/keep/", arranging.keep, name="keep_message"),
    path("messages/<int:pk>/doubt/", arranging.doubt, name="doubt_message"),
    path("retellings/<int:pk>/deny/", complaint.deny_retelling, name="deny_retelling"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("moves/<int:pk>/undo/", arranging.undo, name="undo_move"),
    path("addresses/clear/", arranging.clear_troubles, name="clear_troubles"),
    path("messages/<int:pk>/original/", files.original, name="original"),
    path("messages/<int:pk>/reading/", readings.reading, name="reading"),
    path("messages/<int:pk>/reading/<slug:field>/", readings.correct, name="correct_reading"),
    path("messages/<int:pk>/reading/<slug:field>/undo/", readings.undo, name="undo_correction"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
    path("originals/", originals.originals, name="originals"),
    path("originals/several/", originals.several, name="several_originals"),
    path("originals/<int:pk>/", originals.entry, name="original_entry"),
    path("originals/<int:pk>/source/", files.raw, name="raw"),
    path("originals/<int:pk>/correct/", originals.correct, name="correct_original"),
    path("originals/<int:pk>/release/", originals.release, name="release_original"),
    path("originals/<int:pk>/delete/", originals.delete, name="delete_original"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/<int:pk>/undo/", deliveries.undo, name="undo"),
    path("deliveries/<int:pk>/retry/", deliveries.retry, name="retry_delivery"),
    path("deliveries/<int:pk>/confirm/", deliveries.confirm, name="confirm_delivery"),
    path("deliveries/<int:pk>/cancel/", deliveries.cancel, name="cancel_delivery"),
    path("deliveries/<int:pk>/attend/", deliveries.attend, name="attend_delivery"),
    path("phrases/", phrases.phrases, name="phrases"),
    path("promises/", promises.promises, name="promises"),
    path("promises/rates/", promises.rates, name="promise_rates"),
    path("promises/<int:pk>/", handling.decide_promise, name="decide_promise"),
    path("causes/", causes.causes, name="causes"),
    path("causes/add/", causes.add, name="add_cause"),
    path("causes/<int:pk>/", causes.change, name="change_cause"),
    path("causes/<int:pk>/retire/", causes.retire, name="retire_cause"),
    path("coaching/", coaching.coaching, name="coaching"),
    path("coaching/save/", coaching.save, name="save_coaching"),
    path("quarantine/", originals.quarantine, name="quarantine"),
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
    *amends,
    *learning,
    *followups,
    *playbooks,
    *mailboxes,
    *money,
    *insight,
    *problems,
    *places,
    *recovery,
    *practice,
    *updates,
]

urlpatterns = [path("", include((workspace, "web")))]
