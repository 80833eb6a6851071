"""Figures of speech: whether a text treats a term as a thing of its world, or only speaks in an image."""

from __future__ import annotations

import re
from typing import Final, Literal

from agents.engine.text.idioms import IDIOMS
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.vocabulary import LIVING
from agents.engine.text.word_forms import word_set

Use = Literal["thing", "figure", "unclear"]

# Terms that are often used in images or have another meaning; a text must treat them as things.
AMBIGUOUS: Final = word_set("""
    iron gun cannon rifle pistol bayonet camera electric radar plastic steel bronze galley saddle scroll coin
    parchment windmill
    stirrup cathedral spectacle radio robot computer nuclear neon jeans satellite truck elevator software
    dynamite submarine
    photograph photographic phone magic magical magically magician wizard wizardry witch witchcraft sorcerer
    sorceress sorcery
    warlock mage archmage necromancer enchantment incantation fireball chariot catapult papyrus plough android
    sneaker blaster enchantress
    wireles stiletto telegraph locomotive railroad railway factory battery grenade bicycle taxi television
    microscope telescope
    levitation levitated telekinesi hologram holographic cybernetic cyborg antimatter replicator zipper
    plate aqueduct
    gunshot gunfire cannonball
    newspaper thermometer barometer spellbook printed musket gunpowder x ray microwave fridge refrigerator
    wheelbarrow wheel clock tractor parachute airship injection
    enchanter cardboard aluminium aluminum titanium denim champagne policeman microbe vitamin sandwich hexed wallpaper
    generator car steamer
""")
_MATERIALS: Final = word_set(
    "bronze iron steel plastic electric nuclear neon magic magical holographic cybernetic parchment photographic"
    " cardboard aluminium aluminum titanium denim"
)
_PEOPLE: Final = word_set(
    "wizard witch sorcerer sorceress enchantress warlock mage archmage necromancer magician robot cyborg android"
)

_CONCRETE: Final = (
    r"(?:points?|tips?|edges?|collars?|buckles?|clasps?|handles?|hilts?|cells?|containers?|swords?|daggers?"
    r"|kni(?:fe|ves)|blades?|axes?|spears?|spearheads?|arrowheads?|arrows?|heads?|helmets?"
    r"|helms?|shields?|armou?r|breastplates?|mail|gates?|doors?|hinges?|bars?|chains?|cages?"
    r"|rings?|bracelets?|brooch(?:es)?|torcs?|pins?|needles?|hooks?|pots?|kettles?|cups?|bowls?|bells?|statues?"
    r"|spades?|shovels?|pick(?:axe)?s?|hoes?|ploughs?|scythes?|sickles?|rakes?|crowbars?|cauldrons?|chisels?"
    r"|stirrups?|horseshoes?|anchors?|anvils?"
    r"|tools?|nails?|wires?|cables?|beams?|girders?|rails?|plates?|sheets?|pipes?|tubes?|bottles?|bags?|boxes"
    r"|box|chairs?|tables?|tray|trays|cards?|toys?|spoons?|forks?|buckets?|crates?|wrap|film|lights?|lamps?"
    r"|bulbs?|lanterns?|torch(?:es)?|motors?|engines?|fans?|fences?|heaters?|stoves?|fires?|ovens?|cars?|carts?"
    r"|trams?|trains?"
    r"|guitars?|razors?|clocks?|doorbells?|drills?|saws?|switch(?:es)?|current|power|plants?|reactors?|bombs?"
    r"|missiles?|weapons?|warheads?|submarines?|signs?|tubing|wands?|staffs?|staves|amulets?|talismans?"
    r"|potions?|carpets?|mirrors?"
    r"|books?|scrolls?|stones?|gems?|crystals?|cloaks?|boots?|hats?|powers?|abilit(?:y|ies)|barriers?|shields?"
    r"|portals?|creatures?|beasts?|beings?|energy|fire|flames?|dust|symbols?|runes?|circles? on|seal|seals|ink"
    r"|kettle|harp|horn"
    r"|jugs?|jars?|vases?|goblets?|basins?|urns?|pans?|candlesticks?|lids?|locks?|bolts?|hammers?|spikes?|rods?"
    r"|railings?|grilles?|buttons?|combs?|medals?|plaques?|scissors|tongs|ladles?|knockers?"
    r"|barrels?|butts?|triggers?|muzzles?|shots?|fire|smoke|crews?|deck|ports?|carriages?|balls?|lens(?:es)?"
    r"|shutters?|flash|sets?|masts?|towers?|stations?|dishes|dish|screens?|displays?|projectors?|arms?|legs?"
    r"|hands?|eyes?|implants?"
    r"|keyboards?|mouse|batteries|battery|chargers?|cases?|covers?|lines?|boxes|booths?|calls?|numbers?|rolls?"
    r"|pages?|papers?|coins?|idols?|figures?|figurines?|sculptures?|horses?|bull|calf|lions?|mould|casting"
    r"|works|foundry)"
)
_NEXT_NOUN: Final = lazy_pattern(rf"^[ -](?P<noun>{_CONCRETE})\b", re.IGNORECASE)
_NEXT_WORD: Final = lazy_pattern(r"^ (?P<word>[^\W\d_]+)")
_FUNCTION: Final = word_set("""
    and or but nor so yet in on at to from of by with for into onto over under until till since once though
    although unless whether like via beyond inside outside within without upon off amid among wrapped made
    lying standing hanging loaded mounted called hidden left kept up down off out
    as than then that which who whom
    when while where because if is are was were be been being has have had do did does will would could can may
    might must shall
    should he she it they we you i his her its their my our your the a an this these those there here not never
    only still just
    again away back between behind beside before after against across along around near above below toward
    towards through
""")
_DETERMINED: Final = lazy_pattern(
    r"\b(?:an?|the|his|her|their|its|my|your|our|this|that|these|those|some|any|another|each|every|both|one|two"
    r"|three|four"
    r"|five|six|seven|eight|nine|ten|twelve|twenty|several|many|few|dozens? of|pair of|\w+'s)(?: [\w'-]+,?){0,3} ?$",
    re.IGNORECASE,
)
_HANDLED: Final = lazy_pattern(
    r"\b(?:h[eo]lds?|holding|dr[ae]ws?|drawing|drew|fir(?:e|es|ed|ing)|aim\w*|load\w*|rais(?:e|es|ed|ing)"
    r"|lift\w*|took|takes?|taking|carr(?:y|ies|ied|ying)|picked|picks|picking"
    r"|put|puts|putting|set|sets|laid|lays|bought|buys?|buying|sold|sells?|selling|saw|sees?|seen|seeing"
    r"|spotted|heard|hears?|hearing|turned|turns|turning|switch\w*|drove|drives?|driving|rode|rides?|riding"
    r"|wore|wears?|wearing|used|uses|using|charg(?:e|ed|ing)|plugg\w+|point\w*|reach\w*|clean\w*|pulled|pulls"
    r"|pulling|pushed|pushes|pushing|grabbed|grabs|grabbing|snatched|seized|gripp\w+|clutch\w*|toss\w*|threw"
    r"|throws?|throwing"
    r"|handed|hands|handing|gave|gives?|giving|pass(?:ed|es)|dropped|drops|shoulder\w*|swung|swings?|swinging"
    r"|unslung|slung|brought|brings?|bringing|kept|keeps?|keeping|hid|hides?|hiding|found|finds?|finding|built"
    r"|builds?|building|made|makes?|making"
    r"|forg(?:ed|es|ing)|cast|casts|casting|melt\w*|pour\w*|hammer\w*|beat|smelt\w*|polish\w*|sharpen\w*"
    r"|checked|checks|checking|read|reads|reading|watch\w*|looked (?:at|into|through)|look(?:s|ing)? (?:at|into"
    r"|through)|peer\w*|dialled|dialed|dial\w*"
    r"|answer\w*|called (?:on|from)|spoke into|talk\w* into|listen\w* to|typed|types|typing|click\w*|press\w*"
    r"|tapp\w+|open\w*|clos(?:ed|es|ing)|shut|unroll\w*|unfurl\w*|mount\w*|climb\w*|board\w*|steer\w*|row\w*"
    r"|fly|flew|flies|flying"
    r"|summon\w*|conjur\w*|chant\w*|mutter\w*|wield\w*|practi[sc]\w+|stud(?:y|ied|ies|ying)|learn\w*|channel\w*"
    r"|perform\w*|work(?:ed|s|ing)? (?:old|real|true|strong|dark)|wound|install\w*|hung|hang\w*|lit|lights"
    r"|lighting|warmed|armed|fitted|mended|repaired|oiled"
    r"|owned|owns|own|stole|steals?|stealing|lost|loses|shot|shoots?|shooting|smash\w*|broke|breaks?|breaking"
    r"|filled|fills|emptied|wheel\w*|drag\w*|dragged|hauled|hauls|hauling|tied|strapp\w+|wrapp\w+|slipp\w+"
    r"|tuck\w*|stuff\w*|shov\w+|fumbl\w*|feel for|felt for"
    r"|met|meets?|meeting|feared|burned|burnt|hired|asked|consulted|followed|killed|caught|chased|paid|visited"
    r"|arrived (?:in|by|on)|came (?:in|by|on)|went (?:in|by|on)|left (?:in|by|on)|travell?ed (?:in|by|on)"
    r"|glanc\w+ at|star\w+ at|gaz\w+ at|stood (?:at|by|beside|behind|before)|sat (?:at|by|beside|behind|before"
    r"|in|on)|knelt (?:at|by|beside|behind)|lay (?:on|beside|under)|hid behind|leaned? (?:on|against)"
    r"|see|hear|flung|fling\w*|hurl\w*|unfold\w*|fold\w*|spread|pack\w*|tamp\w*|stack\w*|unload\w*|spill\w*"
    r"|sprinkl\w*"
    r"|scatter\w*|heap\w*|stow\w*|rolled|start(?:ed|s|ing)|park\w*|repair\w*|examin\w*|inspect\w*|admir\w*"
    r"|has|have|had|having|got|gets|with|by|without)\b",
    re.IGNORECASE,
)
_HANDLED_NOW: Final = lazy_pattern(
    r"\b(?:watch(?:ed|es|ing)?|listen(?:ed|s|ing)? to|fired|loaded|by) $", re.IGNORECASE
)
_ACTS: Final = lazy_pattern(
    rf"^,? ?(?:[\w'-]+ ){{0,3}}?(?:fired|fires|lay|lies|stood|stands|hung|hangs|rang|rings|buzz\w*|hum\w*"
    rf"|glow\w*|explod\w*|roar\w*|boom\w*|thunder\w*|crash\w*|click\w*|went off|goes off|jam\w*|gleam\w*|shone"
    rf"|shines|burn\w*|beep\w*"
    rf"|crackl\w*|whirr\w*|blink\w*|flicker\w*|flash\w*|point\w*|swung|swings|rattl\w*|ticked|ticks|ticking"
    rf"|spoke|barked|barks|vibrat\w*|chirp\w*|pinged|recoil\w*|turned|turns|rolled|rolls|rumbled|passed|drove"
    rf"|drives|arrived|arrives|stopped|stops|waited|slid|fell|broke|melted"
    rf"|squeal\w*|squeak\w*|creak\w*|groan\w*|screech\w*|clank\w*|clatter\w*|whined|sputter\w*|stalled|idled"
    rf"|rusted|worked|sat|sits|leaned|rested|rests|cooled|ran|runs|moved|moves|opened|opens|lined|guarded"
    rf"|whistled|hissed|steamed|sailed|sails|landed|lands|flew|flies|hovered|circled|danced|cast|casts"
    rf"|conjur\w*|summon\w*|curs\w*|enchant\w*|chant\w*|vanish\w*|appear\w*|healed|flows?|flowed|surged|poured"
    rf"|leapt"
    rf"|cracked|spat|sounded|coughed|took|lit|filled|tore|struck|split|bounced|swept|scanned|showed|shows"
    rf"|played|plays|sang|{LIVING}"
    rf"|(?:was|were|is|are) (?:\w+ )?(?:loaded|cold|heavy|hot|empty|broken|rusty|old|new|black|pointed|aimed"
    rf"|hidden|on|off|in|at|under|beside|behind|lying|standing|hanging|ringing|gone|missing|stolen|warm|dead"
    rf"|ready|jammed|waiting|parked|running|humming|glowing|still|made|forged|cast|built|sold|worn|used|mounted"
    rf"|bolted|strapped|switched|turned|real|silent|playing|buzzing|charged))\b",
    re.IGNORECASE,
)
# "Leaned his bicycle", "pinned the photograph": a verb of doing with a thing of somebody's as its object.
_OBJECT: Final = lazy_pattern(
    r"\b(?!(?:resembl|call|nam|need|want|imagin|lik|lov|hat|fear|consider|remain|seem|look|play|sound|deserv|enjoy"
    r"|promis|possess|inherit|pictur|remember|mention|describ|invent|envi|worship|pretend|want|expect|learn|excit"
    r"|cours|admit|suppos|treat|recall|mock|curs|prais|bless|dream|thank|dodg|escap|believ)\w*)\w{3,}ed"
    r" (?:the|his|her|their|an?|another) (?:[\w-]+ )?$",
    re.IGNORECASE,
)
_SEEN: Final = lazy_pattern(
    r"\b(?:see|sees|saw|seen|hear|hears|heard|watch\w*|notice[ds]?|spotted|found)\b", re.IGNORECASE
)
_PLACED: Final = lazy_pattern(
    r"\b(?:on|into|onto|behind|beside|inside|through|at|against|from|near|by|over|under|with|aboard|in|to"
    r"|of)(?: [\w'-]+,?){0,3} $",
    re.IGNORECASE,
)
_IN_HAND: Final = lazy_pattern(
    r"^,? (?:\w+ )?(?:in|on|at|over|under|across|beside|against|between) (?:his|her|their|the|a|an|one|its|each"
    r"|my|both) (?:[\w'-]+ )?"
    r"(?:hands?|belt|holster|pocket|shoulder|side|hip|lap|table|desk|wall|floor|shelf|bag|fist|fists|back|arms?"
    r"|corner|window|counter|seat|bench|mantel\w*|mantle|door|drawer|ear|ears|mouth|ground|stand|tripod|roof"
    r"|deck|rampart|hill|yard|square|street|road|kitchen|hall|room|tower|fire|anvil|neck|wrist|finger|head|knee"
    r"|knees|bed|box|chest|cart|saddle|boat|battlements?|ramparts?|walls)\b",
    re.IGNORECASE,
)
_EXISTS: Final = lazy_pattern(
    r"\b(?:there (?:was|were|is|are|stood|lay|hung|sat|came)|it (?:was|is)|this (?:was|is)|that (?:was|is)"
    r"|these (?:were|are)|those (?:were|are))"
    r"(?: [\w'-]+,?){0,8} ?$",
    re.IGNORECASE,
)
_PREDICATE: Final = lazy_pattern(
    r"\b(?:was|were|is|are|be|been|being|became|remained|'s)"
    r"(?: (?:an?|the|all|pure|quite|so|such|very|something of an?|a bit of an?|every inch an?|no|more|half|part))*"
    r"(?: (?!\w+(?:ing|ed)\b|in\b|on\b|at\b|with\b|by\b|from\b|to\b|of\b)[\w'-]+){0,2} ?$",
    re.IGNORECASE,
)
_DESCRIBED_AS: Final = lazy_pattern(
    r"\b(?:was|were|is|are|became|(?:s?he|it|that|who)'s)(?: \w+)? (?:an?|the)(?: [\w'-]+){0,2} ?$",
    re.IGNORECASE,
)
_MADE_OF: Final = lazy_pattern(
    rf"\b(?:{_CONCRETE}|made|wrought|forged|cast|built|worked|hammered)(?: \w+)? (?:of|from|out of"
    rf"|in) (?:[\w-]+ ){{0,2}}$",
    re.IGNORECASE,
)
# "The wizard touched it", "The sorcerer had come up from the coast".
_DOES: Final = lazy_pattern(
    r"^ (?:\w+ly )?(?:(?:\w+ed|drew|gave|took|held|spoke|threw|laid|broke|bent|shook|set|put|led|made|wove"
    r"|read|knew|sent|tore|hid)"
    r" (?:it|him|her|them|the|his|their|an?)\b|had (?:come|gone|left|arrived|brought|been"
    r" (?:waiting|watching|there|standing|sitting))\b)"
)
_WORKS: Final = lazy_pattern(
    r"^ (?:had|has) (?:opened|closed|shut|made|turned|built|kept|brought|lit|killed|healed)\b|^ (?:was|is"
    r"|grew) (?:strong|weak)\b"
)
_TAKEN: Final = lazy_pattern(
    r"\b(?:(?:took|takes|taken|taking)|(?:showed|handed|gave|brought|sent) (?:[\w']+ ){1,2}?|(?:held|kept|found"
    r"|carried)(?: up"
    r"| out)?) ?(?:an?|the|another|his|her|their) $",
    re.IGNORECASE,
)
_OF_SUBSTANCE: Final = lazy_pattern(
    r"^ of (?:gold|silver|copper|bronze|iron|brass|wood|steel|glass|lead|stone|tin|invisibility|healing|power"
    r"|fire|his|her|their|my|your)\b",
    re.IGNORECASE,
)
# "The locomotive from the north was late", "A lorry outside had its lights on": nothing but a thing is somewhere.
_HEAD_OF_CLAUSE: Final = lazy_pattern(
    r"^[“\"' ]*(?:\w+, )?(?:an?|the|another|two|three|his|her|their)(?: [\w-]+)? $", re.IGNORECASE
)
_IS_SOMEWHERE: Final = lazy_pattern(
    r"^ (?:from|at|in|on|above|below|behind|beside|under|outside|near|across|over|opposite)"
    r" (?!(?:him|her|them|me|us|his|their|my|our)\b)(?:[\w'-]+ ){1,3}?(?:was|were|is|are|had|stood|\w+ed|struck"
    r"|rang|went)\b",
    re.IGNORECASE,
)
_COMPARED: Final = lazy_pattern(
    r"\b(?:like|as|than)(?: [\w'-]+){0,4} $"
    r"|\b(?:ears?|eyes?|voice|memory|hearts?|brain|mind|soul|speed|grace|subtlety|charm|tact|patience|warmth|manners"
    r"|precision|delicacy|appetite|temper) of an? (?:\w+ )?$",
    re.IGNORECASE,
)

# "A wizard's hat of a roof", "a witch's laugh".
_SHAPED: Final = lazy_pattern(
    r"^(?:'s?|’s?) (?:(?:[\w-]+ ){1,2}?of an? [a-z]|(?:laugh|cackle|smile|grin|temper|tongue|nose|chin|profile"
    r"|cunning)\b)"
)
_INDEFINITE: Final = re.compile(r"\ban? (?:[\w-]+ )?$", re.IGNORECASE)


def use_of(term: str, sentence: str, start: int, end: int) -> Use:
    """Return how a sentence uses the term at a span: as a thing, as an image, or in a way that cannot be told.

    A term that is never an image is a thing wherever it stands.
    """
    for idiom in IDIOMS.finditer(sentence, max(0, start - 40)):
        if idiom.start() >= end:
            break
        if idiom.end() > start:
            return "figure"
    head = term.split()[0]
    if head not in AMBIGUOUS:
        return "thing"
    before, after = sentence[max(0, start - 90) : start], sentence[end : end + 90]
    clause = re.split(r"[.;:!?—–]", before)[-1]
    if _COMPARED.search(clause) or (re.match(r"^(?:-\w|'s? )", after) and head not in _PEOPLE):
        return "figure"
    if _SHAPED.match(after) and _INDEFINITE.search(clause):
        return "figure"
    if head == "photograph" and _TAKEN.search(clause):
        return "thing"
    if after.startswith(" of ") and not _OF_SUBSTANCE.match(after):
        # "A photograph of the duke hung above the hearth."
        return "thing" if head == "photograph" and _ACTS.match(after) else "figure"
    if head in _MATERIALS or (head.startswith("electr") and head != "electrician"):
        return _use_of_material(head, clause, after)
    return _use_of_noun(head, sentence[start:end], clause, after)


def is_predicate(before: str) -> bool:
    """Return whether the words before a noun make it a description of somebody: "She was a dragon"."""
    clause = re.split(r"[.;:!?—–]", before)[-1]
    return _DESCRIBED_AS.search(clause) is not None and _EXISTS.search(clause) is None


def _use_of_material(head: str, clause: str, after: str) -> Use:
    if _NEXT_NOUN.match(after):
        return "thing"
    following = _NEXT_WORD.match(after)
    is_noun = following is None or following["word"].lower() in _FUNCTION or _ACTS.match(after) is not None
    if not is_noun:
        return "figure" if head in ("magical", "electric", "plastic", "holographic") else "unclear"
    if _PREDICATE.search(clause) and not _MADE_OF.search(clause) and not _EXISTS.search(clause):
        return "figure"
    if _MADE_OF.search(clause):
        return "thing"
    handled = list(_HANDLED.finditer(clause))
    is_mass = head in ("bronze", "iron", "steel", "magic", "plastic", "parchment", "electricity")
    if is_mass and handled and len(clause[handled[-1].end() :].split()) <= 3:
        return "thing"
    return (
        "thing"
        if head == "electricity" or (head == "magic" and (_ACTS.match(after) or _WORKS.match(after)))
        else "unclear"
    )


def _use_of_noun(head: str, words: str, clause: str, after: str) -> Use:
    following = _NEXT_WORD.match(after)
    is_seen = following is not None and following["word"].endswith("ing") and _SEEN.search(clause) is not None
    if (
        following is not None
        and not is_seen
        and following["word"].lower() not in _FUNCTION
        and not _ACTS.match(after)
        and not (head in _PEOPLE and _DOES.match(after))
    ):
        # The term describes another noun.
        return "thing" if _NEXT_NOUN.match(after) else "unclear"
    is_determined = (
        _DETERMINED.search(clause) is not None or words.lower().endswith("s") or words[:1].isupper()
    )
    if not is_determined and head not in (
        "magic",
        "sorcery",
        "witchcraft",
        "wizardry",
        "necromancy",
        "levitation",
    ):
        return "thing" if _HANDLED_NOW.search(clause) else "unclear"
    if _EXISTS.search(clause):
        return "thing"
    if _PREDICATE.search(clause) or re.search(
        r"\b(?:called|named|calling) (?:\w+ ){0,2}an? (?:\w+ )?$", clause
    ):
        return "figure"
    if head in _PEOPLE and _DOES.match(after):
        return "thing"
    if _ACTS.match(after) or _IN_HAND.match(after):
        return "thing"
    if head not in _PEOPLE and _HEAD_OF_CLAUSE.match(clause) and _IS_SOMEWHERE.match(after):
        return "thing"
    if head not in _PEOPLE and _OBJECT.search(clause):
        return "thing"
    if _HANDLED.search(clause) or _PLACED.search(clause):
        return "thing"
    return "unclear"
