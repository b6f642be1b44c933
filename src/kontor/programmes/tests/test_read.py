"""Programme files: what is read, and that every fault is told with its line and a remedy."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kontor import codes, programmes
from kontor.programmes import Problem, ProgrammeError
from kontor.programmes.lines import Lines, written

LIBRARY = Path(programmes.__file__).parent / "library"

SMALL = """\
schema = 1
key = "small"
version = "1"
languages = ["en", "de"]
budget = 1_000.10
starts = 2027-01-01

[name]
en = "Small"
de = "Klein"

[summary]
en = '''One
[not a table]
of two lines'''
de = "Zwei"

[[area]]
version = "2024"
nuts = [
  "NL22",
  "DEA1B",
]

[[theme]]
key = "heat"
codes = ["heating-cooling"]
envelope = 600.05
name = { en = "Heat", de = "Wärme" }

[[product]]
key = "pump"
theme = "heat"
trl = 6
name = { en = "Pump", de = "Pumpe" }
summary = { en = "A pump", de = "Eine Pumpe" }

[[product.competence]]
key = "design"
nace = ["28.13"]
text = { en = "Design pumps", de = "Pumpen entwerfen" }

[[product.competence]]
key = "test"
required = false
text = { en = "Test pumps", de = "Pumpen prüfen" }
"""


NESTED = """\
a.b = 1
"c d" = [
  1,
  { x = 2 },
]
[t."u.v"]
w = '''
[no]
'''
z = 1
[[m]]
[[m.n]]
[[m.n]]
k = 1
"""


def problems(old: str = "", new: str = "", text: str = SMALL) -> list[Problem]:
    assert old in text
    return programmes.check(text.replace(old, new, 1).encode())[1]


def line_of(text: str) -> int:
    return SMALL.splitlines().index(text) + 1


def test_a_sound_file_becomes_a_programme() -> None:
    found = programmes.parse(SMALL.encode(), "small.toml")
    assert (found.key, found.languages, found.budget) == ("small", ("en", "de"), Decimal("1000.10"))
    assert found.unassigned() == Decimal("400.05")
    assert found.theme("heat").name == {"en": "Heat", "de": "Wärme"}
    product = found.product("pump")
    assert [(c.key, c.required, c.level) for c in product.competences] == [
        ("design", True, 2),
        ("test", False, 2),
    ]
    assert list(product.competences[0].codes()) == [("nace", "28.13")]


def test_money_is_exact() -> None:
    found = programmes.parse(SMALL.replace("1_000.10", "4_855_807.30").encode(), "x")
    assert found.budget == Decimal("4855807.30")
    assert str(found.budget) == "4855807.30"


def test_area_of_the_same_vintage_decides() -> None:
    found = programmes.parse(SMALL.encode(), "small.toml")
    assert found.contains("NL221", "2024")
    assert found.contains("DEA1B", "2021")
    assert not found.contains("DEA1C", "2024")


def test_texts_fall_back_to_the_first_language() -> None:
    found = programmes.parse(SMALL.encode(), "small.toml")
    assert (found.name.best("de"), found.name.best("nl")) == ("Klein", "Small")


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "message", "remedy"),
    [
        ('key = "small"', 'key = "Small Talk"', "key", "key", "'Small Talk'", "small letters"),
        ("trl = 6", "trl = 12", "trl = 6", "product[1].trl", "is 12", "from 1 to 9"),
        ("trl = 6", "trl = 6.5", "trl = 6", "product[1].trl", "6.5", "whole number"),
        ("trl = 6", "trl = true", "trl = 6", "product[1].trl", "True", "whole number"),
        ("trl = 6", "tlr = 6", "trl = 6", "product[1].tlr", "not a key", "'trl'"),
        ("budget = 1", "budgett = 1", "budget = 1_000.10", "budgett", "not a key", "'budget'"),
        ("= 600.05", "= 600.055", "envelope = 600.05", "theme[1].envelope", "600.055", "two decimals"),
        ("= 600.05", "= -1", "envelope = 600.05", "theme[1].envelope", "-1", "at least 0"),
        ('theme = "heat"', 'theme = "cold"', 'theme = "heat"', "product[1].theme", "'cold'", "one of heat"),
        ('["28.13"]', '["2813"]', 'nace = ["28.13"]', "product[1].competence[1].nace", "no nace", "28.13"),
        ('key = "test"', 'key = "design"', 'key = "test"', "product[1].competence[2].key", "2 times", "own"),
        ('"NL22"', '"NL99"', "nuts = [", "area[1].nuts", "'NL99' is no NUTS 2024", "version"),
        (
            "required = false",
            'required = "no"',
            "required = false",
            "product[1].competence[2].required",
            "'no'",
            "true",
        ),
        ('de = "Klein"', "", "[name]", "name", "'de' is missing", "Add de"),
        ('de = "Klein"', 'de = " "', 'de = "Klein"', "name.de", "empty", "Write it"),
        ("2027-01-01", '"2027"', "starts = 2027-01-01", "starts", "'2027'", "date like"),
        ("= 1_000.10", "= 500", "budget = 1_000.10", "budget", "100.05 less", "Lower"),
        ("schema = 1", "schema = 2", "schema = 1", "schema", "is 2", "1 to 1"),
    ],
)
def test_every_fault_has_its_line_and_a_remedy(
    old: str, new: str, line: str, path: str, message: str, remedy: str
) -> None:
    found = [problem for problem in problems(old, new) if problem.path == path]
    assert len(found) == 1
    expected = next(at for at, text in enumerate(SMALL.splitlines(), 1) if text.startswith(line))
    assert found[0].line == expected
    assert message in found[0].message
    assert remedy in found[0].remedy


def test_missing_required_key_is_told_at_its_table() -> None:
    found = problems('version = "1"\n', "")
    assert [(p.line, p.path, p.message) for p in found] == [(1, "", "'version' is missing.")]


def test_all_faults_are_told_at_once_in_order() -> None:
    text = (
        SMALL.replace("trl = 6", "trl = 0").replace('key = "heat"', 'key = "HEAT"').replace("1_000.10", '"x"')
    )
    assert [p.path for p in programmes.check(text.encode())[1]] == [
        "budget",
        "theme[1].key",
        "product[1].trl",
    ]


def test_syntax_errors_have_their_line() -> None:
    found = problems("trl = 6", "trl = = 6")
    assert [p.line for p in found] == [line_of("trl = 6")]
    assert "is not TOML" in found[0].message


def test_other_encodings_are_named() -> None:
    found = programmes.check(SMALL.encode("latin-1"))[1]
    assert [(p.line, p.message) for p in found] == [
        (line_of('name = { en = "Heat", de = "Wärme" }'), "is not written in UTF-8.")
    ]


def test_product_without_required_competence() -> None:
    found = problems('key = "design"\n', 'key = "design"\nrequired = false\n')
    assert [(p.line, p.message) for p in found] == [(line_of("[[product]]"), "has no required competence.")]


def test_area_of_an_old_vintage_needs_the_right_form_only() -> None:
    assert problems('"2024"', '"2013"') == []
    old = SMALL.replace('"2024"', '"2013"')
    assert [p.path for p in problems('"NL22"', '"nl22"', old)] == ["area[1].nuts"]


def test_error_lists_every_problem() -> None:
    with pytest.raises(
        ProgrammeError, match=r"small.toml has 1 problems:\nline \d+, product\[1\].trl: is 12."
    ):
        programmes.parse(SMALL.replace("trl = 6", "trl = 12").encode(), "small.toml")


@pytest.mark.parametrize(
    "text", ["", "x", "schema = 1", "a = [[1], [2]]\n", "[area]\nversion = 1", "area = [1]"]
)
def test_hardly_a_file(text: str) -> None:
    assert programmes.check(text.encode())[1]


def test_lines_of_quoted_dotted_and_nested_keys() -> None:
    lines = Lines(NESTED)
    assert lines.of(("a", "b")) == 1
    assert lines.of(("c d", 1, "x")) == 2
    assert lines.of(("t", "u.v", "w")) == 7
    assert lines.of(("t", "u.v", "z")) == 10
    assert lines.of(("m", 0, "n", 1, "k")) == 14
    assert lines.of(("nowhere", 3)) == 1
    assert written(("m", 0, "n", 1, "k")) == "m[1].n[2].k"


def test_shipped_programmes_are_sound() -> None:
    shipped = programmes.shipped()
    assert sorted(key for key, programme in shipped.items() if not programme.extends) == sorted(
        path.stem for path in LIBRARY.glob("*.toml")
    )


def test_cleantech_energy_crossing_as_documented() -> None:
    found = programmes.shipped()["cleantech-energy-crossing"]
    assert found.budget == Decimal("4855807.30")
    assert [theme.envelope for theme in found.themes] == [Decimal("1500000.00")] * 3
    assert found.unassigned() == Decimal("355807.30")
    assert found.languages == ("en", "de", "nl")
    assert [len(area.nuts) for area in found.areas] == [51, 51]
    assert len(found.products) == 10
    assert {product.theme for product in found.products} == {theme.key for theme in found.themes}
    assert all(sum(c.required for c in product.competences) >= 3 for product in found.products)
    assert {"theme.envelope", "starts", "area", "product"} <= {default.path for default in found.defaults}


def test_its_area_holds_addresses_of_both_sides() -> None:
    found = programmes.shipped()["cleantech-energy-crossing"]
    for country, postcode in (
        ("NL", "6811"),
        ("NL", "8911"),
        ("NL", "5211"),
        ("DE", "47533"),
        ("DE", "48149"),
    ):
        hit = codes.nuts3_of(country, postcode)
        assert hit is not None
        assert found.contains(hit.code, hit.version)
    amsterdam = codes.nuts3_of("NL", "1011")
    assert amsterdam is not None
    assert not found.contains(amsterdam.code, amsterdam.version)


def test_documented_example_is_sound() -> None:
    page = (Path(__file__).resolve().parents[4] / "docs" / "formats" / "programme.md").read_text(
        encoding="utf-8"
    )
    example = page.partition("```toml\n")[2].partition("```")[0]
    assert programmes.parse(example.encode(), "example").key == "border-heat"
