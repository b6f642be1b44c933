"""The sample's content: rich, consistent, invented, and right about codes, places and languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import py3langid
import pytest
from stdnum.eu import vat

from kontor.codes import nuts3_of, place_of
from kontor.features.organisations import duplicates, names
from kontor.features.organisations.sample.model import (
    Sample,
    SampleFigures,
    SampleOrganisation,
    SampleStatement,
)
from kontor.features.organisations.sample.read import read_sample
from kontor.features.organisations.teasers import revealing_part

# Numbers that regulators keep for films and books.
FICTIONAL_NUMBERS = {
    "DE": r"\+49 30 23125 \d{3}",
    "FR": r"\+33 1 99 00 \d\d \d\d",
    "GB": r"\+44 1632 960\d{3}",
    "SE": r"\+46 8 465 004 \d\d",
}
# Recommendation 2003/361/EC, article 2: staff below; turnover or balance sheet total at most (million euro).
CEILINGS = {"micro": (10, 2, 2), "small": (50, 10, 10), "medium": (250, 50, 43)}


@pytest.fixture(scope="module")
def sample() -> Sample:
    return read_sample()


def _statements(sample: Sample) -> Iterator[tuple[SampleOrganisation, SampleStatement]]:
    for organisation in sample.organisations:
        for statement in organisation.statements:
            yield organisation, statement


def _fits(figures: SampleFigures, size: str) -> bool:
    staff, turnover, balance = CEILINGS[size]
    within = (figures.turnover or 0) <= turnover * 1e6 or (figures.balance or 0) <= balance * 1e6
    return (figures.staff or 0) < staff and within


def test_has_every_kind_of_organisation_in_many_countries_and_languages(sample: Sample) -> None:
    kinds = Counter(organisation.kind for organisation in sample.organisations)
    assert len(sample.organisations) >= 240
    assert kinds["firm"] >= 140
    assert kinds["research"] >= 25
    assert kinds["cluster"] == 12
    assert kinds["buyer"] >= 15
    assert kinds["public"] >= 10
    assert len({organisation.country for organisation in sample.organisations}) >= 10
    assert {"en", "de", "nl", "fr", "it", "es", "pl", "da", "sl", "sv", "cs"} <= {
        statement.language for _of, statement in _statements(sample)
    }


def test_has_everything_the_screens_show(sample: Sample) -> None:
    statements = [statement for _of, statement in _statements(sample)]
    assert {statement.visibility for statement in statements} == {"public", "members", "teaser"}
    assert sum(statement.confirmed_days_ago > 365 for statement in statements) >= 8
    origins = Counter(text.origin for statement in statements for text in statement.translations)
    assert min(origins["human"], origins["machine"], origins["stale"]) >= 2
    assert (
        sum(organisation.consent_withdrawn_days_ago is not None for organisation in sample.organisations) == 1
    )
    consents = [contact.consent_days_ago for each in sample.organisations for contact in each.contacts]
    assert 0.1 < consents.count(None) / len(consents) < 0.5


def test_every_organisation_says_something_and_offers_balance_needs(sample: Sample) -> None:
    assert all(1 <= len(organisation.statements) <= 4 for organisation in sample.organisations)
    kinds = Counter(statement.kind for _of, statement in _statements(sample))
    assert min(kinds["offer"], kinds["need"]) >= 120
    assert kinds["competence"] >= 40


def test_clusters_have_members(sample: Sample) -> None:
    members = Counter(given.cluster for each in sample.organisations for given in each.memberships)
    clusters = [each for each in sample.organisations if each.kind == "cluster"]
    assert all(members[cluster.key] >= 5 for cluster in clusters)
    assert any(given.until for each in sample.organisations for given in each.memberships)


def test_the_border_programme_finds_small_firms_on_both_sides(sample: Sample) -> None:
    def firms(*regions: str) -> int:
        return sum(
            each.kind == "firm" and each.size in CEILINGS and each.nuts3.startswith(regions)
            for each in sample.organisations
        )

    assert firms("NL2", "NL4") >= 15
    assert firms("DEA", "DE94") >= 12


def test_texts_are_in_the_language_they_claim(sample: Sample) -> None:
    texts = [(statement.language, statement.text) for _of, statement in _statements(sample)]
    wrong = [text for language, text in texts if py3langid.classify(text)[0] != language]
    assert len(wrong) < 0.05 * len(texts), wrong
    assert all(statement.language == of.language for of, statement in _statements(sample))


def test_no_text_occurs_twice_and_beginnings_vary(sample: Sample) -> None:
    texts = [statement.text for _of, statement in _statements(sample)]
    assert max(Counter(texts).values()) == 1
    beginnings = Counter(" ".join(text.split()[:3]) for text in texts)
    assert beginnings.most_common(1)[0][1] <= 4
    lengths = [len(text) for text in texts]
    assert min(lengths) < 60
    assert max(lengths) > 220


def test_postcodes_lie_in_the_region_given(sample: Sample) -> None:
    for organisation in sample.organisations:
        hit = nuts3_of(organisation.country, organisation.postcode, organisation.place)
        if organisation.country == "GB":  # left the postcode tables with the Union
            continue
        assert hit is not None, organisation.name
        assert (hit.code, hit.version) == (organisation.nuts3, organisation.nuts_version), organisation.name
        assert hit.how == "postcode", organisation.name


def test_places_are_where_the_gazetteer_has_them(sample: Sample) -> None:
    for organisation in sample.organisations:
        found = place_of(organisation.country, organisation.place)
        assert found is not None, organisation.place
        assert organisation.latitude == pytest.approx(found.latitude, abs=0.05), organisation.place
        assert organisation.longitude == pytest.approx(found.longitude, abs=0.08), organisation.place


def test_nothing_leads_to_anybody_real(sample: Sample) -> None:
    for organisation in sample.organisations:
        assert re.fullmatch(r"https://www\.[a-z0-9-]+\.example", organisation.website)
        for contact in organisation.contacts:
            assert contact.email.endswith(".example")
            assert not contact.phone or re.fullmatch(FICTIONAL_NUMBERS[organisation.country], contact.phone)
        said = " ".join(statement.text for statement in organisation.statements)
        assert not re.search(r"https?://|www\.|@", said)
    assert all(user.email.endswith("@sample.kontor.example") for user in sample.users)


def test_vat_numbers_pass_the_check_digits(sample: Sample) -> None:
    numbers = [organisation.vat for organisation in sample.organisations if organisation.vat]
    assert len(set(numbers)) == len(numbers) >= 8
    assert all(vat.is_valid(number) for number in numbers)


def test_figures_agree_with_the_size_class(sample: Sample) -> None:
    for organisation in sample.organisations:
        years = [figures.years_ago for figures in organisation.figures]
        assert years == list(range(1, len(years) + 1))
        if organisation.size in CEILINGS:
            assert all(_fits(figures, organisation.size) for figures in organisation.figures), (
                organisation.name
            )
        elif organisation.size == "large":
            assert all((figures.staff or 0) >= 250 for figures in organisation.figures), organisation.name


def test_teasers_do_not_say_who_is_behind_them(sample: Sample) -> None:
    teasers = [(of, said.teaser) for of, said in _statements(sample) if said.visibility == "teaser"]
    assert len(teasers) >= 6
    for organisation, teaser in teasers:
        people = [contact.name for contact in organisation.contacts]
        domain = organisation.website.removeprefix("https://www.")
        telling = (organisation.name, organisation.short_name, *people)
        assert teaser
        particulars = (organisation.vat, organisation.register_number, organisation.street)
        found = revealing_part(teaser, telling, domain, particulars=particulars, place=organisation.place)
        assert found is None, (teaser, found)


def test_pairs_join_a_need_to_offers_across_a_border(sample: Sample) -> None:
    by_key = {statement.key: (of, statement) for of, statement in _statements(sample)}
    languages = set()
    for pair in sample.pairs:
        asking, need = by_key[pair.need]
        assert need.kind == "need"
        assert pair.about
        assert pair.offers
        for offering, offer in (by_key[key] for key in pair.offers):
            assert offer.kind in {"offer", "competence"}
            assert offering.country != asking.country
            languages.add((asking.language, offering.language))
    assert len(sample.pairs) >= 40
    assert sum(asking != offering for asking, offering in languages) >= 40


def test_three_near_duplicates_wait_on_the_page_for_them(sample: Sample) -> None:
    records = [
        duplicates.Record(
            key=each.key,
            name_key=names.name_key(each.name),
            country=each.country,
            place=names.folded(each.place),
            domain=names.domain(each.website),
            register_number=each.register_number,
        )
        for each in sample.organisations
    ]
    reasons = {reason for pair in duplicates.find(records) for reason in pair.reasons}
    assert len(duplicates.find(records)) == 3
    assert {"domain", "similar_name", "register_number"} <= reasons


def test_users_hold_one_role_each_screen_needs(sample: Sample) -> None:
    roles = {given.role for user in sample.users for given in user.roles}
    assert {"administrator", "programme_manager", "cluster_manager", "owner", "editor", "buyer"} <= roles
    assert {"controller", "juror", "policy_maker"} <= roles
    assert sum(given.role == "cluster_manager" for user in sample.users for given in user.roles) == 3
