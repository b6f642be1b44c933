"""One doubt for a match: the strongest thing that speaks against it or is not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from kontor.engine.core.explanation import Reason, gettext_noop
from kontor.engine.matching.explain.projects import proof_of, titled
from kontor.engine.matching.explain.subject import Subject
from kontor.engine.matching.model import OrganisationKind, QueryKind, Size, StatementKind
from kontor.engine.matching.stems import fold, stem

Rated = tuple[float, Reason]
WEAK_FIT = 0.35
OLD_DAYS = 540
BUSY = 10
OLD_YEARS = 8
MANY_PROJECTS = 20
MOST_MISSING = 2
BEGINNING = 5
"""Letters that two terms share when one names the other: micro and microturbine."""

_HOLLOW = (
    "help helping centre center research laboratory maker manufacturer producer supplier developer"
    " development small medium large new good old work working way people use organisation institute"
    " institution support service services system systems production reduce reducing reduction"
)
HOLLOW = frozenset(stem(word, "en") for word in _HOLLOW.split())
"""English stems that say nothing about a field: that they are missing is no doubt."""


def doubt_of(subject: Subject) -> Reason:
    """The gravest doubt."""
    rated = [pair for source in SOURCES for pair in source(subject)]
    return max(rated, key=lambda pair: pair[0])[1]


def wants_the_same(subject: Subject) -> Iterator[Rated]:
    seeks = subject.ask.kind in (QueryKind.NEED, QueryKind.CHALLENGE)
    if subject.passage is not None and seeks and subject.passage.kind == StatementKind.NEED:
        template = gettext_noop("It looks for the same itself; that it offers it is not written.")
        yield 0.95, Reason("doubt.same_need", template, {}, subject.evidence)
    if subject.passage is not None and not seeks and subject.ask.kind == QueryKind.OFFER:
        if subject.passage.kind == StatementKind.OFFER:
            template = gettext_noop("It offers the same itself: it may be a competitor.")
            yield 0.95, Reason("doubt.same_offer", template, {}, subject.evidence)
        elif subject.passage.kind == StatementKind.COMPETENCE:
            template = gettext_noop("It works in this field, but no need of it is written.")
            yield 0.7, Reason("doubt.no_need", template, {}, subject.evidence)


def known_already(subject: Subject) -> Iterator[Rated]:
    direct = subject.backing.direct
    if direct:
        template = gettext_noop("No new contact: you know each other from %(projects)s.")
        params = {"projects": titled(direct[:1])}
        yield 0.36, Reason("doubt.known_project", template, params, proof_of(direct[:1], subject.profile.key))
    elif (
        subject.asker is not None and subject.profile.key in subject.asker.partners and not subject.anonymous
    ):
        yield 0.85, Reason("doubt.known", gettext_noop("You already work together."), part="novelty")


def fits_weakly(subject: Subject) -> Iterator[Rated]:
    if subject.fit < WEAK_FIT:
        template = gettext_noop("The agreement is weak: its text touches your question only in part.")
        yield 0.8 - subject.fit / 2, Reason("doubt.weak", template, {}, subject.evidence, "fit")


def names_not(subject: Subject) -> Iterator[Rated]:
    """Decisive words of the question that none of its visible texts carries, in whatever language."""
    held = {term for passage in subject.visible for term in passage.terms}
    beginnings = {term[:BEGINNING] for term in held if ":" not in term}
    missing: dict[str, tuple[float, str]] = {}
    total = 0.0
    for word, terms, weight in subject.asked_by.weighed_words:
        total += weight
        if not weight or len(word) <= 3:
            continue
        if not (HOLLOW & terms.keys() or any(term[:BEGINNING] in beginnings for term in terms)):
            missing.setdefault(fold(word), (weight, word))
    if missing and subject.visible:
        gravest = sorted(missing.values(), key=lambda pair: (-pair[0], pair[1]))
        share = sum(weight for weight, _ in gravest) / total
        words = tuple(word for _, word in gravest[:MOST_MISSING])
        template = gettext_noop("Its texts do not name %(words)s.")
        yield 0.3 + 0.35 * share, Reason("doubt.words", template, {"words": words}, subject.evidence, "fit")


def only_by_codes(subject: Subject) -> Iterator[Rated]:
    if subject.passage is None:
        template = gettext_noop("Only its codes speak for it: no text of it says so.")
        codes = _codes_in_common(subject)
        yield 0.75, Reason("doubt.codes", template, {"codes": codes}, subject.evidence, "fit")


def _codes_in_common(subject: Subject) -> tuple[str, ...]:
    return subject.near_codes or tuple(str(code) for code, _ in subject.suggested_codes)


def is_old(subject: Subject) -> Iterator[Rated]:
    statement, today = subject.statement, subject.query.today
    if statement is None or not today:
        return
    if not statement.confirmed_on:
        template = gettext_noop("When this text was last confirmed is not known.")
        yield 0.34, Reason("doubt.undated", template, {}, subject.evidence[:1], "freshness")
        return
    days = (dt.date.fromisoformat(today) - dt.date.fromisoformat(statement.confirmed_on)).days
    if days > OLD_DAYS:
        template = gettext_noop("Nobody has confirmed this since %(date)s.")
        params = {"date": statement.confirmed_on}
        yield (
            min(0.6, 0.3 + days / 8000),
            Reason("doubt.old", template, params, subject.evidence[:1], "freshness"),
        )


def answers_rarely(subject: Subject) -> Iterator[Rated]:
    profile = subject.profile
    if subject.anonymous:
        return
    if profile.answer_rate is not None and profile.answer_rate < 0.4:
        template = gettext_noop("Answered only %(percent)s %% of its introductions.")
        percent = round(100 * profile.answer_rate)
        yield 0.75, Reason("doubt.silent", template, {"percent": percent}, part="answer_rate")
    if profile.introductions >= BUSY:
        template = gettext_noop("Was introduced %(count)s times already: it may have no time.")
        yield 0.6, Reason("doubt.busy", template, {"count": profile.introductions}, part="novelty")


def long_ago(subject: Subject) -> Iterator[Rated]:
    """The projects that speak for it are old: people and machines may have gone."""
    started = [each.started for each in subject.backing.nearest if each.started]
    if not started or not subject.query.today:
        return
    latest = max(started)
    years = int(subject.query.today[:4]) - int(latest[:4])
    if years >= OLD_YEARS:
        nearest = subject.backing.nearest
        template = gettext_noop("Its project closest to this began %(years)s years ago.")
        proof = proof_of([each for each in nearest if each.started == latest], subject.profile.key)
        yield min(0.6, 0.3 + years / 50), Reason("doubt.old_project", template, {"years": years}, proof)


def is_everywhere(subject: Subject) -> Iterator[Rated]:
    count = subject.backing.count
    if count >= MANY_PROJECTS:
        template = gettext_noop("Has taken part in %(count)s projects: it may have little time for yours.")
        yield 0.45, Reason("doubt.many_projects", template, {"count": count}, part="popularity")


def readiness(subject: Subject) -> Iterator[Rated]:
    statement, conditions = subject.statement, subject.query.conditions
    if statement is None:
        return
    asked = conditions.trl_min is not None or conditions.trl_max is not None
    if statement.trl is None and asked:
        template = gettext_noop("It states no technology readiness level.")
        yield 0.6, Reason("doubt.no_trl", template, {}, subject.evidence[:1])
    if statement.trl is not None and statement.trl <= 4 and statement.kind == StatementKind.OFFER:
        template = gettext_noop("Its technology readiness level is %(trl)s: not yet proven in use.")
        yield 0.55, Reason("doubt.trl", template, {"trl": statement.trl}, subject.evidence[:1])


def no_common_language(subject: Subject) -> Iterator[Rated]:
    asked, spoken = subject.ask.language, subject.profile.languages
    if asked and spoken and asked not in spoken:
        template = gettext_noop("It does not say that it works in %(language)s.")
        yield 0.4, Reason("doubt.language", template, {"language": asked})


def same_side(subject: Subject) -> Iterator[Rated]:
    if subject.part("border") == 0 and subject.profile.country:
        template = gettext_noop("It is in your own country: %(country)s.")
        yield 0.42, Reason("doubt.border", template, {"country": subject.profile.country}, part="border")


def size_unknown(subject: Subject) -> Iterator[Rated]:
    profile = subject.profile
    if profile.size == Size.UNKNOWN and profile.kind == OrganisationKind.FIRM:
        template = gettext_noop("Its size is not known: check whether it counts as an SME.")
        yield 0.28, Reason("doubt.size", template)


def by_meaning_alone(subject: Subject) -> Iterator[Rated]:
    if subject.passage is not None and not subject.shared and not _codes_in_common(subject):
        template = gettext_noop("No word and no code in common: read its text before you call.")
        yield 0.5, Reason("doubt.meaning", template, {}, subject.evidence, "fit")


def time_and_money(subject: Subject) -> Iterator[Rated]:
    """Always true, so that there is always a doubt."""
    yield (
        0.1,
        Reason("doubt.capacity", gettext_noop("Whether it has time and money for this is not written.")),
    )


SOURCES: tuple[Callable[[Subject], Iterator[Rated]], ...] = (
    wants_the_same,
    known_already,
    fits_weakly,
    names_not,
    only_by_codes,
    is_old,
    answers_rarely,
    long_ago,
    is_everywhere,
    readiness,
    no_common_language,
    same_side,
    size_unknown,
    by_meaning_alone,
    time_and_money,
)
