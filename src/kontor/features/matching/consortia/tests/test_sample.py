"""The sample consortia: loaded once, what people changed stays, gone with the sample, files too."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kontor.base.actor import Actor
from kontor.base.models import Attachment
from kontor.features.matching.consortia import actions
from kontor.features.matching.consortia.sample.load import read_consortia
from kontor.features.matching.models import (
    BoardStep,
    Comment,
    Composition,
    Consortium,
    Override,
    Seat,
    TeamVariant,
)
from kontor.features.organisations.sample.load import load_sample, remove_sample

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
ALL = (Consortium, TeamVariant, Seat, BoardStep, Comment, Composition, Override)


def counted() -> list[int]:
    return [model.objects.count() for model in ALL]


@pytest.mark.one_database
def test_loaded_twice_is_loaded_once_and_removed_with_the_sample() -> None:
    load_sample(actor=SYSTEM)
    told = read_consortia()
    assert Consortium.objects.count() == len(told)
    assert set(Seat.objects.values_list("state", flat=True)) >= {"open", "proposed", "invited", "accepted"}
    seats = sum(len(variant["seats"]) for each in told for variant in each["variant"])
    assert Seat.objects.count() == seats
    own = Consortium.objects.filter(state="composing").order_by("key").first()
    assert own is not None
    actions.change_details(consortium=own, values={"title": "As people have it"}, revision=None, actor=SYSTEM)
    upload = SimpleUploadedFile("plan.pdf", b"%PDF-1.7 plan")
    actions.attach_file(consortium=own, upload=upload, actor=SYSTEM)
    before = counted()
    load_sample(actor=SYSTEM)
    assert counted() == before
    assert Consortium.objects.get(pk=own.pk).title == "As people have it"
    remove_sample(actor=SYSTEM)
    assert counted() == [0] * len(ALL)
    assert not Attachment.objects.filter(subject_kind="consortium").exists()
    load_sample(actor=SYSTEM)
    assert Consortium.objects.count() == len(told)
