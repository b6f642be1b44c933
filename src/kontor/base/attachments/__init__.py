"""Files that belong to a thing: what may be attached, where the bytes lie, and how they leave again.

    attached = attach(subject=consortium, upload=request.FILES["file"], actor=actor)   # in a transaction
    Attachment.objects.of(consortium)
    return answer_with(attached)                    # after the policy of the thing said yes

The audit row is the caller's: it knows what the file means.
"""

from kontor.base.attachments.rules import LARGEST, TYPES, accepted_endings
from kontor.base.attachments.store import (
    answer_with,
    attach,
    bring_back,
    copy,
    forget_attachments,
    place_of,
    remove,
)

__all__ = [
    "LARGEST",
    "TYPES",
    "accepted_endings",
    "answer_with",
    "attach",
    "bring_back",
    "copy",
    "forget_attachments",
    "place_of",
    "remove",
]
