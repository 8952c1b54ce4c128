"""What is being written, and the files that will go with it."""

import mimetypes
from collections.abc import Sequence
from functools import partial
from pathlib import PurePath

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum

from backstory.conversations import queries
from backstory.conversations.enclosures import MOST_FILES, is_refused_file
from backstory.conversations.letters import Address
from backstory.conversations.models import Attachment, Draft
from backstory.kernel import clock, files
from backstory.kernel.errors import InvalidInput, NotFound
from backstory.kernel.ids import token
from backstory.kernel.text import storable
from backstory.people import policy
from backstory.people.models import User
from backstory.people.policy import Permission

LONGEST_TEXT = 200_000

Recipients = tuple[Sequence[Address], Sequence[Address]]


def save_draft(
    viewer: User,
    conversation_id: int,
    text: str | None = None,
    *,
    mode: str = "reply",
    recipients: Recipients | None = None,
    quote: bool | None = None,
) -> Draft | None:
    """Keep what an agent is writing. An emptied draft is gone.

    `mode` is reply or note: what was begun for the team alone must not come back as a letter to the customer.
    With a text, `recipients` (To, Cc) and `quote` are kept too; None for each is as the thread and the settings say.
    """
    conversation = queries.get_conversation(viewer, conversation_id)
    policy.require(viewer, Permission.REPLY, conversation.team_id)
    with transaction.atomic():
        draft = locked_draft(viewer, conversation_id)
        if text is not None:
            draft.text, draft.mode = storable(text)[:LONGEST_TEXT], "note" if mode == "note" else "reply"
            draft.to, draft.cc = (rows(recipients[0]), rows(recipients[1])) if recipients else (None, None)
            draft.quote = quote
        return _kept(draft)


def locked_draft(viewer: User, conversation_id: int) -> Draft:
    """The viewer's draft, made if there is none, for the rest of the transaction theirs alone."""
    # Saving, dismissing and attaching can come at the same moment from one page: the first makes the row.
    Draft.objects.get_or_create(conversation_id=conversation_id, user=viewer, defaults={"updated_at": clock.now()})
    return Draft.objects.select_for_update().get(conversation_id=conversation_id, user=viewer)


def _kept(draft: Draft) -> Draft | None:
    if draft.text.strip() or draft.to is not None or draft.attachments.exists():
        draft.updated_at = clock.now()
        draft.save()
        return draft
    draft.delete()
    return None


def rows(people: Sequence[Address]) -> list[dict[str, str]]:
    """Addresses as messages and drafts keep them."""
    return [{"name": one.name, "email": one.email} for one in people]


def discard_draft(viewer: User, conversation_id: int) -> None:
    conversation = queries.get_conversation(viewer, conversation_id)
    with transaction.atomic():
        drop_drafts(Draft.objects.filter(conversation=conversation, user=viewer))


def drop_drafts(drafts: QuerySet[Draft]) -> None:
    """Remove drafts and the files that are still theirs."""
    remove_files(Attachment.objects.filter(draft__in=drafts))
    drafts.delete()


def remove_files(attachments: QuerySet[Attachment]) -> None:
    """Remove files of drafts: the rows in the caller's transaction, the bytes when it has committed."""
    paths = list(attachments.values_list("path", flat=True))
    attachments.delete()
    for path in paths:
        transaction.on_commit(partial(files.remove, path))


def attach(viewer: User, conversation_id: int, name: str, data: bytes) -> Attachment:
    """Keep a file for the letter or note that is being written. `name` is safe to show and to store under. A picture
    can stand in the text, as `[image: NAME]`.

    Raises InvalidInput for one that is empty, too large, one too many, or of a kind that no mail server takes.
    """
    conversation = queries.get_conversation(viewer, conversation_id)
    policy.require(viewer, Permission.REPLY, conversation.team_id)
    _check_file(name, len(data))
    # A folder of its own: the bytes belong to this row alone, and go when it goes.
    path, sha256 = files.put(f"outgoing/{token(10)}", data)
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    is_picture = content_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}
    try:
        with transaction.atomic():
            draft = locked_draft(viewer, conversation_id)
            _check_room(draft, len(data))
            return Attachment.objects.create(
                draft=draft,
                name=_free_name(draft, name),
                content_type=content_type,
                size=len(data),
                sha256=sha256,
                path=path,
                cid=f"{token(10)}@{conversation.mailbox.address.rpartition('@')[2]}" if is_picture else "",
            )
    except BaseException:  # raised again: the bytes of a file without a row would stay for ever
        files.remove(path)
        raise


def _check_file(name: str, size: int) -> None:
    if not size:
        raise InvalidInput(f"“{name}” is empty.", "file")
    if is_refused_file(name):
        raise InvalidInput(f"“{name}” is a kind of file that mail servers refuse. Send a link to it instead.", "file")


def _check_room(draft: Draft, size: int) -> None:
    if draft.attachments.count() >= MOST_FILES:
        raise InvalidInput(f"A letter can take {MOST_FILES} files.", "file")
    together = size + (draft.attachments.aggregate(sum=Sum("size"))["sum"] or 0)
    if together > settings.ATTACHMENTS_MAX_BYTES:
        megabytes = settings.ATTACHMENTS_MAX_BYTES / 1024**2
        raise InvalidInput(f"The files of a letter can have {megabytes:.0f} MB together.", "file")


def _free_name(draft: Draft, name: str) -> str:
    """The name, with a number where the draft has a file of that name: the text names its images by it."""
    plain = name.replace("[", "(").replace("]", ")")[:200]
    taken = set(draft.attachments.values_list("name", flat=True))
    path = PurePath(plain)
    numbered = (f"{path.stem}-{number}{path.suffix}" for number in range(2, MOST_FILES + 2))
    return plain if plain not in taken else next(one for one in numbered if one not in taken)


def detach(viewer: User, conversation_id: int, attachment_id: int) -> None:
    """Take a file out of one's draft again."""
    conversation = queries.get_conversation(viewer, conversation_id)
    with transaction.atomic():
        found = Attachment.objects.filter(pk=attachment_id, draft__conversation=conversation, draft__user=viewer)
        if not found.exists():
            raise NotFound("There is no such file.")
        remove_files(found)
        _kept(locked_draft(viewer, conversation_id))
