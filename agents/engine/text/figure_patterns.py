"""Patterns and word lists that tell figures of speech from things."""

from __future__ import annotations

import re
from typing import Final

from agents.engine.text.words.vocabulary import LIVING
from agents.engine.text.words.word_forms import word_set

# Terms that are often used in images or have another meaning; a text must treat them as things.
AMBIGUOUS: Final = word_set("""
    iron gun cannon rifle pistol bayonet camera electric radar plastic steel bronze galley saddle scroll coin
    parchment windmill
    stirrup cathedral spectacle radio robot computer nuclear neon jeans satellite truck elevator software
    dynamite submarine
    photograph photographic phone magic magical magically magician wizard wizardry witch witchcraft sorcerer
    sorceress sorcery
    warlock mage archmage necromancer enchantment incantation fireball chariot catapult papyrus plough android
    sneaker blaster
    wireles stiletto telegraph locomotive railroad railway factory battery grenade bicycle taxi television
    microscope telescope
    levitation levitated telekinesi hologram holographic cybernetic cyborg antimatter replicator zipper
    plate aqueduct
    newspaper thermometer barometer spellbook printed musket gunpowder x ray microwave fridge refrigerator
    wheelbarrow
""")
MATERIALS: Final = word_set(
    "bronze iron steel plastic electric nuclear neon magic magical holographic cybernetic parchment photographic"
)
PEOPLE: Final = word_set(
    "wizard witch sorcerer sorceress warlock mage archmage necromancer magician robot cyborg android"
)

IDIOMS: Final = re.compile(
    r"\b(?:jump\w* the gun|(?:st[iu]ck\w*|sticking|keep|kept) (?:firmly )?(?:to|by) (?:\w+ )?(?:own )?guns?"
    r"|(?:glances?|smiles?|voice|music|beauty|eyes?|words?|moon|moonlight|night|evening|story|song|silence"
    r"|singing|playing"
    r"|laugh|charm|presence|bells?) (?:\w+ )?(?:cast|casts|wove|weaves) (?:an?|its|his|her|their|the) (?:\w+ )?(?:spell"
    r"|magic|enchantment)|cast (?:its|their) (?:\w+ )?(?:spell|magic)|(?:in|under) (?:his|her|their|its) spell"
    r"|electricity in the air|(?:had|has|have) (?:an?|some|his|her) (?:\w+ )?radar for|(?:own|internal|inner|built-in)"
    r" radar|(?:was|were|is|are) (?:an?|one) (?:\w+ )?(?:sheet|ribbon|band|bar|wall|curtain|river|thread|trap|plate) of"
    r" (?:steel|bronze|iron)|under the gun|son of a gun|smoking gun|top gun"
    r"|big(?:gest)? guns?|great guns|gun (?:for|shy|metal)|gun-shy|gunmetal|hired guns?|at gunpoint"
    r"|blowing great guns|with all guns"
    r"|loose cannons?|cannon fodder|(?:under|off|below|on|onto|beneath) (?:the|his|her|their|my|our|everyone's"
    r"|anyone's|anybody's) radar"
    r"|nerves? of steel|nerves? like steel|wills? of (?:steel|iron)|(?:heart|fist|eye|spine|gaze|grip|mind|look|ring"
    r"|flash|touch|hint|edge|constitution|stomach|rod|discipline) of (?:steel|bronze|iron)|iron (?:will|grip"
    r"|fist|hand|rule|law|discipline|nerve|constitution|stomach|grey|gray|resolve|face|sky|frost|silence|lady"
    r"|age|self-control|logic|smile|mouth|taste|smell)|(?:in|with) (?:an )?iron\b(?= (?:tone|voice))"
    r"|steel (?:yourself|himself|herself|themselves|oneself|myself|ourselves)|(?:to|and|would|could|must"
    r"|did) steel (?:her|him|one|my|them|your|our|his)"
    r"|steel in (?:\w+ )?(?:voice|eyes|gaze|tone|spine|soul|backbone)|steel (?:grey|gray|blue|nerve|trap)\w*"
    r"|bronze (?:skin|limbs?|shoulders?|arms?|face|light|leaves|hair|age|medal|sun|glow|tan|autumn|bracken|ferns?)"
    r"|witch[ -](?:hunts?|hazel|elms?|grass|moths?|hunters?|craft of)|witching hour|(?:which"
    r"|water) witch(?:es)?|old witch|witch of a"
    r"|sea witch|wizard (?:with|at|of|in|when)|whiz\w* (?:with|at)|a wizard's touch|financial wizard"
    r"|magician (?:with|at|of|in)"
    r"|black magic of|magic (?:touch|moment|hour|number|word|words|bullet|circle|trick|tricks|show|act|lantern"
    r"|lanterns|eye|square|numbers|of|in the"
    r"|about|to it|carpet of|formula|ingredient|realism|kingdom|night|evening|summer|place|time)"
    r"|magical (?:evening|night|moment|time|place|summer|day|afternoon|hour|winter|quality|light|silence"
    r"|feeling|effect|sight|thing|garden|city|about|in"
    r"|to|voice|morning|view|stillness|music|season|spring|autumn|weekend|year|years|childhood|smile|beauty)"
    r"|(?:was|is|were|felt|seemed|looked|been|sounded) (?:\w+ )?(?:pure |sheer |almost |simply |quite |so "
    r"|just )*(?:magic|magical)\b"
    r"|(?:works?|worked|working|weaves?|wove|weaving|lost|has lost|lose|loses) (?:its|his|her|their|the|some|a"
    r"|a little|a certain|own) (?:\w+ )?(?:magic|enchantment|sorcery|spell)"
    r"|(?:like|as if by|as by|by some|by what|as though by) magic|(?:her|his|its|their|the) magic (?:worked"
    r"|was working|of|in|had faded|faded)|kind of magic|sort of magic|touch of magic|bit of magic"
    r"|some magic (?:of|in)|no magic|(?:a|the) (?:certain|strange|old|quiet|small|little|everyday) (?:magic"
    r"|enchantment|sorcery)"
    r"|electric (?:smile|silence|atmosphere|blue|tension|air|moment|performance|presence|shock of|current of"
    r"|excitement|charge of|thrill|jolt|pause|feeling|green|effect|with|eel|eels|touch|look|gaze|kiss|hush"
    r"|energy|ray|storm|ripple|stillness|mood|evening|night)"
    r"|(?:was|were|is|felt|became|seemed|been|turned|went|crackled) (?:\w+ )?electric(?:al)?\b(?! \w+ (?:lamp"
    r"|light|bell|car))|electrif\w+"
    r"|plastic (?:smiles?|grin|face|arts?|mind|clay|expression|cheerfulness|surgery|bomb|nature|courtesy|limbs"
    r"|shape|qualit\w+|charm|features?|politeness)"
    r"|(?:was|is|were|still|more|so|soft and|warm and|wet and) (?:\w+ )?plastic\b|neon (?:green|pink|blue"
    r"|yellow|orange|sky|leaves|tetras?)"
    r"|camera (?:obscura|lucida|of)|in camera|candid camera|nuclear (?:family|families|option|war of)|coin (?:a"
    r"|the|of the realm|an?|it|new|his|her) (?:phrase|word|\w+)|to coin|other side of the coin"
    r"|two sides of (?:the same|a|one) coin|(?:toss|flip) of a coin|galley[ -](?:slave|proof|of)s?"
    r"|galley (?:kitchen|stove|fire|cook|door)|the ship's galley|in the galley"
    r"|saddled? (?:with|him|her|them|us|of (?:land|rock|the|ground|hill|hills|the hill|the ridge))|saddle (?:of"
    r"|between)|cathedral of|cathedral (?:hush|silence|quiet|light|calm)|scrolls? of|(?:tilt\w*|fought|fighting"
    r"|fight) (?:at |with )?windmills"
    r"|made (?:a )?spectacles? of|spectacle|rifl(?:e|es|ing) through|rifles? (?:his|her|the|their) (?:pockets"
    r"|drawers|desk)|pistol shot|hot as a pistol"
    r"|close but no cigar|on the scroll of|chariot(?:s)? of|wheel of the chariot|the sun's chariot|chariot of"
    r"|radio silence|robot of|dynamite (?:of|with)|(?:was|is|were) (?:pure |sheer )?dynamite"
    r"|submarine (?:canyon|rock|spring|current|light|world|gloom|cable|volcano|cliff|plants?|reef)s?"
    r"|telescop(?:e|ed) (?:into|time|the years)|plough (?:on|through|ahead|into)|(?:the )?Plough (?:hung|stood"
    r"|turned|was bright)"
    r"|satellite (?:of|town|towns|village|villages|states?)|satellites? (?:hung|hovered) around|truck with"
    r"|fireballs? of (?:a|the|temper)|parchment (?:skin|face|cheeks?|hands?|colou?r|pale|sky|light)"
    r"|photograph(?:ic)? memory"
    r"|batter(?:y|ies) of|grenades? of|catapult(?:ed|s)? (?:him|her|it|them|into|to|from)|computer of (?:the|a"
    r"|his) (?:stars|almanac|tides)|computers? (?:of|who|whom|at the observatory)|factory of|barometer of"
    r"|thermometer of|elevator of"
    r"|(?:railroad|steamroll|bulldoz)(?:ed|ing|er\w*)? (?:him|her|them|through|into)|charm\w* offensive"
    r"|incantation of|fireball of|enchantment of|(?:under|beneath) (?:the|her|his|its|their) (?:spell"
    r"|enchantment)"
    r"|locomotives? of|locomotive (?:force|organs?|power)|sorcery of|wizardry (?:of|with|at|in)|witchcraft of"
    r"|witchery|bewitch\w+)\b",
    re.IGNORECASE,
)
CONCRETE: Final = (
    r"(?:points?|tips?|edges?|collars?|buckles?|clasps?|handles?|hilts?|cells?|containers?|swords?|daggers?"
    r"|kni(?:fe|ves)|blades?|axes?|spears?|spearheads?|arrowheads?|arrows?|heads?|helmets?"
    r"|helms?|shields?|armou?r|breastplates?|mail|gates?|doors?|hinges?|bars?|chains?|cages?"
    r"|rings?|bracelets?|brooch(?:es)?|torcs?|pins?|needles?|hooks?|pots?|kettles?|cups?|bowls?|bells?|statues?"
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
    r"|barrels?|butts?|triggers?|muzzles?|shots?|fire|smoke|crews?|deck|ports?|carriages?|balls?|lens(?:es)?"
    r"|shutters?|flash|sets?|masts?|towers?|stations?|dishes|dish|screens?|displays?|projectors?|arms?|legs?"
    r"|hands?|eyes?|implants?"
    r"|keyboards?|mouse|batteries|battery|chargers?|cases?|covers?|lines?|boxes|booths?|calls?|numbers?|rolls?"
    r"|pages?|papers?|coins?|idols?|figures?|figurines?|sculptures?|horses?|bull|calf|lions?|mould|casting"
    r"|works|foundry)"
)
NEXT_NOUN: Final = re.compile(rf"^[ -](?P<noun>{CONCRETE})\b", re.IGNORECASE)
NEXT_WORD: Final = re.compile(r"^ (?P<word>[^\W\d_]+)")
FUNCTION: Final = word_set("""
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
DETERMINED: Final = re.compile(
    r"\b(?:an?|the|his|her|their|its|my|your|our|this|that|these|those|some|any|another|each|every|both|one|two"
    r"|three|four"
    r"|five|six|seven|eight|nine|ten|twelve|twenty|several|many|few|dozens? of|pair of|\w+'s)(?: [\w'-]+,?){0,3} ?$",
    re.IGNORECASE,
)
HANDLED: Final = re.compile(
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
    r"|has|have|had|having|got|gets|with|by|without)\b",
    re.IGNORECASE,
)
HANDLED_NOW: Final = re.compile(
    r"\b(?:watch(?:ed|es|ing)?|listen(?:ed|s|ing)? to|fired|loaded|by) $", re.IGNORECASE
)
ACTS: Final = re.compile(
    rf"^,? ?(?:[\w'-]+ ){{0,3}}?(?:fired|fires|lay|lies|stood|stands|hung|hangs|rang|rings|buzz\w*|hum\w*"
    rf"|glow\w*|explod\w*|roar\w*|boom\w*|thunder\w*|crash\w*|click\w*|went off|goes off|jam\w*|gleam\w*|shone"
    rf"|shines|burn\w*|beep\w*"
    rf"|crackl\w*|whirr\w*|blink\w*|flicker\w*|flash\w*|point\w*|swung|swings|rattl\w*|ticked|ticks|ticking"
    rf"|spoke|barked|barks|vibrat\w*|chirp\w*|pinged|recoil\w*|turned|turns|rolled|rolls|rumbled|passed|drove"
    rf"|drives|arrived|arrives|stopped|stops|waited|slid|fell|broke|melted"
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
PLACED: Final = re.compile(
    r"\b(?:on|into|onto|behind|beside|inside|through|at|against|from|near|by|over|under|with|aboard|in|to"
    r"|of)(?: [\w'-]+,?){0,3} $",
    re.IGNORECASE,
)
IN_HAND: Final = re.compile(
    r"^,? (?:\w+ )?(?:in|on|at|over|under|across|beside|against|between) (?:his|her|their|the|a|an|one|its|each"
    r"|my|both) (?:[\w'-]+ )?"
    r"(?:hands?|belt|holster|pocket|shoulder|side|hip|lap|table|desk|wall|floor|shelf|bag|fist|fists|back|arms?"
    r"|corner|window|counter|seat|bench|mantel\w*|mantle|door|drawer|ear|ears|mouth|ground|stand|tripod|roof"
    r"|deck|rampart|hill|yard|square|street|road|kitchen|hall|room|tower|fire|anvil|neck|wrist|finger|head|knee"
    r"|knees|bed|box|chest|cart|saddle|boat|battlements?|ramparts?|walls)\b",
    re.IGNORECASE,
)
EXISTS: Final = re.compile(
    r"\b(?:there (?:was|were|is|are|stood|lay|hung|sat|came)|it (?:was|is)|this (?:was|is)|that (?:was|is)"
    r"|these (?:were|are)|those (?:were|are))"
    r"(?: [\w'-]+,?){0,8} ?$",
    re.IGNORECASE,
)
PREDICATE: Final = re.compile(
    r"\b(?:was|were|is|are|be|been|being|became|remained|'s)"
    r"(?: (?:an?|the|all|pure|quite|so|such|very|something of an?|a bit of an?|every inch an?|no|more|half|part))*"
    r"(?: (?!\w+(?:ing|ed)\b|in\b|on\b|at\b|with\b|by\b|from\b|to\b|of\b)[\w'-]+){0,2} ?$",
    re.IGNORECASE,
)
DESCRIBED_AS: Final = re.compile(
    r"\b(?:was|were|is|are|became|(?:s?he|it|that|who)'s)(?: \w+)? (?:an?|the)(?: [\w'-]+){0,2} ?$",
    re.IGNORECASE,
)
MADE_OF: Final = re.compile(
    rf"\b(?:{CONCRETE}|made|wrought|forged|cast|built|worked|hammered)(?: \w+)? (?:of|from|out of"
    rf"|in) (?:[\w-]+ ){{0,2}}$",
    re.IGNORECASE,
)
OF_SUBSTANCE: Final = re.compile(
    r"^ of (?:gold|silver|copper|bronze|iron|brass|wood|steel|glass|lead|stone|tin|invisibility|healing|power"
    r"|fire|his|her|their|my|your)\b",
    re.IGNORECASE,
)
COMPARED: Final = re.compile(r"\b(?:like|as|than)(?: [\w'-]+){0,4} $", re.IGNORECASE)
