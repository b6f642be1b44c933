"""Three reasons for a match: its own sentence first, then what weighs most."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kontor.engine.core.explanation import Evidence, Reason, gettext_noop
from kontor.engine.matching.explain.projects import proof_of, titled
from kontor.engine.matching.explain.subject import Subject, shown
from kontor.engine.matching.model import StatementKind

COUNT = 3
TELLING = 0.3
TELLING_ALONE = 0.5
"""Share of the question's words from which having several, or one, in common is a reason: one common word of
many, as “protection” or “small”, is none.
"""

ALIKE = 3.0
"""Deviations of meaning above unrelated texts from which two texts say much the same."""
Rated = tuple[float, Reason]
"""How much a reason weighs, from 0 to 1, and the reason."""


def reasons_of(subject: Subject) -> tuple[Reason, ...]:
    """Exactly COUNT reasons, the weightiest first."""
    rated = [pair for source in SOURCES for pair in source(subject)]
    rated.sort(key=lambda pair: -pair[0])
    return tuple(reason for _, reason in rated[:COUNT])


_SAYS = {
    StatementKind.OFFER: ("offers", gettext_noop("Offers: “%(quote)s”")),
    StatementKind.COMPETENCE: ("able", gettext_noop("Its text says: “%(quote)s”")),
    StatementKind.NEED: ("needs", gettext_noop("Looks for: “%(quote)s”")),
}


def says(subject: Subject) -> Iterator[Rated]:
    """Its own sentence."""
    if subject.passage is not None:
        code, template = _SAYS[StatementKind(subject.passage.kind)]
        evidence = subject.evidence
        yield 1.0, Reason(code, template, {"quote": shown(evidence[0])}, evidence, "fit")


def shares_words(subject: Subject) -> Iterator[Rated]:
    telling = TELLING if len(subject.shared) > 1 else TELLING_ALONE
    if subject.is_own_text:
        return
    if subject.shared and subject.passage is not None and subject.shared_share >= telling:
        abroad = subject.passage.language != subject.ask.language
        template = (
            gettext_noop("Its words say what you asked for, in another language: %(words)s.")
            if abroad
            else gettext_noop("Uses your words: %(words)s.")
        )
        params = {"words": subject.shared}
        yield 0.35 + subject.words / 2, Reason("words", template, params, subject.evidence, "fit")


def means_the_same(subject: Subject) -> Iterator[Rated]:
    if subject.meaning >= ALIKE and len(subject.shared) < 2 and not subject.is_own_text:
        template = gettext_noop("Says much the same as you in other words.")
        yield min(0.8, subject.meaning / 10), Reason("meaning", template, {}, subject.evidence, "fit")


def bears_codes(subject: Subject) -> Iterator[Rated]:
    same = tuple(str(code) for code, near in subject.rated_codes if near == 1)
    evidence = (Evidence(subject.profile.key, "", 0, 0, "", same or subject.near_codes),)
    if same:
        template = gettext_noop("Has the code that you named: %(codes)s.")
        yield 0.7, Reason("codes.same", template, {"codes": same}, evidence, "fit")
    elif subject.near_codes:
        template = gettext_noop("Has a code close to yours: %(codes)s.")
        yield 0.5, Reason("codes.near", template, {"codes": subject.near_codes}, evidence, "fit")


def bears_suggested_codes(subject: Subject) -> Iterator[Rated]:
    """Codes that were read from the text are told as such: nobody named them."""
    codes = tuple(str(code) for code, near in subject.suggested_codes if near == 1)
    if codes:
        template = gettext_noop("Works in %(codes)s, which your text suggests.")
        evidence = (Evidence(subject.profile.key, "", 0, 0, "", codes),)
        yield 0.48, Reason("codes.suggested", template, {"codes": codes[:2]}, evidence, "fit")


def is_mutual(subject: Subject) -> Iterator[Rated]:
    value = subject.part("reciprocity") or 0.0
    if value < 0.3 or subject.back is None:
        return
    ask, passage = subject.back
    if subject.passage is not None and passage.statement == subject.passage.statement:
        return  # its first reason quotes it already
    quote = subject.quote(passage, dict(ask.terms))
    template = (
        gettext_noop("Needs something that you offer: “%(quote)s”")
        if passage.kind == StatementKind.NEED
        else gettext_noop("Offers something that you need: “%(quote)s”")
    )
    own = (Evidence(subject.asker.key, ask.statement, 0, 0, ""),) if subject.asker else ()
    yield 0.55 + value / 3, Reason("mutual", template, {"quote": shown(quote)}, (quote, *own), "reciprocity")


def completes_group(subject: Subject) -> Iterator[Rated]:
    value = subject.part("complementarity") or 0.0
    if subject.competences:
        template = gettext_noop("Covers what your group lacks: %(competence)s.")
        params = {"competence": subject.competences[:2]}
        yield 0.9, Reason("adds.competence", template, params, subject.evidence, "complementarity")
    elif value >= 0.5 and subject.query.team:
        template = gettext_noop("Does something that nobody in your group does.")
        yield 0.3 + value / 4, Reason("adds.other", template, {}, subject.evidence, "complementarity")


def crosses_border(subject: Subject) -> Iterator[Rated]:
    if subject.part("border"):
        template = gettext_noop("Is across the border, in %(country)s.")
        yield 0.4, Reason("border", template, {"country": subject.profile.country}, part="border")


def is_fresh(subject: Subject) -> Iterator[Rated]:
    value = subject.part("freshness") or 0.0
    statement = subject.statement
    if value >= 0.7 and statement is not None and statement.confirmed_on:
        template = gettext_noop("Confirmed this on %(date)s.")
        yield 0.2 + value / 5, Reason("fresh", template, {"date": statement.confirmed_on}, part="freshness")


def answers(subject: Subject) -> Iterator[Rated]:
    rate = subject.profile.answer_rate
    if rate is not None and rate >= 0.6 and not subject.anonymous:
        template = gettext_noop("Answered %(percent)s %% of its introductions.")
        yield 0.2 + rate / 4, Reason("answers", template, {"percent": round(100 * rate)}, part="answer_rate")


def meets_condition(subject: Subject) -> Iterator[Rated]:
    conditions = subject.query.conditions
    if conditions.sme_only and subject.profile.is_sme:
        yield 0.33, Reason("sme", gettext_noop("Is small or medium-sized, as you asked."))
    statement = subject.statement
    if statement is not None and statement.trl and (conditions.trl_min or conditions.trl_max):
        template = gettext_noop("States technology readiness level %(trl)s.")
        yield 0.34, Reason("trl", template, {"trl": statement.trl}, subject.evidence[:1])
    if conditions.area and not subject.anonymous:
        template = gettext_noop("Is in the area that you asked for: %(area)s.")
        yield 0.31, Reason("area", template, {"area": subject.profile.nuts3})


def speaks_language(subject: Subject) -> Iterator[Rated]:
    if subject.ask.language and subject.ask.language in subject.profile.languages:
        template = gettext_noop("Works in your language: %(language)s.")
        yield 0.25, Reason("language", template, {"language": subject.ask.language})


def took_part(subject: Subject) -> Iterator[Rated]:
    """Near projects, but for one whose own text is the sentence that is quoted already."""
    nearest = tuple(each for each in subject.backing.nearest if not subject.tells(each))
    count = subject.backing.close - len(subject.backing.nearest) + len(nearest)
    if nearest:
        template = (
            gettext_noop("Took part in an earlier project close to this: %(projects)s.")
            if count == 1
            else gettext_noop("Took part in %(count)s earlier projects close to this: %(projects)s.")
        )
        params = {"count": count, "projects": titled(nearest)}
        value = subject.part("projects") or 0.0
        proof = proof_of(nearest, subject.profile.key)
        yield 0.5 + value / 2, Reason("past.projects", template, params, proof, "projects")


def knows_you(subject: Subject) -> Iterator[Rated]:
    backing = subject.backing
    if backing.direct:
        template = gettext_noop("Has worked with you before, in %(projects)s.")
        params: dict[str, tuple[str, ...]] = {"projects": titled(backing.direct[:1])}
        proof = proof_of(backing.direct[:1], subject.profile.key)
        yield 0.88, Reason("past.direct", template, params, proof, "ties")
    elif backing.through:
        link = backing.through[0]
        template = gettext_noop("Has worked with your partner %(partners)s, in %(projects)s.")
        params = {"partners": (link.label,), "projects": titled([link.project])}
        proof = proof_of([link.project], link.partner)
        yield 0.45, Reason("past.through", template, params, proof, "ties")


def resembles(subject: Subject) -> Iterator[Rated]:
    """What a name tells of somebody who was in no project near the question."""
    kin, alike = subject.backing.kin, subject.backing.alike
    if kin is not None and subject.part("kin"):
        template = gettext_noop(
            "An organisation of nearly the same name, %(partners)s, took part in a project close to this:"
            " %(projects)s."
        )
        params = {"partners": (kin.label,), "projects": titled([kin.project])}
        proof = proof_of([kin.project], kin.elder)
        yield 0.42, Reason("past.kin", template, params, proof, "kin")
    elif alike is not None and subject.part("alike"):
        template = gettext_noop(
            "Its name shares “%(words)s” with %(partners)s, which took part in a project close to this:"
            " %(projects)s."
        )
        params = {"words": alike.words, "partners": (alike.label,), "projects": titled([alike.project])}
        proof = proof_of([alike.project], alike.elder)
        value = subject.part("alike") or 0.0
        yield 0.38 + value / 3, Reason("past.alike", template, params, proof, "alike")


def comes_from_there(subject: Subject) -> Iterator[Rated]:
    if subject.backing.named and subject.part("named"):
        template = gettext_noop("Your text names its country: %(country)s.")
        yield 0.38, Reason("past.named", template, {"country": subject.profile.country}, part="named")


def is_new(subject: Subject) -> Iterator[Rated]:
    if subject.newcomer:
        yield 0.12, Reason("new", gettext_noop("Nobody was introduced to it yet."), part="novelty")


def says_more(subject: Subject) -> Iterator[Rated]:
    """Other statements of it that touch the question."""
    decisive = {term for term, _ in sorted(subject.ask.terms, key=lambda pair: -pair[1])[:8]}
    others = {
        p.statement: p
        for p in subject.visible
        if subject.passage and p.statement != subject.passage.statement and decisive & p.terms.keys()
    }
    if others:
        template = gettext_noop("More of its statements touch on this: %(count)s.")
        evidence = tuple(subject.quote(p, subject.asked_by.terms) for p in list(others.values())[:2])
        yield (
            min(0.45, 0.2 + 0.05 * len(others)),
            Reason("more", template, {"count": len(others)}, evidence, "fit"),
        )


def is_what_it_is(subject: Subject) -> Iterator[Rated]:
    """Facts that are always known, so that there are three reasons even for the barest profile."""
    profile = subject.profile
    yield (
        0.03,
        Reason("kind", gettext_noop("It is a partner of this kind: %(kind)s."), {"kind": str(profile.kind)}),
    )
    if profile.country:
        yield (
            0.02,
            Reason("country", gettext_noop("It is based in %(country)s."), {"country": profile.country}),
        )
    template = gettext_noop("Meets all your conditions.")
    yield 0.01, Reason("conditions", template)
    yield 0.005, Reason("visible", gettext_noop("It agreed to be found here."))


SOURCES: tuple[Callable[[Subject], Iterator[Rated]], ...] = (
    says,
    shares_words,
    means_the_same,
    bears_codes,
    bears_suggested_codes,
    is_mutual,
    completes_group,
    crosses_border,
    is_fresh,
    answers,
    meets_condition,
    speaks_language,
    says_more,
    took_part,
    knows_you,
    resembles,
    comes_from_there,
    is_new,
    is_what_it_is,
)
