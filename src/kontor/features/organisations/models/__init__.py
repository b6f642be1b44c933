"""The directory's rows, split by noun."""

from kontor.features.organisations.models.directory import BulkChange, BulkVerb, SavedView
from kontor.features.organisations.models.imports import ImportRow, ImportRun
from kontor.features.organisations.models.merges import DuplicatePair, Merge
from kontor.features.organisations.models.organisation import (
    Listing,
    Organisation,
    OrganisationCode,
    OrganisationKind,
    OrganisationQuerySet,
    SizeClass,
    YearFigures,
)
from kontor.features.organisations.models.people import ContactPerson, Membership
from kontor.features.organisations.models.projects import (
    EarlierProject,
    Participation,
    ParticipationQuerySet,
    ParticipationRole,
)
from kontor.features.organisations.models.regions import RegionShape
from kontor.features.organisations.models.statement import (
    Statement,
    StatementCode,
    StatementKind,
    StatementQuerySet,
    Visibility,
)

__all__ = [
    "BulkChange",
    "BulkVerb",
    "ContactPerson",
    "DuplicatePair",
    "EarlierProject",
    "ImportRow",
    "ImportRun",
    "Listing",
    "Membership",
    "Merge",
    "Organisation",
    "OrganisationCode",
    "OrganisationKind",
    "OrganisationQuerySet",
    "Participation",
    "ParticipationQuerySet",
    "ParticipationRole",
    "RegionShape",
    "SavedView",
    "SizeClass",
    "Statement",
    "StatementCode",
    "StatementKind",
    "StatementQuerySet",
    "Visibility",
    "YearFigures",
]
