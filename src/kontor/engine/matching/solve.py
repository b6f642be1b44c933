"""Asks, filters, scans, compares, scores, chooses and explains: one question from beginning to end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np

from kontor.engine.core.errors import InvalidInput
from kontor.engine.core.explanation import Reason, gettext_noop
from kontor.engine.core.result import Status
from kontor.engine.matching.ask import Ask, asks_of
from kontor.engine.matching.choose import Chosen, choose, groups
from kontor.engine.matching.encoder import Encoder
from kontor.engine.matching.explain import Asked, doubt_of, reasons_of, subject_of
from kontor.engine.matching.filter import Kept, keep
from kontor.engine.matching.fit import Scanned, answer_factor, compare
from kontor.engine.matching.index import Index
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import FoundBy, Match, Params, Query, Result
from kontor.engine.matching.past import Past, PastEvidence, evidence_of
from kontor.engine.matching.pool import Pool, draw, scan_all
from kontor.engine.matching.reader import Reader
from kontor.engine.matching.score import Context, Scores, mutual_fit, rows_of_past, score
from kontor.engine.matching.terms import ONE, merged, terms_of_text

DEFAULTS = Params()
NOTICEABLE = 1.0
"""Standard deviations above chance from which meaning is said to have found something."""

NOTICEABLE_WORDS = 0.1


def search(
    index: Index,
    query: Query,
    *,
    lexicon: Lexicon,
    encoder: Encoder | None = None,
    seed: int = 0,
    params: Params = DEFAULTS,
    past: Past | None = None,
) -> Result:
    """Who fits. The same index, question and seed give the same answer.

    Without `encoder` words and codes alone decide. With `past`, earlier cooperations count as well. Raises
    InvalidInput where the question names an organisation that is not in the index, or where the encoder is
    not the one that the index was built with.
    """
    _check(index, query, encoder)
    kept = keep(index, query)
    exclusions = kept.exclusions(query.conditions)
    if not kept.count:
        return _nobody(kept, query)
    asks, notes = asks_of(query, index, Reader(lexicon, encoder))
    if not asks:
        return Result(Status.OPTIMAL, (), kept.considered, kept.count, exclusions, notes=_nothing(asks, ()))
    evidence = _evidence(past, query, asks, index, lexicon) if past is not None else None
    context = _context(index, query, asks, kept, params, evidence)
    scores = score(context, query.weights)
    small = score(context, query.small_weights) if query.small_weights else None
    chosen = choose(context, scores, params, seed, small)
    ranks = _ranks(context.pool)
    asked = [Asked.by(ask, context.asker, lexicon) for ask in asks]
    matches = tuple(
        _match(context, small if small and each.shared else scores, each, ranks, asked, lexicon)
        for each in chosen
    )
    return Result(
        status=Status.OPTIMAL if context.pool.complete else Status.FEASIBLE,
        matches=matches,
        considered=kept.considered,
        kept=kept.count,
        exclusions=exclusions,
        notes=(*notes, *_shares(query, matches), *_nothing(asks, matches)),
        language=asks[0].language,
        bound=_bound(context, matches),
    )


def rated(
    index: Index,
    query: Query,
    *,
    lexicon: Lexicon,
    encoder: Encoder | None = None,
    params: Params = DEFAULTS,
    past: Past | None = None,
) -> tuple[tuple[str, ...], Scores]:
    """All candidates with the parts of their scores, in no order: what weights are learned from.

    Raises InvalidInput as `search` does, and where nobody is to be found or nothing was asked.
    """
    context = _compared(index, query, lexicon, encoder, params, past)
    if context is None:
        raise InvalidInput("query", "There is nobody to compare.", "Ask something, with fewer conditions.")
    return _keys(context), score(context, query.weights)


def points(
    index: Index,
    query: Query,
    *,
    lexicon: Lexicon,
    encoder: Encoder | None = None,
    params: Params = DEFAULTS,
    past: Past | None = None,
) -> dict[str, float]:
    """{key: score} of all candidates, the same that `search` gives them; empty where nobody can be compared.

    With small weights those without a past are scored by them. A small firm with a past, which a search can
    place by either row, is scored as somebody known. Raises InvalidInput as `search` does.
    """
    context = _compared(index, query, lexicon, encoder, params, past)
    if context is None:
        return {}
    totals = score(context, query.weights).total
    if query.small_weights:
        known, _small = groups(context)
        totals = np.where(known, totals, score(context, query.small_weights).total)
    return dict(zip(_keys(context), totals.tolist(), strict=True))


def _compared(
    index: Index,
    query: Query,
    lexicon: Lexicon,
    encoder: Encoder | None,
    params: Params,
    past: Past | None,
) -> Context | None:
    _check(index, query, encoder)
    kept = keep(index, query)
    asks, _ = asks_of(query, index, Reader(lexicon, encoder))
    if not kept.count or not asks:
        return None
    evidence = _evidence(past, query, asks, index, lexicon) if past is not None else None
    return _context(index, query, asks, kept, params, evidence)


def _keys(context: Context) -> tuple[str, ...]:
    pool, segments = context.pool, context.index.segments
    return tuple(segments[s].row_keys[r] for s, r in zip(pool.segment, pool.row, strict=True))


def _check(index: Index, query: Query, encoder: Encoder | None) -> None:
    for key in (query.organisation, *query.team):
        if key:
            index.place(key)
    if encoder is not None and index.encoder and index.encoder != encoder.name:
        raise InvalidInput(
            "encoder", f"The index was made by {index.encoder}.", "Encode the directory again."
        )


def _origin(query: Query, index: Index) -> str:
    asker = index.profile(query.organisation)[0].country if query.organisation else ""
    return query.conditions.across_from or query.origin or asker


def _evidence(past: Past, query: Query, asks: Sequence[Ask], index: Index, lexicon: Lexicon) -> PastEvidence:
    """What the past says for the question as it was written, else for the asker's statements."""
    asked = [ask for ask in asks if ask.text]
    terms = merged(terms_of_text(ask.text, ask.language, lexicon) for ask in asked)
    told: Mapping[str, float] = terms or {term: weight * ONE for ask in asks for term, weight in ask.terms}
    text = " ".join(ask.text for ask in asked)
    return evidence_of(past, told, text, (query.organisation, *query.team), _origin(query, index))


def _context(
    index: Index,
    query: Query,
    asks: Sequence[Ask],
    kept: Kept,
    params: Params,
    evidence: PastEvidence | None,
) -> Context:
    scanned = scan_all(asks, index, query)
    lift = rows_of_past(index, evidence, _strength(evidence, query)) if evidence else ()
    pool = draw(asks, scanned, kept, index, query, params, lift)
    asker = index.profile(query.organisation)[0] if query.organisation else None
    return Context(
        query=query,
        index=index,
        asks=asks,
        pool=pool,
        origin=_origin(query, index),
        asker=asker,
        mutual=mutual_fit(query, asks, pool, index),
        coverage=_coverage(index, query, asks, scanned),
        past=evidence,
    )


def _strength(evidence: PastEvidence, query: Query) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What the past says of each organisation, by the row of weights that sees more in it."""
    strength = evidence.strength(asdict(query.weights))
    if query.small_weights is None:
        return strength
    return np.maximum(strength, evidence.strength(asdict(query.small_weights)))


def _coverage(
    index: Index, query: Query, asks: Sequence[Ask], scanned: Sequence[Sequence[Scanned]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """How well the group itself covers each competence that is asked for."""
    count = len(query.competences)
    covered = np.zeros(count)
    for key in (query.organisation, *query.team):
        if not key:
            continue
        place = index.place(key)
        segment = index.segments[place.segment]
        rows = np.arange(segment.entry_starts[place.entry], segment.entry_starts[place.entry] + 1)
        for number, (ask, by_segment) in enumerate(
            zip(asks[-count:], scanned[-count:], strict=True) if count else ()
        ):
            factor = answer_factor(ask, segment, query)
            fit = compare(ask, segment, by_segment[place.segment], rows, factor).fit
            covered[number] = max(covered[number], float(fit.max()))
    return covered


def _nobody(kept: Kept, query: Query) -> Result:
    """An empty directory gives an empty list; conditions that exclude everybody give what to drop."""
    if not kept.considered:
        note = Reason("directory.empty", gettext_noop("There is nobody in the directory that you may find."))
        return Result(Status.OPTIMAL, (), 0, 0, notes=(note,))
    return Result(
        status=Status.INFEASIBLE,
        matches=(),
        considered=kept.considered,
        kept=0,
        exclusions=kept.exclusions(query.conditions),
        relaxations=kept.relaxations(),
    )


def _nothing(asks: Sequence[Ask], matches: Sequence[Match]) -> tuple[Reason, ...]:
    if not asks:
        return (
            Reason("asks.none", gettext_noop("This organisation has written nothing yet that could match.")),
        )
    if not matches:
        template = gettext_noop("Nobody who meets the conditions fits. Say more, or use other words.")
        return (Reason("matches.none", template),)
    return ()


def _shares(query: Query, matches: Sequence[Match]) -> tuple[Reason, ...]:
    """Why somebody with fewer points can stand above somebody with more."""
    if not any(match.shared for match in matches) or all(match.shared for match in matches):
        return ()
    template = gettext_noop(
        "%(percent)s %% of the places are kept for newcomers and small firms. Their points are counted by"
        " weights of their own and do not compare with those of the others."
    )
    return (Reason("places.shared", template, {"percent": round(100 * query.small_share)}),)


def _bound(context: Context, matches: Sequence[Match]) -> float | None:
    """No score is above it: the best found where everybody was compared, else that of a perfect partner."""
    if context.pool.complete:
        return max((match.score for match in matches), default=None)
    return 1.0


Ranks = dict[str, "np.ndarray[tuple[int], np.dtype[np.int64]]"]


def _ranks(pool: Pool) -> Ranks:
    """By each method, the rank of every candidate among those compared, 0 where it did not notice it."""
    least = {"words": NOTICEABLE_WORDS, "codes": 1e-9, "meaning": NOTICEABLE}
    found = {}
    for method, threshold in least.items():
        values = getattr(pool.best, method)
        ordered = np.sort(-values)
        ranks = np.searchsorted(ordered, -values, side="left") + 1
        found[method] = np.where(values >= threshold, ranks, 0)
    return found


def _match(
    context: Context,
    scores: Scores,
    chosen: Chosen,
    ranks: Ranks,
    asked: Sequence[Asked],
    lexicon: Lexicon,
) -> Match:
    subject = subject_of(context, scores, chosen, asked, lexicon)
    number = chosen.candidate
    return Match(
        key=subject.profile.key,
        score=float(scores.total[number]),
        parts=subject.parts,
        reasons=reasons_of(subject),
        doubt=doubt_of(subject),
        found_by=tuple(
            FoundBy(method, int(ranks[method][number])) for method in ranks if ranks[method][number]
        ),
        statement=subject.passage.statement if subject.passage else subject.teaser,
        anonymous=subject.anonymous,
        newcomer=chosen.newcomer,
        reserved=chosen.reserved,
        shared=chosen.shared,
    )
