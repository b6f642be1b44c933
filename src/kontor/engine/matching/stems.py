"""From a written word to the form under which it is counted.

Endings are stripped by short lists instead of a lemmatiser: a dictionary of all languages would take 1.2 GB
and twelve seconds to load, and the lexicon learns its translations on these same stems, so they need to be
steady, not correct.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TOKEN = re.compile(r"[^\W_]+")
LONGEST_TOKEN = 40
SHORTEST_STEM = 4

# Letters that Unicode does not take apart into a base letter and an accent.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ς": "σ"}
)

# Endings per language, longest first within each list; a word keeps at least SHORTEST_STEM letters.
ENDINGS = {
    language: tuple(sorted(endings.split(), key=len, reverse=True))
    for language, endings in {
        "en": "izations isations ization isation ations ation ators ator ments ment ities ity ically ical"
        " ics ic ings ing ers er ors or ies es ed s e y al ive ly ness able ability ances ance ences"
        " ence ions ion",
        "de": "ierungen ierung ungen ung lichen licher liche lich ischen ischer ische isch en er es em e n"
        " s ern",
        "nl": "eringen ering ingen ing elijke elijk ische isch en e s n er ers atie aties tie ties",
        "da": "eringer ering ingerne ingen inger ing ernes erne ers eren er ets et ens en es e s isk iske",
        "sv": "eringar ering ningar ning ingar ing arnas arna ars ar ernas erna ers er ets et ens en or"
        " orna a e s isk iska",
        "no": "eringer ering ingene ingen inger ing ene ens en ets et er ers e s isk iske",
        "fr": "isations isation ations ation ateurs ateur atrices atrice ements ement ments ment iques ique"
        " eaux aux ites ite euses euse eurs eur ives ive ifs if elles elle els el ales ale al ees ee"
        " es er ir s e x",
        "it": "izzazioni izzazione azioni azione zioni zione atori atore atrici trice amenti amento imenti"
        " imento menti mento iche ichi ici ico ica ali ale ita ivi ivo iva ive are ere ire ate ati ato"
        " ata i e o a",
        "es": "izaciones izacion aciones acion ciones cion adores ador adoras adora amientos amiento"
        " mientos miento icas icos ica ico ales al idades idad ivos ivas ivo iva ar er ir ados adas"
        " ado ada es os as s e o a",
        "pt": "izacoes izacao acoes acao coes cao adores ador adoras adora amentos amento mentos mento icas"
        " icos ica ico ais al idades idade ivos ivas ivo iva ar er ir ados adas ado ada es os as s e o"
        " a",
        "ro": "izarea izare area are urile urilor uri ilor elor iile iei ii ul ului ale ala alul ice ica ic"
        " atie atia atii ie ia i e a u",
        "pl": "owania owanie ania anie enia enie owych owe owy owa nych nego nej ne ny na ych ymi ego emu"
        " ej ie ami ach om ow y i e a o u",
        "cs": "ovani ovych ove ovy ova nich niho nych neho ne ny na ani eni ych ymi eho emu ami ach um ech"
        " y i e a o u",
        "sk": "ovanie ovych ove ovy ova nych neho ne ny na anie enie ych ymi eho emu ami ach om och y i e a"
        " o u",
        "sl": "ovanje ovanja anje anja enje enja skih ske ski ska nih nega ne ni na ih imi ega emu ami ah"
        " om ov ev i e a o u",
        "hr": "ovanje ovanja anje anja enje enja skih ske ski ska nih nog ne ni na ih im og oga om ama ima"
        " ova eva i e a o u",
        "bg": "ване ания ание ения ение ните ната ното ния ни на но ен ите ата ото ят та то те и а о е я",
        "lt": "avimas avimo imas imo imai imu iniai iniu inis ines ine ai ams uose ose as os es is us ys iu"
        " u a e o i",
        "lv": "esana esanas sana sanas ijas iju ija iem ais as es is us am os im u a e i s",
        "et": "mised miste mine mise imine imise iliste ilised iline de te ed id ud d a e i u",
        "fi": "amista amisen aminen imisen iminen misen minen isten iset inen iden ien jen ten den ssa ssä"
        " sta lla lta ksi tta ja t n a i e",
        "hu": "asok asa as esek ese es ok ek ak ai ei i k t a e o nak nek ban ben hoz hez val vel",
        "el": "ησεων ησεισ ηση ησησ ικων ικα ικεσ ικη ικησ ικο ικοσ ματων ματα μα ων εσ εισ ησ οσ ου οι ασ"
        " α η ο ι",
        "mt": "azzjonijiet azzjoni ijiet iet jiet at i a u",
        "ga": "anna acha eanna aiochta aiocht ach aigh ai tha the a e i",
    }.items()
}


_BY_LENGTH = {
    language: [
        (length, frozenset(ending for ending in endings if len(ending) == length))
        for length in dict.fromkeys(map(len, endings))
    ]
    for language, endings in ENDINGS.items()
}


def tokens(text: str) -> list[str]:
    """Words in the order of the text, as written; a word past LONGEST_TOKEN letters is cut there."""
    return [word[:LONGEST_TOKEN] for word in TOKEN.findall(text)]


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Without case and accents: `Wärme` becomes `warme`."""
    plain = unicodedata.normalize("NFKD", word.casefold()).translate(_PLAIN)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=400_000)
def stem(word: str, language: str) -> str:
    """The folded word without its longest known ending."""
    plain = fold(word)
    for length, endings in _BY_LENGTH.get(language, ()):
        if len(plain) - length >= SHORTEST_STEM and plain[-length:] in endings:
            return plain[:-length]
    return plain
