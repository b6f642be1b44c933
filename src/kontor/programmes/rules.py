"""What must hold in a programme file beyond its form: one function a rule, one list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from kontor import codes
from kontor.programmes.lines import Path
from kontor.programmes.schema import Competence, Programme

#: Where in the file, what is wrong, what to do.
Fault = tuple[Path, str, str]
Rule = Callable[[Programme], Iterable[Fault]]


def keys_are_unique(programme: Programme) -> Iterator[Fault]:
    """Themes, products, and the competences of one product each have a key of their own."""
    yield from _repeated("theme", [theme.key for theme in programme.themes])
    yield from _repeated("product", [product.key for product in programme.products])
    for at, product in enumerate(programme.products):
        yield from _repeated("competence", [c.key for c in product.competences], ("product", at))


def products_have_a_theme(programme: Programme) -> Iterator[Fault]:
    known = [theme.key for theme in programme.themes]
    for at, product in enumerate(programme.products):
        if product.theme not in known:
            yield ("product", at, "theme"), f"is {product.theme!r}.", f"Take one of {', '.join(known)}."


def products_need_competences(programme: Programme) -> Iterator[Fault]:
    """A product without a required competence cannot be matched with anybody."""
    for at, product in enumerate(programme.products):
        if not any(competence.required for competence in product.competences):
            yield ("product", at), "has no required competence.", "Add a [[product.competence]]."


def codes_exist(programme: Programme) -> Iterator[Fault]:
    """Every NACE 2.1, CPV, KET and theme code is in the lists that Kontor ships."""
    for at, theme in enumerate(programme.themes):
        yield from _unknown([("theme", code) for code in theme.codes], ("theme", at, "codes"))
    for at, product in enumerate(programme.products):
        for number, competence in enumerate(product.competences):
            path: Path = ("product", at, "competence", number)
            for scheme, key in _CODE_KEYS.items():
                own = [pair for pair in competence.codes() if pair[0] == scheme]
                yield from _unknown(own, (*path, key))


_CODE_KEYS = {"nace": "nace", "cpv": "cpv", "ket": "ket", "theme": "themes"}


def area_exists(programme: Programme) -> Iterator[Fault]:
    """Codes of a vintage whose list Kontor has (2021, 2024) are in it; older ones need the right form."""
    nuts = codes.scheme("nuts")
    vintages = {flag for code in nuts.codes() for flag in nuts.flags(code)}
    for at, area in enumerate(programme.areas):
        for code in area.nuts:
            listed = nuts.valid(code) and area.version in nuts.flags(code)
            formed = 2 <= len(code) <= 5 and code.isalnum() and code == code.upper()
            if not (listed if area.version in vintages else formed):
                path: Path = ("area", at, "nuts")
                yield path, f"{code!r} is no NUTS {area.version} code.", "Check the code and the version."


def envelopes_fit_the_budget(programme: Programme) -> Iterator[Fault]:
    """The money of all themes together is at most the budget."""
    left = programme.unassigned()
    if left is not None and left < 0:
        yield ("budget",), f"is {-left} less than the envelopes of all themes.", "Lower an envelope."


def dates_run_forward(programme: Programme) -> Iterator[Fault]:
    if programme.starts and programme.ends and programme.ends < programme.starts:
        yield ("ends",), "is before the start.", "Give a day after it."


RULES: tuple[Rule, ...] = (
    keys_are_unique,
    products_have_a_theme,
    products_need_competences,
    codes_exist,
    area_exists,
    envelopes_fit_the_budget,
    dates_run_forward,
)


def faults(programme: Programme) -> list[Fault]:
    """What every rule finds, in the order of the rules."""
    return [fault for rule in RULES for fault in rule(programme)]


def _repeated(name: str, keys: list[str], above: Path = ()) -> Iterator[Fault]:
    for key, times in Counter(keys).items():
        if times > 1:
            last = len(keys) - 1 - keys[::-1].index(key)
            yield (*above, name, last, "key"), f"{key!r} stands {times} times.", "Give each its own key."


def _unknown(pairs: list[tuple[str, str]], path: Path) -> Iterator[Fault]:
    for scheme, code in pairs:
        if not codes.valid(scheme, code):
            near = codes.canonical(scheme, code)
            close = codes.find(scheme, code.replace("-", " "), "en", 3)
            options = [near] if near else [found.code for found in close]
            remedy = (
                f"Did you mean {' or '.join(options)}?"
                if options
                else "Look it up in the directory's code search."
            )
            yield path, f"{code!r} is no {scheme} code.", remedy


def competence_terms(competence: Competence, language: str) -> str:
    """The competence as one text for the matchmaker: its wording and the labels of its codes."""
    labels = [codes.label(scheme, code, language).text for scheme, code in competence.codes()]
    return ". ".join([competence.text.best(language), *labels])
