"""Why an organisation is not in the answer, and what to change so that it is."""

from __future__ import annotations

from dataclasses import replace

from kontor.engine.core.explanation import Reason, gettext_noop
from kontor.engine.matching.encoder import Encoder
from kontor.engine.matching.filter import rules_broken_by
from kontor.engine.matching.index import Index
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import Match, Params, Query, Result
from kontor.engine.matching.past import Past
from kontor.engine.matching.solve import DEFAULTS, search


def why_not(
    index: Index,
    query: Query,
    key: str,
    *,
    lexicon: Lexicon,
    encoder: Encoder | None = None,
    seed: int = 0,
    params: Params = DEFAULTS,
    past: Past | None = None,
) -> tuple[Reason, ...]:
    """Reasons why `key` is not among the matches of `query`; empty where it is.

    Everything as `search` was given it, so that the score told is the one that the search would show. Raises
    InvalidInput for a key that is not in the index.
    """
    index.place(key)

    def ask(query: Query) -> Result:
        return search(index, query, lexicon=lexicon, encoder=encoder, seed=seed, params=params, past=past)

    result = ask(query)
    if any(match.key == key and not match.anonymous for match in result.matches):
        return ()
    if key in (query.organisation, *query.team):
        return (Reason("why_not.own", gettext_noop("It asks itself, or belongs to the group that asks.")),)
    broken = rules_broken_by(index, query, key)
    if broken:
        return tuple(rule.reason(query.conditions) for rule in broken)
    own = ask(_only(query, key)).matches
    if not own:
        template = gettext_noop("Nothing that it lets you read fits your question.")
        return (Reason("why_not.unfit", template),)
    return _behind(own[0], result, query)


def _only(query: Query, key: str) -> Query:
    """The same question to one organisation, which keeps all its conditions."""
    return replace(query, conditions=replace(query.conditions, among=(key,)), top=1, newcomer_share=0)


def _behind(own: Match, result: Result, query: Query) -> tuple[Reason, ...]:
    """How far it is behind the last one that was placed by the same weights."""
    scores = [match.score for match in result.matches if match.shared == own.shared]
    last = scores[-1] if scores else 0.0
    if own.score > last:
        template = gettext_noop(
            "Others with the same text, or newcomers, have the places; ask for more than %(top)s."
        )
        return (Reason("why_not.places", template, {"top": query.top}),)
    template = gettext_noop("It scores %(score)s of 100, the last one shown %(last)s.")
    params_shown = {"score": round(100 * own.score), "last": round(100 * last)}
    return (Reason("why_not.behind", template, params_shown, own.reasons[0].evidence), own.doubt)
