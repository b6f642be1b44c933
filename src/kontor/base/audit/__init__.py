"""The audit log: every change in a hash-chained, append-only list, written in the change's own
transaction.
"""

from kontor.base.audit.chain import changes_text
from kontor.base.audit.record import Subject, SubjectRef, changed_fields, record, record_many
from kontor.base.audit.verify import Verification, verify

__all__ = [
    "Subject", "SubjectRef", "Verification", "changed_fields", "changes_text", "record", "record_many",
    "verify",
]  # fmt: skip
