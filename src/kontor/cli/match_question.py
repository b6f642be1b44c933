"""The question of `kontor match`, made of its options."""

from __future__ import annotations

from dataclasses import dataclass

from kontor.cli.rankings import weights_by
from kontor.codes.suggest import codes_read_from
from kontor.engine.core.errors import InvalidInput
from kontor.engine.matching.index import Index
from kontor.engine.matching.model import AUDIENCES_ALL, Code, Conditions, Query
from kontor.engine.matching.ranking import Ranking


@dataclass(frozen=True)
class Wishes:
    """The options of the command that make the question."""

    text: str
    language: str
    kind: str
    organisation: str
    team: tuple[str, ...]
    origin: str
    across: bool
    countries: tuple[str, ...]
    sme: bool
    codes: tuple[str, ...]
    trl_min: int | None
    trl_max: int | None
    area: tuple[str, ...]
    top: int
    today: str
    suggested_codes: bool
    not_codes: tuple[str, ...]
    past: bool
    ranking: Ranking | None = None

    def query(self, index: Index) -> Query:
        """The question; crossing a border needs to know from where."""
        origin = self.origin or (index.profile(self.organisation)[0].country if self.organisation else "")
        if self.across and not origin:
            raise InvalidInput("across", "From which country is not known.", "Add --from, as --from NL.")
        conditions = Conditions(
            countries=self.countries,
            across_from=origin if self.across else "",
            sme_only=self.sme,
            codes=tuple(Code.parse(code) for code in self.codes),
            trl_min=self.trl_min,
            trl_max=self.trl_max,
            area=self.area,
        )
        return Query(
            text=self.text,
            language=self.language,
            kind=self.kind,
            organisation=self.organisation,
            team=self.team,
            origin=origin,
            conditions=conditions,
            top=self.top,
            audiences=AUDIENCES_ALL,
            today=self.today,
            suggested=self._suggested(),
            **weights_by(self.ranking),
        )

    def _suggested(self) -> tuple[Code, ...]:
        without = {Code.parse(code) for code in self.not_codes}
        return codes_read_from(self.text, self.language, without) if self.suggested_codes else ()
