"""Frames of a sentence: works, pictures and accounts whose content it gives instead of the scene.

A frame before words governs them to the end of the sentence, one after them only within their clause. The mere mention
of a book or a picture is no frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from agents.engine.text.lazy_pattern import lazy_pattern

# Works of words, and plays.
_WORKS: Final = (
    r"(?:stor(?:y|ies)|tales?|legends?|myths?|songs?|ballads?|rhymes?|fables?|sagas?|epics?|novels?|romances?|poems?"
    r"|verses?|stanzas?|chapters?|prophec\w+|scriptures?|chronicles?|annals|folklore|memoirs?|diar(?:y|ies)|journals?"
    r"|epitaphs?|obituar(?:y|ies)|hymns?|operas?|parables?|riddles?|biograph(?:y|ies)|play|plays|pantomimes?"
    r"|pageants?"
    r"|games?|charades|fair(?:y|ies) ?tales?|bedtime stor(?:y|ies)|comedy|tragedy|farce|masque|documentar(?:y|ies)"
    r"|sequels?|prequels?|remakes?|adaptations?|episodes?|serials?|cartoons?|comics?|drafts?|programmes?"
    r"|broadcasts?|transcripts?|accounts?|versions?|scripts?|advertisements?|joke|proverbs?|sayings?"
    r"|refrain|chorus|lyrics?|acts? \w+|(?:first|second|third|last) act)"
)
_PICTURES: Final = (
    r"(?:paintings?|portraits?|pictures?|photographs?|photos?|snapshots?|daguerreotypes?|fresco(?:e?s)?|murals?"
    r"|mosaics?"
    r"|statues?|statuettes?|busts?|effig(?:y|ies)|figurines?|sketch(?:es)?|drawings?|engravings?|woodcuts?|posters?"
    r"|films?|newsreels?|footage|recordings?|records|reels?|tapes?|cassettes?|holograms?|likeness(?:es)?|icons?|tapestr(?:y|ies)"
    r"|holos?|holovids?|carvings?|reliefs?|friezes?|cameos?|vases?|seals?|medallions?|lockets?|coins?|penn(?:y|ies)|stamps?|banners?"
    r"|signboards?"
    r"|(?:inn )?signs?|illustrations?|watercolou?rs?|canvas(?:es)?|panels?|picture frames?|stained glass"
    r"|windows? above"
    r"|windows? of|plaques?|monuments?|memorials?|gravestones?|headstones?|tombstones?|tombs?|jukebox|radio|wireless"
    r"|voicemail|screens?|answering machine|cartoon|caricature|postcards?)"
)
_WRITINGS: Final = (
    r"(?:letters?|records?|registers?|ledgers?|logs?|archives?|books?|pages?|newspapers?|papers?|telegrams?"
    r"|histor(?:y|ies)|inscriptions?|screens?|videos?|memory|memories|mind|thoughts?|head|imagination"
    r"|minutes"
    r"|reports?|catalogues?|files?|statements?|margins?|almanacs?|census|wills?|calendars?|notes?)"
)
_FEW: Final = (
    r"(?:the |an? |his |her |their |its |that |this |those |these |one |every |each |some |old |[\w-]+'s )?"
    r"(?:[\w'-]+ ){0,4}?"
)
_ONE: Final = r"(?:the|an?|that|this|one|every|each) (?:[\w'-]+ ){0,2}?"
_TELLS: Final = (
    r"(?:shows?|showed|showing|depicts?|depicted|portray\w*|says?|said|tells?|told|ran|runs|goes|went|has|had it"
    r"|begins"
    r"|began|describes?|described|claims?|claimed|maintains?|insists?|ends|recalls?)"
)
_TELL: Final = (
    r"(?:told|tells?|telling|sang|sings?|sung|singing|recit\w+|acted|acting|performed?|invented|made up|spun"
    r"|read|reads"
    r"|reading|wrote|writes|heard|dictated)"
)
_FRAME: Final = lazy_pattern(
    rf"\b(?:in|from|through|throughout|by|per|out of) {_FEW}{_WORKS}\b"
    rf"|\b{_WORKS},? (?:of|about|in which|on which|where|that (?:tells?|told|says?|said)|by)\b"
    rf"|\b{_WORKS},? (?:that |which )?{_TELLS}\b|\b(?:a|the|an old|some) {_WORKS} (?:[\w'-]+ ){{0,3}}that\b"
    rf"|\b{_TELL} (?:(?:him|her|them|us|me|it|the \w+|\w+) )?(?:[\w'-]+ ){{0,3}}?(?:{_WORKS}|how|about)\b"
    rf"|\b(?:in(?! front\b)|on|from|(?<!roll )(?<!rolls )(?<!reel )(?<!front )of|out of|within|upon|through"
    rf"|across|inside|beneath|under"
    rf"|above)"
    rf" {_FEW}{_PICTURES}\b"
    rf"|\b(?:the|an?|each|every|one|his|her|on) (?:{_PICTURES}|slides?)\b[^.;:]{{0,40}}:"
    r"|\b(?:was|were|felt) (?:five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|young|an? (?:boy|girl"
    r"|child)) again\b"
    rf"|\b(?:in|from|into|through) {_ONE}{_WRITINGS}\b|^\W*on (?:the|an?|one|every|\S+) (?:\w+ ){{0,2}}(?:screens?"
    rf"|pages?|maps?)\b"
    rf"|\b(?:{_PICTURES}|{_WRITINGS}),? (?:that |which )?{_TELLS}\b"
    r"|\b(?:smil|look|gaz|star|grinn|watch|frown|beam|laugh|peer|glanc|nodd|scowl|leer"
    r"|s[ai]ng)\w*(?: [\w']+){0,4}? (?:from|out of|off) (?:the|her|his|its|their|a|every|each|all the"
    r"|all) (?:\w+ )?(?:walls?|lamp ?posts?|hoardings?|billboards?|bus(?:es)?|shop windows?"
    r"|mantelpiece|page|cover|sleeve|frame|shelf|album"
    r"|pedestal|plinth)\b|\bon page \w+|\bcould (?:almost |still )?(?:see|hear|picture) (?:it|how|him|her)\b"
    r"|\bread (?:aloud|out|it out|on|again)\b|\b(?:play|wind|wound|r[au]n)\w* (?:back )?(?:the|a|his|her|that|\w+'s)"
    r" (?:\w+ )?(?:messages?|voicemail|answerphone)\b|\bturned (?:the|that|a) (?:record|disc|tape|cassette) over\b"
    r"|^\W*in (?:bronze|marble|stone|wax|oils|effigy|verse),"
    r"|\b(?:according to|as \w+ tells? it|so the (?:song|story|tale|saying|legend)|legend has|sang of|sings? of"
    r"|sung of|tells? of|told (?:(?:the )?\w+ )?of"
    r"|read of|reads of|prophesied|foretold|on stage|on the stage|the stage|role of"
    r"|part of the (?:king|queen|witch|wizard|hero)|dressed (?:up )?as|disguised as|in the (?:guise|disguise"
    r"|costume) of"
    r"|pretend\w*|play(?:ed|ing|s)? at|players?\b(?= king| queen)|mummers?|puppets?|actors?|actress(?:es)?|legendary"
    r"|mythical|fabled|proverbial|biographers?|chroniclers?|poets?(?= (?:wrote|writes|says?|said|sang|calls?)))\b",
    re.IGNORECASE,
)
# "Seneca wrote", "…, she read": an account that the sentence gives without speech.
_PARENTHESIS: Final = lazy_pattern(
    r", (?:he|she|they|it is|it was|people|some|\w+|the \w+(?: \w+)?) (?:said|says?|claim(?:s|ed)?|maintain(?:s|ed)?"
    r"|swore|read|reads|wrote|writes|insist(?:s|ed)|held|thought|had read|alleged|believed|decided|recalled"
    r"|remembered|imagined|felt|fancied|supposed|guessed|sensed|told (?:him|her|them|\w+))(?=[.,;:]| of\b| once\b)"
    r"|[:;–—] (?:that|this|so|such) (?:was|is|ran|read|went) (?:the|his|her|their) (?:\w+ )?(?:statement|story"
    r"|account"
    r"|report|legend|testimony|version|tale|lie|rumou?r)\b"
    r"|, (?:thought|claimed|wrote|swore|maintained|decided) (?:he|she|they|the (?:\w+ )?\w+"
    r"|(?-i:[A-Z])\w+)(?=[.,;:])"
    r"|, said (?:he|she|they|(?:the|his|her|an?) (?:\w+ )?\w+|(?-i:[A-Z])\w+)(?=[.,;:])"
    r"|, (?:read|held) (?:he|she|they|(?-i:[A-Z])\w+)(?=[.,;:])",
    re.IGNORECASE,
)
# "Dov Mendel, says the catalogue, worked in the cellar."
_BY_SOURCE: Final = lazy_pattern(
    rf", (?:said|ran|read|noted|reported|recorded|claimed) (?:the|an?|his|her|its|one) (?:[\w']+ )?(?:{_WORKS}"
    rf"|{_WRITINGS}"
    r"|label|caption|guidebook|sleeve|plaque|inscription)\b|"
    rf", (?:say|says|notes?|reports?|records?|tells us|claims?) (?:the|an?|his|her|its|one) (?:\w+ )?(?:{_WORKS}"
    rf"|{_WRITINGS}"
    r"|label|caption|guide|guidebook|programme|sleeve|historians?|critics?|legend|plaque|inscription)\b",
    re.IGNORECASE,
)
# Something that is drawn, or an image, a ghost or a thought of it.
_DEPICTED: Final = (
    r"(?:painted|carved|embroidered|woven|sculpt\w+|engraved|etched|stitched|drawn|sketched|chisell?ed|stuffed|filmed"
    r"|photographed|recorded|depict\w*|portray\w*|tattoo\w*|stamped|cast in (?:bronze|plaster|iron)|mended with"
    r"|whittled)"
)
_IMAGE_BEFORE: Final = lazy_pattern(
    rf"\b{_DEPICTED}(?: (?:[\w'-]+ ){{0,4}})?$|\b(?:painting|portrait|picture|photograph|photo|statue|bust|drawing"
    r"|sketch|likeness|effigy|carving|mask|image|ghost|(?<!in the )shade|spirit|memory|memories|thought|name"
    r"|voice|model|outline"
    r"|shape|idea|notion|rumour|rumor|legend|story|smell|tales?|word|skeleton|jaw|skull|bones?|tooth|teeth|claw|horn"
    r"|egg|hide|skin)s? of (?:[\w'-]+ ){0,3}$"
    r"|\b(?:toy|doll|puppet|paper|cardboard|wooden|rag|stuffed|clockwork|model|china|plush|felt|sugar|marzipan"
    r"|gingerbread|chocolate|tin|stone|player|masked|pretend|so-called|would-be|mock|imaginary|invisible"
    r"|mythical) (?:[\w'-]+ )?$"
    r"|\b(?:weathervane|weathercock|figurehead|crest|emblem|badge|sign|kite|float|brooch|ring|clasp|knocker|gargoyle"
    r"|totem|tattoo|constellation|cloud|shadow|shape|toy|doll|seal|banner|flag|shield|mask)(?: on the \w+)?(?:,"
    r"| was| is|,"
    r" which was| of| shaped like| in the (?:shape|form) of) (?:an? |the )(?:[\w'-]+ )?$|\bin the (?:shape|form"
    r"|likeness) of"
    r" (?:an? |the )?(?:[\w'-]+ )?$",
    re.IGNORECASE,
)
_IMAGE_AFTER: Final = lazy_pattern(
    rf"^,? (?:\w+ly )?{_DEPICTED} (?:on|in|by|from|into|with|across|over|upon|above)\b"
    rf"|^(?: [\w'-]+){{0,4}} (?:was|were|had been|is|are) {_DEPICTED}\b"
    r"|^[^.;,]{0,40}, (?:all )?(?:of|in) (?:\w+ )?(?:copper|bronze|brass|tin|lead|stone|marble|wood|clay|wax"
    r"|glass|paper|straw"
    r"|felt|ivory|jade|plaster|porcelain|sugar|marzipan|ice|snow)(?=[,.;])"
    rf"|^[^.;:,]{{0,20}}, (?:in|from|of) (?:the|that|this|his|her|an?) (?:\w+ )?(?:{_WORKS}|{_PICTURES}|dreams?),"
    r"|^[^.;]{0,30},? (?:made|cut|carved|sewn|knitted|moulded|folded|modelled|baked) (?:of|from|out of"
    r"|in) (?:\w+ )?(?:felt|wood"
    r"|clay|paper|straw|stone|wax|bronze|glass|sugar|cloth|rags|wool|tin|plaster|marzipan|ivory|bone|dough)\b"
    rf"|^ (?:masks?|costumes?|puppets?|dolls?|toys?|games?|suits?|wigs?|tattoos?"
    rf"|statues?|statuettes?|figurines?|banners?|emblems?|signs?|badges?|stor(?:y|ies)|tales?|films?|pictures?"
    r"|paintings?|portraits?|songs?)\b|^ (?:on|in) (?:the|a|an|his|her|their|every|each|\w+'s) (?:[\w'-]+ ){0,2}?"
    rf"(?:{_PICTURES}|masks?|costumes?|crest|coat of arms|shield|flag|museum|advertisement)\b",
    re.IGNORECASE,
)
# An earlier sentence whose content the next ones may give.
_OPENS: Final = lazy_pattern(
    r"\b(?:pennies|coins|stamped|portraits?|paintings?|photographs?|photos?|pictures?|statues?|busts?"
    r"|tapestr(?:y|ies)|frescos?|murals?"
    r"|snapshots?|daguerreotypes?|effig(?:y|ies)|films?|newsreels?|footage|recordings?|holograms?|documentar(?:y|ies)|newsreels?|simulations?|depositions?|recorders?|rotas?|compositions?|essays?"
    r"|(?:go(?:es)?|going|went) (?:over|through) (?:it|this|that)|(?:plays?|played|playing) (?:[\w'-]+ ){1,5}again"
    r"|reels?|tapes?|cassettes?|gramophone|jukebox|voicemail|answering machine|posters?|play(?:ed|s) (?:the"
    r"|an) (?:old|king|queen|part)|(?:put|set) (?:the|a|another|\w+'s) (?:record|disc)s? on|put on (?:the"
    r"|a) (?:record"
    r"|disc)|the (?:record|needle|radio|wireless|screen|video|programme|broadcast|film)|biograph\w+|songs?|ballads?"
    r"|verses?|stanzas?|hymns?|chronicles?|annals|legends?|tales?|stor(?:y|ies)|sagas?|epics?|myths?|memoirs?"
    r"|obituar(?:y|ies)|transcripts?|novels?|chapters?|mummers?|puppets?|actors?|actress(?:es)?|bards?"
    r"|minstrels?|storytellers?|the (?:carver|sculptor|painter"
    r"|medium|engraver|weaver)|pageants?|(?:in|at|of|for) the (?:\w+ )?(?:play|pageant|pantomime|opera|film"
    r"|nativity|masque|tableau)|(?:the|a|another|each) slides?"
    r"|(?:was|were|felt) (?:five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|young|an? (?:boy|girl"
    r"|child)) again|could (?:almost |still )?(?:see|hear|picture) (?:it|how|him|her)"
    r"|the (?:player"
    r"|stage|play|curtain|first act|second act|last act)|dream(?:ed|t|s|ing)?|nightmares?|imagin\w+|pictured"
    r"|(?:play|wind|wound|r[au]n)\w* (?:back )?(?:the|a|his|her|that|\w+'s) (?:\w+ )?(?:messages?|answerphone)"
    r"|turned (?:the|that|a) (?:record|disc|tape|cassette) over|(?:page|chapter|scene|reel|act|take) \w+(?=\.)"
    r"|envision\w*"
    r"|daydream\w*|vision|closed (?:his|her|their) eyes|shut (?:his|her|their) eyes|(?:thought|thinking"
    r"|think) (?:of|about|back)|remember\w*|recall\w*|memor(?:y|ies)|wonder(?:ed|s) (?:what|how|if|whether)"
    r"|read (?:on"
    r"|aloud|again|it|the|his|her|out|from|through|over|\w+'s)|reading|(?:unfolded|opened|took out) (?:the|her|his|a"
    r"|another) (?:\w+ )?(?:letters?|diary|journal|file|book|album)|the (?:letter|diary|file|report|statement|log"
    r"|transcript|testimony) (?:said|says|ran|began|begins|was|went|told)|turned (?:the|a|over the) (?:page"
    r"|sheet|card"
    r"|letter)|(?:told|tells?|telling) (?:(?:\w+|the \w+|an? \w+|the \w+ \w+) )?(?:how|of|about|what had)|recited"
    r"|recites|sang|[Tt]ell (?:it|that one) again|[Tt]ell (?:us|me) (?:a|the|about|of|how)\b|used to (?:say|tell"
    r"|talk)|talked of|spoke of|(?:ghost"
    r"|spirit) of|suppose|what if|if only"
    r"|would have"
    r"|wish(?:ed|es)?|pretend\w*|in (?:his|her|their|my) (?:head|mind|sleep|fever)|pressed (?:the button|play|rewind)"
    r"|the (?:log|screen|image|set|projector|monitor) (?:flickered|hissed|crackled|whirred|came to life|lit up))\b"
    # "Lucas was nine. Helene came in …"
    r"|^\W*\w+ was (?:only |just )?(?:five|six|seven|eight|nine|ten|eleven|twelve|\w+teen)\W*$",
    re.IGNORECASE,
)
# The scene goes on.
_CLOSES: Final = lazy_pattern(
    r"\b(?:just then|at that moment|the door (?:opened|swung|flew|creaked)|tonight|this (?:morning|evening"
    r"|afternoon)|a knock|woke|awoke|switched (?:it|the \w+) off|turned (?:it|the \w+) off|put (?:the|her"
    r"|his) (?:book|letter|paper|newspaper|file|photograph|picture|album|diary) (?:down|away|aside)"
    r"|closed the (?:book"
    r"|file|album|diary)|looked up from|looked round|behind (?:him|her|them))\b",
    re.IGNORECASE,
)
_MAX_SENTENCES_BACK: Final = 3


_READ: Final = lazy_pattern(r"\b(?:reads?|wrote|writes|copied|entered|noted|scribbled)$")


def is_framed(before: str, words: str, after: str, clause_after: str) -> bool:
    """Return whether a sentence gives the content of a work, a picture or an account.

    ``before`` and ``after`` are the parts of the sentence around the ``words``; ``clause_after`` is ``after`` up to
    the end of the clause.
    """
    start, end = len(before), len(before) + len(words)
    last = end + len(clause_after)
    return (
        any(
            behind <= last
            # "Hanne read aloud", "Hanne wrote in the book" tell what Hanne does, whatever follows.
            and (behind <= start or (behind > end and first < last and not _READ.search(words)))
            for first, behind in _frames_in(before + words + after)
        )
        or _PARENTHESIS.search(before) is not None
        or _BY_SOURCE.search(f"{before}{words}{after}") is not None
        or _PARENTHESIS.match(after.removeprefix(clause_after)) is not None
        or _IMAGE_BEFORE.search(before) is not None
        or _IMAGE_AFTER.search(after) is not None
        or _IMAGE_AFTER.search(f" {words}") is not None
    )


def is_in_frame(sentences: Sequence[str]) -> bool:
    """Return whether the last of the ``sentences`` may give the content of what those before it speak of."""
    *earlier, last = sentences
    if _CLOSES.search(last):
        return False
    for sentence in reversed(earlier[-_MAX_SENTENCES_BACK:]):
        opens = _opens_or_closes(sentence)
        if opens is not None:
            return opens
    return False


@lru_cache(maxsize=256)
def _frames_in(sentence: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of the frames of a sentence, of which many words may be asked."""
    return tuple(found.span() for found in _FRAME.finditer(sentence))


@lru_cache(maxsize=2048)
def _opens_or_closes(sentence: str) -> bool | None:
    if _CLOSES.search(sentence):
        return False
    return True if _OPENS.search(sentence) else None
