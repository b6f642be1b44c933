"""Names, web sites and search texts in a form that can be compared. Pure: no database, no settings.

Two names are compared by their `name_key`: without accents, case, punctuation and legal form, so that
"Müller Maschinenbau G.m.b.H. & Co. KG" and "MUELLER Maschinenbau" meet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

# Letters that have no decomposition into a base letter and an accent.
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
        "ŋ": "n",
    }
)
# German, and by custom Nordic, spelling of umlauts without the accent.
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_DOTTED = re.compile(r"(?<=\b\w)\.\s?(?=\w\b)")
_SPELT_UMLAUT = re.compile(r"(?<=[aou])e")

# Short and spelt-out legal forms by the places that register them, folded as `words` folds a name.
# Source: the short forms of ISO 20275 (Entity Legal Forms).
LEGAL_FORMS = """
Germany/Austria/Switzerland/Liechtenstein: gmbh co kgaa, gmbh und co kg, gmbh and co kg, gmbh co kg,
    ag co kg, ug haftungsbeschrankt co kg, ug haftungsbeschrankt, ggmbh, gmbh, mbh, kgaa, ohg, kg,
    gbr, ag, ug, ev, eg, ek, se, gesellschaft mit beschrankter haftung, aktiengesellschaft, gesmbh,
    og, partg, partg mbb
Netherlands/Belgium/Luxembourg: besloten vennootschap, naamloze vennootschap, bv, nv, vof, cv, bvba,
    sprl, srl, vzw, asbl, cooperatie ua, ua, ba, scrl, cvba, sarl s, sarl, scs, sca
France/Monaco: societe anonyme, societe a responsabilite limitee, societe par actions simplifiee,
    sasu, sas, sa, eurl, snc, scop, gie, selarl
Italy/Spain/Portugal/Romania: societa per azioni, societa a responsabilita limitata, spa, srls,
    scarl, sapa, soc coop, sas, sociedad limitada, sociedad anonima, slu, sl, sau, sal, sll, scoop,
    lda, unipessoal lda, sgps sa, pfa
Poland/Czechia/Slovakia/Hungary: spolka z ograniczona odpowiedzialnoscia, spolka akcyjna, sp z oo sp
    k, sp z oo, sp zoo, sp k, sp j, spolka zoo, spol sro, spol s ro, sro, as, ks, vos, zrt, nyrt,
    kft, bt, kkt
Slovenia/Croatia/Serbia/Bosnia/Bulgaria: druzba z omejeno odgovornostjo, doo, dd, jdoo, dno, sp,
    ood, eood, ead, ad, оод, еоод, еад, ад, ет, et
Denmark/Sweden/Norway/Finland/Iceland: aps, a s, ab publ, ab, hb, asa, ans, oyj, oy ab, oy, ky, tmi,
    ehf, hf
Estonia/Latvia/Lithuania: ou, osauhing, aktsiaselts, sia, as, ik, uab, mb, akciju sabiedriba
Ireland/United Kingdom/Malta/Cyprus/Greece: limited liability company, public limited company,
    private limited company, limited, ltd, llp, plc, dac, clg, cic, teoranta, teo, αε, επε, ικε, οε,
    εε, ae, epe, ike
Ukraine/Türkiye and English words that say as little: тов, tov, llc, anonim sirketi, limited
    sirketi, ltd sti, inc, corp, corporation, co, company
"""


def _parsed_forms(text: str) -> tuple[tuple[str, ...], ...]:
    """Every form as its words, longest first, so that "gmbh co kg" goes before "kg"."""
    lists = re.sub(r"(?m)^\S.*?: ", ", ", text).replace("\n", " ")
    forms = {tuple(form.split()) for form in lists.split(",")} - {()}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


_FORMS = _parsed_forms(LEGAL_FORMS)
# By their last word, so that a name is compared with a few forms instead of all.
_FORMS_BY_END = {
    end: tuple(form for form in _FORMS if form[-1] == end) for end in {form[-1] for form in _FORMS}
}
# Forms that stand before the name in their country's custom ("UAB Baltic", "AS Merko", "ООД Рила").
_LEADING = frozenset(
    (form,)
    for form in ("uab", "sia", "as", "ou", "ab", "mb", "oy", "ik", "тов", "tov", "ет", "et", "pt", "firma")
)

# A page there says nothing about who owns the domain.
SHARED_HOSTS = frozenset(
    {
        "facebook.com",
        "linkedin.com",
        "instagram.com",
        "x.com",
        "twitter.com",
        "youtube.com",
        "xing.com",
        "sites.google.com",
        "google.com",
        "github.io",
        "github.com",
        "wordpress.com",
        "wixsite.com",
        "jimdofree.com",
        "blogspot.com",
        "weebly.com",
        "medium.com",
        "europages.com",
        "linktr.ee",
        "business.site",
    }
)


def folded(text: str) -> str:
    """Lower case without accents, single spaces, other characters kept: "Śląsk  GmbH" -> "slask gmbh"."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def words(text: str) -> list[str]:
    """Folded words; letters parted by dots are one word: "S. p. A." and "S.p.A." -> ["spa"]."""
    plain = folded(text)
    return _WORD.findall(_DOTTED.sub("", plain) if "." in plain else plain)


def without_legal_form(parts: list[str]) -> list[str]:
    """The words of a name without the legal forms around it; never empty for a name with words."""
    parts = list(parts)
    while (cut := _trailing_form(parts)) and len(parts) > cut:
        del parts[-cut:]
    while len(parts) > 1 and (parts[0],) in _LEADING:
        del parts[0]
    return parts


def _trailing_form(parts: list[str]) -> int:
    for form in _FORMS_BY_END.get(parts[-1], ()) if parts else ():
        if tuple(parts[-len(form) :]) == form:
            return len(form)
    return 0


def name_key(name: str) -> str:
    """The name as it is compared, at most 300 characters: folded, umlauts as one letter, no legal form."""
    kept = without_legal_form(words(name))
    return " ".join(_SPELT_UMLAUT.sub("", word) for word in kept)[:300]


def search_text(name: str, short_name: str = "", place: str = "", tags: Iterable[str] = ()) -> str:
    """What the directory's search looks into: folded words, umlauts in both spellings, each once."""
    found: dict[str, None] = {}
    for text in (name, short_name, place, *tags):
        found.update(dict.fromkeys(words(text)))
        if not text.isascii():
            found.update(dict.fromkeys(words(text.casefold().translate(_UMLAUTS))))
    return " ".join(found)


def website(text: str) -> str:
    """The address with its scheme, host in lower case, no trailing slash; "" for an empty text.

    Raises ValueError where the text is no address of a web site.
    """
    text = text.strip()
    if not text:
        return ""
    parts = urlsplit(text if "://" in text else f"https://{text}")
    host = _ascii_host(parts.hostname or "")
    if parts.scheme not in {"http", "https"} or "." not in host or parts.username or " " in parts.netloc:
        raise ValueError(text)
    port = f":{parts.port}" if parts.port else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}{query}"


def domain(address: str) -> str:
    """The host that identifies the owner, without "www."; "" for none and for hosts that many share."""
    try:
        host = (urlsplit(website(address)).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    shared = any(host == known or host.endswith(f".{known}") for known in SHARED_HOSTS)
    return "" if shared else host[:120]


def _ascii_host(host: str) -> str:
    """`host` as the domain name system spells it ("müller.de" -> "xn--mller-kva.de")."""
    try:
        return host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise ValueError(host) from error
