"""The matchmaker for programs: `POST /api/v1/matches/` asks, saved searches can be read and kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from kontor.base.actor import actor_of
from kontor.base.api import Page, PageQuery, Router, found, paginate, scope
from kontor.base.errors import KontorError
from kontor.base.permissions import PUBLIC, SIGNED_IN, policy
from kontor.features.accounts.views.person import person_of
from kontor.features.matching import actions
from kontor.features.matching.ask import Ask
from kontor.features.matching.cards import Card, Said, cards_of, notes_of
from kontor.features.matching.forms import SearchForm
from kontor.features.matching.models import SavedSearch
from kontor.features.matching.products import targets
from kontor.features.matching.queries import Answer, find_partners

router = Router("matching")
MOST = 100


class AskIn(Schema):
    """A question: `text`, `organisation`, `statement`, `product` or `codes` asks, the rest are conditions."""

    text: str = Field("", max_length=200_000, description="need, offer, idea or challenge, in any language")
    language: str = Field("", max_length=8, description="ISO 639-1; empty: it is recognised")
    kind: str = Field("need", description="need, offer, idea or challenge")
    organisation: str = Field("", max_length=12, description="key of an organisation that asks")
    statement: str = Field("", max_length=12, description="key of a statement that asks")
    product: str = Field("", max_length=120, description="programme/product whose competences are sought")
    origin: str = Field("", max_length=2, description="country of the asker, ISO 3166-1")
    across: bool = Field(False, description="only partners across the border of origin")
    countries: list[str] = Field(default_factory=list, max_length=60)
    sme: bool = False
    kinds: list[str] = Field(default_factory=list, max_length=10)
    codes: list[str] = Field(default_factory=list, max_length=50, description="as nace:28.11 or theme:energy")
    trl_min: int | None = Field(None, ge=1, le=9)
    trl_max: int | None = Field(None, ge=1, le=9)
    area: list[str] = Field(default_factory=list, max_length=100, description="NUTS codes or beginnings")
    languages: list[str] = Field(default_factory=list, max_length=30)
    excluded: list[str] = Field(default_factory=list, max_length=1000)
    team: list[str] = Field(default_factory=list, max_length=30)
    read_codes: bool = Field(True, description="count codes that are read from the text")
    wrong_codes: list[str] = Field(
        default_factory=list, max_length=20, description="codes that were read from the text and are wrong"
    )
    top: int = Field(20, ge=1, le=MOST)
    weights: dict[str, float] = Field(default_factory=dict, description="parts that differ from the default")


class QuoteOut(Schema):
    text: str
    language: str
    asked: bool
    codes: list[str]
    project: str = Field("", description="key of the earlier project that `text` is the title of")


class SaidOut(Schema):
    code: str = Field(description="stable name of the reason")
    text: str = Field(description="in the language of Accept-Language")
    quotes: list[QuoteOut]


class PartOut(Schema):
    name: str
    label: str
    value: float = Field(description="points of 100")
    maximum: float


class MatchOut(Schema):
    """`key` is an organisation's, or of an anonymous match its statement's. `shared`: it has a place that
    learned weights keep for newcomers and small firms, and its points are counted by weights of their own.
    """

    rank: int
    key: str
    name: str
    anonymous: bool
    newcomer: bool
    shared: bool
    where: str
    what: str
    points: float
    parts: list[PartOut]
    reasons: list[SaidOut]
    doubt: SaidOut
    found_by: list[str]


class ExclusionOut(Schema):
    condition: str
    text: str
    count: int
    alone: int


class RelaxationOut(Schema):
    conditions: list[str]
    count: int


class AnswerOut(Schema):
    """`status` is `optimal` (everybody compared in full), `feasible`, or `infeasible` (see `relaxations`)."""

    status: str
    considered: int
    kept: int
    language: str
    notes: list[str]
    suggested_codes: list[str] = Field(description="read from the text; put wrong ones into `wrong_codes`")
    matches: list[MatchOut]
    exclusions: list[ExclusionOut]
    relaxations: list[RelaxationOut]


class SavedOut(Schema):
    key: str
    name: str
    shared: bool
    query: dict[str, Any]


class SaveIn(Schema):
    name: str = Field(max_length=200)
    ask: AskIn


class ShareIn(Schema):
    shared: bool = Field(description="whether everybody who knows the key may open it")


class TargetOut(Schema):
    """A target product of a programme: a question that is already written (`product` of a question)."""

    key: str
    name: str
    theme: str
    demand: str
    competences: list[str]


@router.post("/", response=AnswerOut)
@policy(PUBLIC)
@scope("matching:read")
def ask(request: HttpRequest, question: AskIn) -> dict[str, Any]:
    """Ranked partners with their score's parts, three reasons and one doubt each."""
    return answer_out(find_partners(ask_of(question), request.user))


@router.get("/saved/", response=Page[SavedOut])
@policy(SIGNED_IN)
def list_saved(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Your saved searches, the latest first."""
    return paginate(SavedSearch.objects.owned_by(request.user), page)


@router.post("/saved/", response={201: SavedOut})
@policy(SIGNED_IN)
def save(request: HttpRequest, body: SaveIn) -> Status[SavedSearch]:
    """Keep a question under a name."""
    saved = actions.save_search(
        ask=ask_of(body.ask), name=body.name, owner=person_of(request), actor=actor_of(request)
    )
    return Status(201, saved)


@router.get("/saved/{key}/", response=AnswerOut)
@policy(PUBLIC)
def open_saved(request: HttpRequest, key: str) -> dict[str, Any]:
    """The answer to a saved search, as you may see it today."""
    saved = found(SavedSearch.objects.readable_by(request.user), key=key)
    return answer_out(find_partners(Ask.from_dict(saved.query), request.user))


@router.patch("/saved/{key}/", response=SavedOut)
@policy(SIGNED_IN)
def share_saved(request: HttpRequest, key: str, body: ShareIn) -> SavedSearch:
    """Share a search of yours by its key, or stop sharing it."""
    saved = _own(request, key)
    actions.share_search(saved, shared=body.shared, actor=actor_of(request))
    return saved


@router.delete("/saved/{key}/", response={204: None})
@policy(SIGNED_IN)
def delete_saved(request: HttpRequest, key: str) -> Status[None]:
    """Delete a search of yours; `restore` takes it back."""
    actions.delete_search(_own(request, key), actor=actor_of(request))
    return Status(204, None)


@router.post("/saved/{key}/restore/", response=SavedOut)
@policy(SIGNED_IN)
def restore_saved(request: HttpRequest, key: str) -> SavedSearch:
    """Take a deletion back."""
    saved: SavedSearch = found(SavedSearch.objects.filter(owner_id=request.user.pk), key=key)
    if saved.deleted_at is not None:
        actions.restore_search(saved, actor=actor_of(request))
    return saved


def _own(request: HttpRequest, key: str) -> SavedSearch:
    saved: SavedSearch = found(SavedSearch.objects.owned_by(request.user), key=key)
    return saved


@router.get("/products/", response=Page[TargetOut])
@policy(PUBLIC)
def list_products(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """The target products of the programmes."""
    return paginate(list(targets().values()), page)


def ask_of(question: AskIn) -> Ask:
    """The question, checked by the same form as the page's; KontorError 422 names the field."""
    data = question.dict()
    given = data["codes"]
    form = SearchForm(
        {
            **data,
            "q": question.text,
            "theme": [code.removeprefix("theme:") for code in given if code.startswith("theme:")],
            "code": " ".join(code for code in given if not code.startswith("theme:")),
            "area": " ".join(question.area),
            "team": " ".join(question.team),
            "excluded": " ".join(question.excluded),
            "read_codes": "" if question.read_codes else "no",
            "wrong_codes": " ".join(question.wrong_codes),
            **{f"w_{name}": value for name, value in question.weights.items()},
        }
    )
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        path = {"q": "text", "theme": "codes", "code": "codes"}.get(name, name)
        raise KontorError(str(errors[0]), code="question-invalid", path=f"body.{path}", status=422)
    return Ask.from_dict({**form.ask().as_dict(), "top": question.top})


def answer_out(answer: Answer) -> dict[str, Any]:
    """The answer as JSON: also what `kontor match --json` prints as its solution."""
    result = answer.result
    return {
        "status": str(result.status),
        "considered": result.considered,
        "kept": result.kept,
        "language": result.language,
        "notes": notes_of(answer),
        "suggested_codes": [str(code) for code in answer.suggested],
        "matches": [_match_out(card) for card in cards_of(answer)],
        "exclusions": [
            {"condition": row.condition, "text": row.reason.text(), "count": row.count, "alone": row.alone}
            for row in result.exclusions
        ],
        "relaxations": [
            {"conditions": list(way.conditions), "count": way.count} for way in result.relaxations
        ],
    }


def _match_out(card: Card) -> dict[str, Any]:
    return {
        "rank": card.rank,
        "key": card.key,
        "name": card.title,
        "anonymous": card.anonymous,
        "newcomer": card.newcomer,
        "shared": card.shared,
        "where": card.where,
        "what": card.what,
        "points": round(card.points, 4),
        "parts": [
            {"name": p.name, "label": p.label, "value": round(p.value, 4), "maximum": round(p.maximum, 4)}
            for p in card.parts
        ],
        "reasons": [_said_out(said) for said in card.reasons],
        "doubt": _said_out(card.doubt),
        "found_by": list(card.found_by),
    }


def _said_out(said: Said) -> dict[str, Any]:
    quotes = [
        {
            "text": quote.text,
            "language": quote.language,
            "asked": quote.asked,
            "codes": list(quote.codes),
            "project": quote.project,
        }
        for quote in said.quotes
    ]
    return {"code": said.code, "text": said.text, "quotes": quotes}
