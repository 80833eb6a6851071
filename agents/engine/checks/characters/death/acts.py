"""Patterns of acts that no dead person does."""

from __future__ import annotations

from typing import Final

from agents.engine.checks.characters.cast.people import NAME
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.pattern_set import PatternSet
from agents.engine.text.vocabulary import LIVING

_AFTER_NAME: Final = (
    r"(?:(?:himself|herself|then|just|only|suddenly|always|already|merely|finally|still|also|even|at last"
    r"|at once|\w+ly)"
    r",?\s+)?"
)
_NO_PASSIVE: Final = (
    r"(?:(?<=sat)|(?<=stood)|(?<=lay)|(?<=came)|(?<=went)|(?<=knelt)|(?<=waited)|(?<=walked)|(?<=slept)"
    r"|(?! by\b))"
)
# What the dead have done, and can still be said of them.
_REMAINS: Final = (
    r"died|drowned|perished|lived|loved|wanted|believed|owned|ruled|reigned|founded|designed|created|taught"
    r"|built|wrote|made|gave it|still|fell|left (?:him|her|them|us|me|it|[\ue000-\uf8ff]) (?:the|a|his|her"
    r"|their|all|nothing|some)|invented"
    r"|planted|painted|composed|discovered|named|belonged|remained|seemed|used|married|hated|served|earned|promised"
    r"|preferred|liked|needed|required|deserved|feared|opposed|established|bequeathed|disappeared|vanished|buried"
    r"|killed|murdered|executed|hanged|remembered|missed|mourned|commanded|signed|translated|collected|starved"
    r"|lay where (?:they|he|she|we|\w+) had|succumbed|passed|expired|survived|caused|supposed|inspired|restored"
    r"|ordered|decreed|expected|intended|warned"
    r"|endowed|invested|trained|hundred|sacred|wicked|naked|ragged|rugged|appeared|looked like|stood for"
    r"|took (?:his|her) (?:secrets?|own life)|called(?! (?:for|up|down|out|across|over|through|back|after|to|from)\b)"
)
ACTIVE: Final = (
    rf"(?i:(?!(?:{_REMAINS})\b)(?:[a-z]{{2,}}ed|{LIVING}|told|bought|found|held|met|made|drew|shot|rang|swam|flew"
    r"|threw|drove|got|set|sold|let|led|fed|fled|hid|hung|kept|lost|read|slid|spread|struck|swung|tore|wore|won|beat"
    r"|began|bit|blew|dug|fell|felt|heard|knew|left|lent|paid|saw|shut|sent|spent|stole|stuck|swept|thought"
    r"|understood|wept|woke|laid|dealt|bound|clung|crept|flung|froze|ground|sank|sprang|stung|strode|wound|wrung"
    r"|cut|put|hit|split|bent|spun|shone|stank|sought|taught|swore|lay|bade|did(?= (?:the|his|her)\b)))"
)
_TAKEN: Final = (
    r"(?:taken|come|gone|brought|sent|arrived|returned|left|asked|told|given|opened|found|promised|agreed|locked"
    r"|started|begun|finished|ordered|changed|fallen asleep|got|moved|lost|forgotten|eaten|drunk|cut|sold|bought"
    r"|burned|burnt|broken|stolen|hidden)"
)
# The same in a scene that is told in the present tense.
GESTURES_NOW: Final = (
    "wipes|nods|shrugs|blinks|coughs|yawns|swallows|frowns|glances|winces|sighs|shivers|kneels|crouches|chews"
    "|sips|pours"
    "|stirs|unfolds|unlocks|knocks|scratches|rubs|licks|whistles|hums|mutters|grunts|snorts|giggles|grins|winks"
    "|stretches"
    "|tugs|peers|hesitates|pauses|unpacks|dismounts|stumbles|limps|adjusts|snores|fetches|hurries|whispers"
    "|shouts|drops"
    "|grabs|lights|wakes"
)
_FUNCTION: Final = (
    "in|on|at|by|for|from|with|to|of|as|and|or|but|when|while|who|that|which|where|if|so|too|then|there|here|once"
    "|again|every|each"
    "|all|alone|among|before|after|behind|beside|near|over|under|up|through|alive|asleep|awake|the|an|his|her"
    "|their|at|it"
)
_MOVED: Final = (
    "waited|knelt|came|strode|walked|climbed|crept|crawled|scrambled|hurried|limped|hobbled|marched|stumbled"
    "|trotted|rode"
    "|ran|burst|stepped|leaped|leapt|jumped|bounded|strolled|stalked|swept|staggered|tumbled|slouched|sauntered|swam"
    "|padded|shuffled|tiptoed|emerged|entered|followed|went"
)
_TOGETHER: Final = (
    "sat|sits|sitting|rode|riding|rides|stood|standing|stands|walked|walks|walking|danced|dancing|dances|waited"
    "|waiting"
    "|knelt|kneeling|drove|driving|dined|supped|dining|ate|eating|talked|talking|chatting|arguing|laughing|whispering"
    "|seated"
)
_SAYS_NOW: Final = (
    "says|asks|answers|replies|whispers|murmurs|mutters|shouts|calls|cries|snaps|sighs|laughs"
    "|adds|begins|repeats"
)
_COMPANY: Final = (
    "drink|drinks|lunch|dinner|supper|breakfast|tea|coffee|beer|game|quarrel|row|argument|chat"
    "|bite|meal|smoke|walk"
)
_FURNITURE: Final = (
    "(?:door|window|table|chair|bed|stairs|step|stove|lamp|kettle|piano|desk|key|cup|glass|bottle|curtains?|bench"
    "|counter|gate|sink|oven|signal|reins|candle|phone|telephone|cigarette|match)"
)
_COUNT: Final = "[Ww]e were (?:two|three|four|five|six|seven)|[Tt]hey were (?:two|three|four|five|six|seven)"
_AND_OTHERS: Final = r"(?:the |his |her |their )?[\w\ue000-\uf8ff]+ "
# What is done to the dead, or was.
_OF_MEMORY: Final = (
    "remembered|missed|mourned|buried|killed|murdered|executed|hanged|shot|loved|hated|liked|admired|married|named"
    "|called|painted|mentioned|avenged|quoted|envied|outlived|survived|succeeded|followed|replaced|resembled|recalled"
    "|believed|trusted|betrayed|served|honoured|honored|praised|cursed|blamed|played|imitated|cited|invoked|pictured"
    "|imagined|photographed|filmed|adored|worshipped|feared|respected|needed|wanted|wished|owed|learned|considered"
    "|accused|forgot|raised|fathered|despised|toasted|poisoned|stabbed|drowned|condemned|denied|discussed|copied"
    "|stayed|looked|arrived|answered|said|used|turned|lived|died|had|red|described|defended|inherited|laid|claimed"
)
# Acts that may also be told of the past.
_ANY_ACTS: Final = (
    rf"(?P<who>{NAME})(?!'s),? {_AFTER_NAME}{ACTIVE}\b{_NO_PASSIVE}",
    rf"(?P<who>{NAME})(?!'s), (?:[\w'-]+,? ){{1,8}}?(?<=, ){ACTIVE}\b{_NO_PASSIVE}",
    rf"(?P<who>{NAME}) and {_AND_OTHERS}are \w+ing\b",
    rf"\b{_AND_OTHERS}and (?P<who>{NAME})(?!'s) are \w+ing\b",
    rf"(?P<who>{NAME}) and {_AND_OTHERS}(?:\w+ )?{ACTIVE}\b{_NO_PASSIVE}",
    rf"\b{_AND_OTHERS}and (?P<who>{NAME})(?!'s) {ACTIVE}\b{_NO_PASSIVE}",
    rf"\b(?:said|asked|called|answered|replied|whispered|shouted|cried|murmured|muttered|laughed|added|snapped"
    rf"|growled|sighed|agreed|ordered|commanded|warned|promised|repeated|began|said softly"
    rf"|went on) (?P<who>{NAME})(?!'s)(?! (?:was|had|is|were)\b)",
    rf"\b(?:stood|sat|lay|{_MOVED}) (?P<who>{NAME})(?!'s)(?=[,.]| (?:in|at|by|with|on|and|himself|herself)\b)",
    rf"\b(?:{_TOGETHER}) (?:(?:right|just|close|home|back|out|off|on|up|down|away|again|all day"
    rf"|along) ){{0,2}}(?:with|beside|next to|opposite|behind|alongside|across from"
    rf"|between|in front of) (?P<who>{NAME})(?!'s)(?! (?:was|had|is|lay)\b)",
    rf"\barm in arm with (?P<who>{NAME})(?!'s)",
    rf"\bwith (?P<who>{NAME})(?!'s) (?:beside|behind|next to|opposite|at|by|on) (?:him|her|them|his|her|their)\b",
    rf"(?P<who>{NAME}) [a-z]+s\b[^.;:“”\"]{{0,60}} and is (?:\w+ )?\w{{3,}}ing\b",
    rf"(?P<who>{NAME}), who (?:is|was) (?:\w+ )?(?:waving|sitting|standing|smiling|talking|coming|waiting"
    rf"|\w+ing)\b",
    rf"(?P<who>{NAME})(?:,|, [^,.;:“”\"]{{1,40}},)? (?:is|was|were|has been) (?:\w+ )?(?!being\b|missing\b"
    rf"|lying\b|nothing\b"
    rf"|something\b|during\b|evening\b|morning\b|resting\b)\w{{3,}}ing\b",
    rf"(?P<who>{NAME}) has (?!(?:inspired|influenced|haunted|remained|died|passed|vanished|disappeared|earned"
    rf"|touched|shaped|changed"
    rf"|watched over|bequeathed|perished|drowned)\b)[a-z]{{2,}}ed\b(?! (?:us|generations|many|all"
    rf"|the (?:world|nation|way))\b)",
    rf"(?P<who>{NAME}) (?:[a-z]{{2,}}s|is to [a-z]+|will [a-z]+)\b(?=[^.;:]{{0,40}} (?:today|tonight|tomorrow"
    rf"|this (?:morning|evening|afternoon))\b)",
    rf"\b(?:[Dd]own|[Ii]n|[Oo]ut|[Uu]p|[Bb]ack|[Oo]ff) (?:came|went|walked|ran|strode|marched"
    rf"|rode) (?P<who>{NAME})(?!'s)",
    rf"\bIt was (?P<who>{NAME})(?=,? (?:on the (?:telephone|phone|line|stairs)|at the (?:door|window|gate)"
    rf"|with [\w ]{{1,20}} (?:on|in|under)"
    rf" (?:his|her)|back|again)\b)",
    rf"(?P<who>{NAME}) is (?:out|away|off|gone)\b[^.;]{{0,40}}\bback (?:by|on|before|in|at)\b",
    rf"(?P<who>{NAME}) had been (?:sitting|standing|waiting|working|walking|talking|reading|sleeping|watching"
    rf"|listening)\b[^.;]{{0,40}}\b(?:all (?:morning|day|night|evening)|for (?:an hour|hours)|since)\b",
    rf"(?P<who>{NAME}) had \w+(?:ed|en|ne)\b[^.;]{{0,50}}, and (?:she|he) {ACTIVE}\b{_NO_PASSIVE}",
    rf"(?P<who>{NAME}) has (?:just |already |now )?{_TAKEN}\b",
    rf"(?P<who>{NAME}) has (?:just|already|now) \w+(?:ed|en|ung|own|ome|one|ut|ought|ade)\b",
    rf"\b[Ii]t was (?P<who>{NAME}) who (?:\w+ly )?(?:opened|answered|let (?:him|her|them) in|met (?:him|her|them)"
    r"|spoke first|laughed|stood up|broke the silence|came out|shut|poured|knocked|struck (?:a|one)|lit|handed"
    r"|passed|rose|nodded|coughed|whispered|turned"
    rf"|pointed|picked|reached|stepped|smiled|grinned|shrugged|got up|sat)\b",
    rf"(?P<who>{NAME})(?:, (?:his|her) [^,.;]{{1,25}},)? (?:\w+ly )?(?:stands|sits|stops|walks|comes|opens"
    rf"|offers|takes|puts|looks|turns|smiles"
    rf"|nods|says|asks"
    rf"|pours|hands|gives|laughs|shakes|lifts|leans|pushes|pulls|kneels|waits|steps|picks|points"
    rf"|runs|follows|meets|catches|kisses|touches|shows|brings|carries|throws|joins|grabs|slaps|hugs|leads"
    rf"|drives|pays"
    rf"|feeds|interrupts|waves|calls|tells|answers|replies|stares|glares)\b"
    rf"(?=.*(?:{NAME}|\b(?:you|me|us|him|her|them)\b|\b(?:the|an?|his|her) (?:\w+ )?{_FURNITURE}\b))",
    rf"(?<!\b[Aa]s )(?P<who>{NAME}) (?:\w+ly )?(?:{_SAYS_NOW})[.,:]",
    rf"(?P<who>{NAME}) (?:\w+ly )?(?:waits|listens|speaks|eats|drinks|smokes|reads|laughs|nods|agrees|hesitates"
    rf"|obeys|refuses)"
    r"(?=, and (?:then )?[a-z]+s\b|[.;])",
    rf"(?P<who>{NAME}) (?:had|has) (?:his|her) (?:feet|hands|elbows?|back|arms?|hat|chin|boots) (?:on|over"
    rf"|under|against|round"
    rf"|around|to) (?!every\b)(?:the|his|her|an?|{NAME}'s)\b",
    rf"\bwent (?:fishing|hunting|riding|swimming|skating|dancing|sailing|shopping"
    rf"|walking) with (?P<who>{NAME})(?!'s)",
    rf"\b(?:ran|walked|went|came|hurried|marched|limped|strolled|strode) (?:straight |right )?(?:up|over|across"
    rf"|down) to (?P<who>{NAME})(?!'s)(?=[,.]| and\b)",
    rf"(?P<who>{NAME}) (?:had|has) (?!(?:a )?(?:price|blood)\b)(?:\w+ ){{1,3}}(?:on|in|over|under|round"
    rf"|across) (?:his|her)"
    r" (?:boots|shoes|face|hair|shoulders?|coat|cloak|knees?|sleeves?|arms?|lap|hat|belt|cheeks?|chin|lips|mouth)\b",
    rf"[”\"] (?P<who>{NAME}) wanted to know\b",
    rf"\bheld (?:the|an?|his|her) (?:umbrella|lamp|lantern|candle|torch|light|mirror) (?:over|up to|for"
    rf"|to) (?P<who>{NAME})(?!'s)",
    rf"\bput (?:the|an?|his|her) (?:coat|cloak|blanket|rug|shawl|arm) (?:round|around) (?P<who>{NAME})(?!'s)",
    # Meals and games are with the living.
    rf"\b(?:had|have|has|having|over) (?:an? |the |their "
    rf"|our )?(?:\w+ )?(?:{_COMPANY}) with (?P<who>{NAME})(?!'s)",
    rf"{NAME} (?:\w+ly )?(?:hands|gives|passes|offers|throws|brings|pours|shows|tells|asks|kisses|follows"
    rf"|joins|helps"
    rf"|meets) (?P<who>{NAME})(?!'s)",
    rf"{NAME} sent (?P<who>{NAME})(?!'s) (?!to (?:his|her) (?:death|grave)\b)(?:to|for|off|out|home|back|in"
    rf"|down|up|into"
    rf"|ahead|away|across)\b",
    rf"(?P<who>{NAME}) signed (?:the|an?|his|her) (?:\w+ )?(?:book|programme|receipt|log|form|autograph"
    rf"|cheque|register"
    rf"|chit|slip|menu|cast)\b",
    rf"\b(?:bought|stood) (?P<who>{NAME})(?!'s) (?:an?|the|another|his|her|some)\b",
    rf"\bshared (?:his|her|the|their|a) \w+ with (?P<who>{NAME})(?!'s)",
    rf"\b(?:knelt|bowed|curtsied|saluted|apologised|apologized|complained|reported) (?:down )?(?:to|before"
    rf"|in front of) (?P<who>{NAME})(?!'s)(?=[,.]| and\b)",
    rf"(?P<who>{NAME}) (?:\w+ly )?(?:{GESTURES_NOW})\b",
    rf"(?P<who>{NAME}) (?:is|was) (?:asleep|awake|alive|here|there|back|already|on (?:stage|duty|watch"
    rf"|board|(?:her|his) (?:feet"
    rf"|knees|way))|up|outside|upstairs|downstairs|at the (?:door|window|table|gate))\b(?! dead)",
    rf"\b(?:could|can) (?:now |already |clearly )?(?:see|hear) (?P<who>{NAME})(?!'s) \w+ing\b",
    rf"\b(?:found|met|saw|caught|passed|heard|left) (?P<who>{NAME})(?!'s) (?:asleep|awake|alone|at work"
    rf"|at (?:her|his) \w+)\b",
    rf"\b(?:heard|watched|saw) (?P<who>{NAME})(?!'s) (?:laugh|cough|sing|come|shout|call|move|smile|turn"
    rf"|enter|open|close|stand"
    rf"|sit|run|walk|climb|wave|sigh|snore|nod|eat|drink|write|work|pour|leave|fold|undress|dress)\b",
    rf"\b(?:heard|watched|saw) (?P<who>{NAME})(?!'s) (?!(?:die|fall|hang|drown|burn|bleed|suffer|swing|sink|perish"
    rf"|{_FUNCTION}|last|first|then|that|this|again|clearly|today|only|yesterday|never|home|twice|often)\b)"
    r"[a-z]{2,}(?<!ed)(?<!s)(?<!ly)(?<!ing)(?<!self) (?:the|an?|his|her|up|down|in|into|out|off|over|to|across|on)\b",
    rf"\b(?:made|let) (?P<who>{NAME})(?!'s) (?!(?:die|fall|hang|drown|burn|bleed|suffer|down|go|be|in the"
    rf"|in his|in her)\b)"
    rf"(?:in|out|past|through|(?!{_FUNCTION}\b)[a-z]{{2,}}(?<!ed)(?<!s)(?<!ly)(?<!ing))(?=[,.;]| (?!of\b"
    rf"|than\b))",
    rf"\b(?:poured|brought|passed|offered|threw|tossed|fetched|showed|lent|sold) (?P<who>{NAME})(?!'s) (?:an?|the"
    rf"|her|his|another|some|one)\b",
    rf"[”\"] (?:{NAME}|[Ss]he|[Hh]e|[Tt]hey|I) (?:told|asked|answered|warned|begged|reminded"
    rf"|assured) (?P<who>{NAME})(?!'s)(?=[.,;]| and\b)",
    rf"\bheard (?P<who>{NAME})'s (?:key|steps?|footsteps|boots|cough|sneeze|car|whistle)\b",
    rf"\b(?:could|can) (?:now |already |clearly )?(?:see|hear) (?P<who>{NAME})(?!'s) (?:at|by|on"
    rf"|behind) the (?:window|door|gate|table|stairs"
    rf"|piano|desk|counter)\b",
    rf"(?P<who>{NAME}) (?:is|was) (?:late|early|out of breath|on the (?:phone|telephone|stairs|roof|line)"
    rf"|in the (?:kitchen|garden"
    rf"|bath|next room|doorway))\b",
    rf"(?P<who>{NAME}) (?:sings|plays|works|dances|drinks|eats|sleeps|teaches|keeps) (?:here|downstairs"
    rf"|upstairs|nearby|now|at|in|with|on"
    rf"|a|the)\b",
    rf"(?P<who>{NAME}) lives (?:above|next|with|at|across|near|opposite|over the|on the"
    rf"|in the)\b(?! (?:hearts?|memory|songs?|pages?|past|minds?))",
    rf"\b(?:followed|helped|pushed|walked|drove) (?P<who>{NAME})(?!'s)"
    r" (?:to the|into|up|down|across|through|out|home|back)\b",
    # Not the body: "found Kit Delaney on the pier".
    rf"\bfound (?P<who>{NAME})(?!'s) [^.;:“”\"]{{0,40}}?\b(?:asleep|awake|(?!(?:lying|missing|hanging"
    rf"|floating|bleeding"
    r"|nothing|something|morning|evening|during|being|according|facing|wearing)\b)[a-z]{3,}ing)\b",
    rf"\b(?:found|met|saw|caught|passed|joined|visited|greeted|kissed|thanked|followed"
    rf"|watched) (?P<who>{NAME})(?!'s)"
    r"(?! in (?:[\w'-]+ ){0,3}(?:face|eyes|smile|walk|hands|voice|son|daughter|child|mirror)\b)"
    r" (?:in|on|at|by|asleep|waiting|coming|outside|there|here|\w+ing)\b",
    rf"\b(?:kissed|hugged|embraced|slapped|greeted|handcuffed|shook hands with|argued with) (?P<who>{NAME})(?!'s)"
    r"(?=[,.;]| (?:and|on|again|goodbye|good (?:night|morning))\b)",
    # Whatever somebody does to them, unless the dead can be its object as well.
    rf"{NAME} (?:\w+ly )?(?!(?:{_OF_MEMORY})\b)[a-z]{{2,}}ed (?P<who>{NAME})(?!'s)(?! (?:was|had|is|were"
    rf"|lay|on (?:the"
    rf"|a) (?:head|back)line)\b)",
    # What only the living lend, get or wear.
    rf"\b(?:borrowed|begged|snatched|rented|grabbed) [^.;:“”\"]{{1,30}} from (?P<who>{NAME})(?!'s)",
    rf"\b(?:has|have) (?:locked|put|tied|shut|dragged|carried|promoted|sacked|hired|fired|fined"
    rf"|invited) (?P<who>{NAME})(?!'s)"
    rf"(?=[,.;]| (?:in|up|to|for|again|into|out|home)\b)",
    rf"\b(?<!had )put (?:the )?(?:cuffs|handcuffs|irons|blindfold|ring|crown|medal) on (?P<who>{NAME})(?!'s)",
    rf"\b(?:sent|e-mailed|mailed|wired) (?P<who>{NAME})(?!'s) an? (?:\w+ )?(?:e-mail|message|text|note|wire"
    rf"|telegram|card)\b",
    rf"\b(?:on to|onto|into|in|on|against|from) (?P<who>{NAME})'s (?:lap|knees?|arms?|shoulder|sleeve|feet"
    rf"|elbow|plate"
    rf"|glass|cup)\b",
    # "Mira's lamp went out, and she swore": the pronoun must mean nobody else.
    rf"(?P<who>{NAME})(?! (?:was|is|were) (?:the|an?)\b)(?:'s)?(?:(?!\b(?:who|whom|that|which|whose|where"
    rf"|because|since|when|if|like|as|than|he|she|him"
    rf"|her|his)\b|{NAME})[^.;:“”\"]){{1,80}}?,? (?:and|so|but)(?: then| now)? (?P<then>she"
    rf"|he) {_AFTER_NAME}{ACTIVE}\b"
    rf"{_NO_PASSIVE}",
    # "The arrow missed King Osric by a hand; he turned in the saddle".
    rf"\b(?:missed|struck|hit|woke|startled|surprised|amused|annoyed|frightened|splashed|grazed|stung|bit"
    rf"|blinded|caught|soaked"
    rf"|bored|tickled|puzzled) (?P<who>{NAME})(?!'s)(?:(?!\b(?:who|whom|that|which|because|since|when|if|like"
    rf"|as|than)\b|{NAME})"
    rf"[^.;:“”\"]){{0,40}}; (?P<then>she|he) {_AFTER_NAME}{ACTIVE}\b{_NO_PASSIVE}",
    rf"[”\"],? (?:[a-z]+ed|put in|cut in|broke in) (?P<who>{NAME})(?!'s)(?=[,.]| (?:and|as|with|without|from"
    rf"|over)\b)",
    rf"\b(?:[Tt]here (?:was|is|stood|sat|came)|[Hh]ere (?:was|is|came"
    rf"|comes)) (?P<who>{NAME})(?!'s)(?=,? \w+ing\b|, (?:in|on|at|by|under|behind) (?:the|a|his|her) \w+(?:,"
    rf"| \w+ing\b)| in (?:a|the|his"
    rf"|her)\b| with (?:a|the|his|her)\b| at the (?:bar|door|window|gate|table|counter|wheel|well|stove)\b)",
    rf"\b(?:hands?|arms?|head|cheek) (?:on|round|around|against|over|about|through) (?P<who>{NAME})'s"
    r" (?:shoulders?|arm|waist|knee|neck|back)\b",
    rf"\b[Aa]t (?P<who>{NAME})'s (?:nod|signal|sign|elbow|knock|whistle|call|order|command)\b",
    rf"(?P<who>{NAME}) was (?:shown in|ushered in|helped (?:in|out|up|down|into|onto)|handed|offered"
    rf"|introduced to"
    r"|interrupted by|woken by)\b",
    # Whatever is not done, somebody is there.
    rf"(?P<who>{NAME})(?= (?:would not|wouldn't) (?:sit down|get up|let go|look (?:up|at (?:him|her|them))"
    rf"|come (?:in|down|out))\b)",
    rf"(?P<who>{NAME}) is (?:still )?at the (?:dentist|doctor|barber|hairdresser|baker|butcher|grocer|office"
    rf"|shop|market|station"
    r"|bank|pub|theatre)(?:'s)?(?=[.,;!])",
    rf"(?P<who>{NAME})(?= (?:did not|didn't) (?:look (?:up|round|back|away)|turn|stir|blink|hurry|sit|get up"
    rf"|raise|wait"
    rf"|notice|seem to (?:notice|hear|mind))\b|(?: could not|couldn't) (?:find (?:his|her)|help|stop|resist"
    rf"|keep from)\b)",
    # What is done to the living only.
    rf"\b(?:pulled|helped|hauled|pushed|boosted|lifted|hoisted) (?P<who>{NAME})(?!'s) (?:up|to (?:her"
    rf"|his) feet|off|in|along|across|back|over|down"
    rf"|aside|into|through|out|onto)\b",
    rf"\b(?:nudged|elbowed|tapped|poked|pinched|tickled|shushed|interrupted|beckoned|winked at|grinned at"
    rf"|glared at"
    rf"|frowned at|nodded at|scowled at) (?P<who>{NAME})(?!'s)(?! (?:was|had|is)\b)",
    rf"\b(?:hit|struck|slapped|punched|kicked|cuffed|pushed|shoved) (?P<who>{NAME})(?!'s)(?=,| (?:once|again"
    rf"|twice|on"
    rf"|in|and|hard|so)\b)",
    rf"(?P<who>{NAME})'s (?:\w+ )?(?:hands?|fingers?|thumb|fists?|arms?|elbow|knees?|feet|foot|head|chin|jaw"
    rf"|brows?"
    r"|eyebrows?|lips?|mouth|face|eyes|gaze|smile|grin|cheeks?|shoulders?|voice|laugh|laughter|cough|breath"
    r"|steps?"
    r"|footsteps|boots|heels) (?:\w+ly )?(?:shook|trembled|rose|moved|closed|shut|tightened|rang|answered"
    r"|called|met"
    r"|opened|narrowed|widened|found|said|asked|came(?! (?:back|from|to (?:him|her|them))\b)|twitched|hardened"
    r"|softened|went|dropped|fell|flew|rested|slid|reached|touched|gripped|caught|sounded|stopped|crossed|cracked"
    r"|quivered|flushed|reddened|paled|darkened|brightened|vanished|drummed|tapped|curled|creaked|clicked)\b",
    rf"\b(?:shook|took|held|kissed|grasped|seized|pressed) (?P<who>{NAME})'s (?:hand|arm|cheek|fingers)\b",
    rf"\b(?:handed|gave|spoke to|talked to|turned to|smiled at|nodded to|waved to|walked beside|sat beside"
    rf"|danced with|whispered to|shouted at) (?P<who>{NAME})"
    r"(?!'s)(?! (?:was|had|is|lay)\b)",
)
# Acts and encounters that only a scene shows.
_SCENES: Final = (
    rf"(?P<who>{NAME}),? (?:fast |still |sound )?asleep (?:in|on|under|at|against|beside) (?:the|a|an|his|her)"
    rf" (?!grave|tomb|earth|arms|ground|lord)\w+",
    rf"(?P<who>{NAME})'s (?:chair|stool|cup|glass|spoon|pencil|pen|boots|shoes|torch|lantern|shadow|horse"
    rf"|umbrella|stick)"
    r" (?:scraped|creaked|clinked|clattered|rattled|moved|hovered|flared|paused|squeaked|tapped|stopped|came|went)\b",
    rf"(?P<who>{NAME}) (?:has|had) (?:an? (?:slight |bad |terrible |splitting )?(?:cold|headache|hangover|black eye"
    r"|toothache|cough|limp|puncture|visitor)|(?:\w+ )?stitches|hiccups|the (?:hiccups|flu))\b",
    rf"(?P<who>{NAME}) (?:is|was) (?:already |still |back |up )?(?:in|on|at|under|behind) (?:the|his|her) (?:\w+ )?"
    r"(?:saddle|bath|bar|car|boat|yard|stables?|office|darkroom|shop|tower|stairs|porch|roof|armchair|queue|crowd"
    r"|front row|saloon|engine room|mess|lab|cockpit|canteen|pantry|cellar|attic|shed|barn|loft|laundry|library)\b",
    # What is expected of the living, and what they own and owe.
    rf"(?P<who>{NAME}) (?:will|shall|is going to) be (?:home|back|here|there|along|up|down|late|with (?:you|us))\b",
    rf"(?P<who>{NAME}) is (?:on|off) (?:shift|duty|call|guard|watch|leave|deck|holiday|patrol|strike)\b",
    rf"(?P<who>{NAME}) (?:owes|owns|earns|rents|lodges|runs|takes|drives|delivers|collects|smokes|wears|likes|keeps) "
    r"[^.;:“”\"]{1,50}?(?:,? and (?:\w+ly )?[a-z]{2,}s\b| these days\b| nowadays\b| now\b)",
    rf"\b(?:was|were|is|are) (?:all )?(?:at|in|on|round) [^.;:“”\"]{{1,40}}, (?:even|and even|including)"
    rf" (?P<who>{NAME})(?=[.,;])",
    rf"(?P<who>{NAME}) ordered (?:an?|the|another|some|two|more)? ?(?:\w+ )?(?:whiske?y|beer|ale|wine|gin|rum|brandy"
    r"|coffee|tea|water|milk|soup|steak|eggs|fish|chops?|sandwich(?:es)?|pie|cake|pint|drinks?|breakfast|lunch|dinner"
    r"|supper|cocktail|martini|lemonade|round)\b",
    # "Helene walks past", "Delaney gets out on the other side", told in the present tense.
    rf"(?P<who>{NAME}) (?:\w+ly )?(?:(?:walks|strolls|hurries|limps|storms|steps|rides|climbs|rushes|slips|runs"
    rf"|strides"
    rf"|stumbles|marches) (?:past|in|out|up|over|away|off|by|round|around|along|back|home|ahead|upstairs"
    rf"|downstairs|outside"
    rf"|inside|forward|through)|gets (?:in|out|up|down|off)|sits (?:up|down|back)|stands (?:up|back|aside)"
    rf"|turns (?:round"
    rf"|around|away|back)|looks (?:up|away|round|down|back)|(?:stops|pauses) (?:in front of|outside|beside|at"
    rf"|in|by|on) (?:the"
    rf"|a|his|her))\b(?! (?:to|in) (?:history|memory|mind|time)\b)(?!,? (?:said|says|ran|read|reads|wrote) )",
    # "There were nine of us, Tam among them."
    rf"\b(?:[Tt]here were|[Ww]e were|[Tt]hat made) (?:only )?\w+ of us\b[^.;:]{{0,30}}, "
    rf"(?P<who>{NAME}) among (?:us|them)\b",
    rf"\b(?:[Tt]here were|[Ww]e were|[Tt]hat made) (?:only )?\w+ of us\b[^.;:]{{0,30}}: "
    rf"[^.;:]{{1,60}},? and (?P<who>{NAME})"
    r"(?=[.,])",
    # "The door opened, and it was Mira": somebody turns out to be her.
    rf"\b[Ii]t(?: was|'s| is) (?:only |just )?(?P<appears>)(?P<who>{NAME})(?=[,.]|$)(?!, (?:who|whose|of all)\b)",
    # "Mira's back", "Mira's on the telephone".
    rf"(?P<who>{NAME})'s (?:(?:back|home)(?=[.!])|here|in|outside|upstairs|downstairs|asleep|late|on (?:the (?:phone"
    rf"|line|stairs)"
    rf"|(?:her|his) way)|at the (?:door|gate|window))(?=[,.!]| (?:for|again|already)\b)",
    rf"\b(?:[Ww]as|[Ww]ere|[Aa]m|[Ii]s|[Aa]re) \w+ing (?:cards|chess|dice|draughts|football|tennis|snap) with"
    rf" (?P<who>{NAME})(?!'s)",
    rf"\b(?:bumped|ran|walked|blundered|crashed|barged) (?:straight "
    rf"|right )?into (?P<who>{NAME})(?!'s)(?=[,.]| (?:on|in|at"
    rf"|by|outside|coming|again)\b)",
    rf"\b(?:[Yy]ou|I|[Ww]e) (?:follow|help|meet|find|pass|join|kiss|hug|greet|nod to|wave to|sit"
    rf" (?:with|beside)|walk (?:with|beside)|hand|give) (?P<who>{NAME})(?!'s)(?! through the\b| (?:was|is|had"
    rf"|used)\b)",
    rf"\b[Yy]ou and (?P<who>{NAME}) (?!(?:were|are|have|had|go|went|used|always|never|both|will|would"
    rf"|could)\b)[a-z]{{3,}}\b",
    rf"\b(?:dried|brushed|combed|stroked|buttoned|bandaged|squeezed|patted|tugged|lit|held|ruffled|grabbed"
    rf"|caught) "
    rf"(?P<who>{NAME})'s (?:hair|hands?|arms?|fingers|wrist|shoulder|knee|cheek|cigarette|sleeve|collar"
    rf"|elbow)\b",
    rf"\b(?:[Bb]ehind|[Bb]eside|[Oo]pposite|[Aa]t|[Bb]y|[Nn]ear) (?:the|a|his|her) (?:\w+ )?(?:counter|table|desk"
    rf"|bar|door|wheel|stove|fire|window|gate|hearth|bed|piano|till|hedge|stall|well) (?:was|is|stood|stands"
    rf"|sat|sits)"
    rf" (?P<who>{NAME})(?=, (?:\w+ing|with|his|her)\b)",
    rf"^\W*With (?P<who>{NAME}) (?:at|on|behind|beside|in) (?:the|his|her) (?:wheel|reins|helm|oars|tiller|saddle"
    rf"|lead|back|side|controls|bow|stern), (?:he|she|they|it|we|I|you|[\ue000-\uf8ff])\b",
    rf"\b(?:watched|saw|heard) (?:his|her|their) \w+, (?P<who>{NAME}), (?!who\b)[a-z]+ (?:the|an?|his|her)\b",
    rf"\b[Oo]ut of the \w+ (?:came|rode|walked|stepped|ran|strode|limped|climbed|crept) (?P<who>{NAME})(?!'s)",
    # The last of those who are there.
    rf"\b(?:{_COUNT}) (?:of them |of us )?(?:at|in|on|round|around) (?:the )?\w+: [^.;:]{{1,80}},? and"
    rf" (?P<who>{NAME})(?=[.,])",
    rf"\bcan (?:now |already )?(?:see|hear) (?P<who>{NAME})(?!'s) \w+ing\b",
    rf"(?P<who>{NAME}) (?:is|was) (?:fast |still |sound )?asleep (?:on|under|in|at|beside) (?:the|a|an|his|her)"
    rf" (?!grave|tomb|earth|arms)\w+",
)
ACTS: Final = PatternSet(
    (
        *((lazy_pattern(pattern), False) for pattern in _ANY_ACTS),
        *((lazy_pattern(pattern), True) for pattern in _SCENES),
    )
)
THEN_ACTS: Final = lazy_pattern(r", and (?:she|he) ")
