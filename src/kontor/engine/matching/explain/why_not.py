"""Why an organisation is not in the answer, and what to change so that it is."""

from __future__ import annotations

from dataclasses import replace

from kontor.engine.core.explanation import Reason, gettext_noop
from kontor.engine.matching.encoder import Encoder
from kontor.engine.matching.filter import rules_broken_by
from kontor.engine.matching.index import Index
from kontor.engine.matching.lexicon import Lexicon
from kontor.engine.matching.model import Conditions, Params, Query, Result
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
) -> tuple[Reason, ...]:
    """Reasons why `key` is not among the matches of `query`; empty where it is.

    Raises InvalidInput for a key that is not in the index.
    """
    index.place(key)
    result = search(index, query, lexicon=lexicon, encoder=encoder, seed=seed, params=params)
    if any(match.key == key and not match.anonymous for match in result.matches):
        return ()
    if key in (query.organisation, *query.team):
        return (Reason("why_not.own", gettext_noop("It asks itself, or belongs to the group that asks.")),)
    broken = rules_broken_by(index, query, key)
    if broken:
        return tuple(rule.reason(query.conditions) for rule in broken)
    return _compared(index, query, key, result, lexicon, encoder, params)


def _compared(
    index: Index,
    query: Query,
    key: str,
    result: Result,
    lexicon: Lexicon,
    encoder: Encoder | None,
    params: Params,
) -> tuple[Reason, ...]:
    """Asks again with it alone in the directory: does it fit at all, and how far is it behind the last one
    shown?
    """
    alone = Index.build(
        [index.entry(each) for each in {key, *filter(None, (query.organisation, *query.team))}]
    )
    question = replace(query, conditions=Conditions(), top=1)
    own = search(alone, question, lexicon=lexicon, encoder=encoder, params=params).matches
    if not own:
        template = gettext_noop("Nothing that it lets you read fits your question.")
        return (Reason("why_not.unfit", template),)
    last = result.matches[-1].score if result.matches else 0.0
    if own[0].score > last:
        template = gettext_noop(
            "Others with the same text, or newcomers, have the places; ask for more than %(top)s."
        )
        return (Reason("why_not.places", template, {"top": query.top}),)
    template = gettext_noop("It scores %(score)s of 100, the last one shown %(last)s.")
    params_shown = {"score": round(100 * own[0].score), "last": round(100 * last)}
    return (Reason("why_not.behind", template, params_shown, own[0].reasons[0].evidence), own[0].doubt)
