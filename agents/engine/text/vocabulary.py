"""Synonyms, and words that exclude one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agents.engine.text.word_forms import word_list

# Other words for things that rules name. Keys are singular.
ALSO_CALLED: Final[Mapping[str, str]] = {
    "alcohol": "whiske?y|gin|rum|brandy|bourbon|beer|wine|ale|cider|mead|vodka|sherry|champagne|liquor",
    "alien": "extraterrestrials?|xenos?",
    "android": "robots?|synthetics?",
    "animal": "dogs?|cats?|kittens?|pupp(?:y|ies)|horses?|goats?|sheep|cows?|pigs?|hens?|rats?|mice|mouse|rabbits?"
    "|donkeys?|monkeys?|parrots?|canar(?:y|ies)|hamsters?|goldfish|ferrets?|chickens?|geese|ducks?|guinea pigs?"
    "|lizards?|squirrels?|terriers?|hounds?|spaniels?",
    "book": "tomes?|librar(?:y|ies)|folios?|paperbacks?",
    "bird": "parrots?|canar(?:y|ies)|hens?|ducks?|geese|owls?|hawks?|falcons?|finch(?:es)?|budgerigars?"
    "|sparrows?|pigeons?|seagulls?|gulls?|crows?|ravens?|larks?|swallows?",
    "cat": "kittens?|tomcats?",
    "dog": "hounds?|puppy|puppies|mastiffs?",
    "dragon": "wyrms?|wyverns?",
    "fire": "flames?|bonfires?|campfires?|(?:lit|struck|lighted) (?:a|the|another) (?:\\w+ )?(?:match|candle|torch)",
    "future": "tomorrow|(?:what (?:was|is)|things) to come",
    "stone": "boulders?|rocks?|marble|granite",
    "firearm": "guns?|pistols?|revolvers?|rifles?|shotguns?",
    "flame": "bonfires?|campfires?|(?:lit|struck) a (?:match|candle|lamp|fire|torch)",
    "ghost": "spect(?:re|er)s?|phantoms?|apparitions?|poltergeists?",
    "gun": "pistols?|revolvers?|rifles?|shotguns?",
    "horse": "stallions?|mares?|ponies|pony|foals?|horseback|geldings?|cavalry|horsem[ae]n|steeds?|colts?"
    "|fill(?:y|ies)",
    "human": "human beings?|mankind",
    "human sacrifice": "sacrificed (?:an?|the|his|her|their|two|three) (?:\\w+ )?(?:boy|girl|man|men|woman|women"
    "|child"
    "|children|prisoners?|slaves?|captives?|strangers?)"
    "|(?:he|she|they|men|women|children|prisoners?) (?:was|were) sacrificed",
    "liquor": "whiske?y|gin|rum|brandy|bourbon|beer|wine",
    "machine mind": "thinking machines?|artificial intelligences?",
    "meat": "beef|pork|mutton|venison|veal|bacon|sausages?|ham|steaks?|burgers?|(?:lamb|pork"
    "|mutton) (?:chops?|stew)|meatballs?|roast (?:rabbit|duck|goose|chicken|lamb|boar)",
    "metal": "iron|bronze|copper|steel|silver|gold|brass|tin",
    "money": "coins?|cash|bank ?notes?",
    "night": "(?:after|before|at) sunset|darkness (?:fell|had fallen|came down)|grew dark"
    "|(?<!one of the )suns? (?:had )?(?:set"
    "|sank|sunk"
    "|went down|gone down)|midnight|nightfall|starlight|moonlight|stars|at night",
    "paper money": "bank ?notes?|bills of money|(?:dollar|pound|mark|franc|peso) (?:bills?|notes?)"
    "|(?:one|two|five|ten|twenty|fifty|hundred|thousand)[- ](?:dollar|pound|mark|franc|peso|credit)s?"
    " (?:bills?|notes?)",
    "plant": "trees?|grass|flowers?|bush(?:es)?|ivy|vines?|ferns?|roses|daisies|shrubs?|oaks?|nettles|brambles",
    "pet": "dogs?|cats?|kittens?|pupp(?:y|ies)|parrots?|canar(?:y|ies)|budgerigars?|hamsters?|goldfish|rabbits?"
    "|terriers?|spaniels?|tortoises?|guinea pigs?",
    "radio": "wireless|transistor",
    "rain": "it poured(?= (?:from|all|for|with|down|until|and|that)\\b|[.,;])|it (?:\\w+ ){0,3}rained"
    "|rained (?:all|hard|heavily|again|in torrents|for|without|until|through"
    "|that|every|and|on and off)\\b|raining|rains|rainfall|downpour|drizzl(?:e|ed|ing)|cloudburst"
    "|raindrops?|(?:it|sky|skies) (?:was|were|had been|started|began) (?:\\w+ )?(?:pouring|to pour)"
    "(?! (?:out|from|through|in|into|down the|over)\\b)|poured with rain|pouring with rain|pelting (?:down"
    "|with rain)",
    "sea": "ocean|surf|seashore|seaside|quays?|ships? (?:lay )?at anchor",
    "snow": "snowed|snowing|snows|snowfall|snowflakes?|snowdrifts?|sledging|blizzard",
    "sun": "sunlight|sunshine|sunlit|sunbeams?|sunrise",
    "sunlight": "sunshine|sunlit|sunbeams?|(?:the|morning|evening|noon) sun",
    "telepathy": "telepath(?:s|ic|ically)?|mind-?reading"
    "|(?:read|reads|reading) (?:his|her|their|my|your|each other's|one another's|\\w+'s) (?:minds?"
    "|thoughts)(?!,? (?:that is|so to speak"
    "|like a book))|mind to mind|(?:heard|read) (?:his|her|their|\\w+'s) thoughts as (?:clearly|plainly|easily) as"
    "|heard (?:his|her|their) thoughts in (?:his|her|their) (?:own )?(?:head|mind)"
    "|(?:spoke|speaks) (?:\\w+ly )?(?:to (?:him|her|them) )?(?:inside|in|into) (?:his|her|their) (?:head|mind)",
    "thinking machine": "machine minds?|artificial intelligences?|sentient (?:machines?|computers?)",
    "vampire": "undead",
    "wound": "burns?|cuts?|gash(?:es)?|injur(?:y|ies)|broken (?:arm|leg|bones?)",
    "weapon": "guns?|pistols?|revolvers?|rifles?|shotguns?|swords?|daggers?|sab(?:re|er)s?|blasters?|bayonets?"
    "|cutlass(?:es)?",
    "wolf": "wolf pack",
}

COLOURS: Final[Mapping[str, str]] = {
    # word: family; two families that are near each other are one pair of NEAR.
    "grey": "grey", "gray": "grey", "silver": "grey", "slate": "grey", "ashen": "grey",
    "green": "green", "emerald": "green", "blue": "blue", "sapphire": "blue", "azure": "blue",
    "brown": "brown", "chestnut": "brown", "hazel": "hazel", "amber": "amber", "black": "black", "raven": "black",
    "jet": "black", "violet": "violet", "purple": "violet", "pink": "pink", "red": "red", "auburn": "red",
    "ginger": "red", "copper": "red", "crimson": "red", "scarlet": "red", "white": "white", "blond": "fair",
    "blonde": "fair", "fair": "fair", "golden": "fair", "yellow": "fair", "flaxen": "fair", "orange": "orange",
    "dark": "dark", "redhead": "red", "brunette": "brown", "bluest": "blue", "greenest": "green", "brownest": "brown",
    "blackest": "black", "greyest": "grey", "sandy": "fair", "platinum": "fair", "straw-coloured": "fair",
    "russet": "red",
    "tawny": "brown", "mousy": "brown", "ebony": "black", "turquoise": "blue", "cobalt": "blue", "lilac": "violet",
    "straw-colored": "fair", "wheaten": "fair", "teal": "blue",
}  # fmt: skip
NEAR: Final = frozenset(
    frozenset(pair)
    for pair in (
        ("hazel", "brown"), ("hazel", "green"), ("hazel", "amber"), ("amber", "brown"), ("amber", "fair"),
        ("black", "brown"), ("grey", "white"), ("grey", "blue"), ("red", "brown"), ("red", "orange"),
        ("pink", "red"), ("fair", "white"), ("violet", "blue"), ("fair", "brown"),
    )
)  # fmt: skip

# Classes of kinship; INVERSE_KIN gives the relationship in the other direction.
KIN: Final[Mapping[str, str]] = {
    "sister": "sibling", "brother": "sibling", "half-sister": "sibling", "half-brother": "sibling", "twin": "sibling",
    "sibling": "sibling", "mother": "parent", "father": "parent", "parent": "parent", "daughter": "child",
    "son": "child", "child": "child", "wife": "spouse", "husband": "spouse", "spouse": "spouse", "widow": "spouse",
    "widower": "spouse", "ex-wife": "former spouse", "ex-husband": "former spouse", "aunt": "aunt", "uncle": "aunt",
    "niece": "niece", "nephew": "niece", "cousin": "cousin", "grandmother": "grandparent",
    "grandfather": "grandparent", "granddaughter": "grandchild", "grandson": "grandchild",
    "brother-in-law": "in-law", "sister-in-law": "in-law",
}  # fmt: skip
INVERSE_KIN: Final[Mapping[str, str]] = {
    "sibling": "sibling", "parent": "child", "child": "parent", "spouse": "spouse", "former spouse": "former spouse",
    "aunt": "niece", "niece": "aunt", "cousin": "cousin", "grandparent": "grandchild", "grandchild": "grandparent",
    "in-law": "in-law",
}  # fmt: skip

# Occupations and ranks.
ROLES: Final = word_list("""
    abbess abbot admiral advocate alderman ambassador apothecary archbishop archer architect baker banker barber
    baron baroness beggar bishop blacksmith bookkeeper brewer butcher butler captain captive cardinal carpenter
    clerk cobbler colonel commander constable cook corporal countess courier dancer deputy detective doctor
    duchess duke earl editor emperor empress engineer executioner farmer ferryman fisherman fishwife gardener
    general governor governess guard guardsman harbourmaster healer herald hunter innkeeper inspector jailer
    jester judge king knight labourer lawyer librarian lieutenant magistrate maid major mason matron mayor merchant
    messenger midwife miller miner minister minstrel monk navigator novice nun nurse page pastor pharmacist
    physician pilot pirate policeman policewoman porter postmaster postmistress potter president priest
    priestess prince princess prisoner professor purser queen ranger reeve saddler sailor schoolmaster
    schoolteacher scribe senator sergeant servant sheriff shepherd shoemaker slave smith smuggler soldier spy
    squire stationmaster steward surgeon tailor tanner teacher thief translator treasurer trader undertaker
    verger vet veterinarian vicar waiter waitress warden weaver laundress washerwoman schoolmistress seamstress
    dressmaker milkmaid housekeeper cowherd goatherd drover carter coachman ostler stableboy huntsman gamekeeper poacher
    woodcutter stonemason bricklayer plumber electrician mechanic welder docker stevedore boatman boatbuilder shipwright
    sailmaker chandler fletcher armourer swordsmith goldsmith silversmith jeweller watchmaker clockmaker glazier hatter
    glover furrier draper grocer fishmonger greengrocer ironmonger bookseller printer journalist reporter novelist
    poet playwright painter sculptor musician violinist cellist pianist organist singer composer philosopher
    mathematician astronomer chemist physicist botanist biologist geologist historian archivist curator solicitor
    barrister notary bailiff politician diplomat envoy chancellor accountant auditor cashier postman milkman chauffeur
    astronaut programmer dentist optician paramedic gravedigger sexton beekeeper hangman mercenary bodyguard bartender
    barmaid publican landlord landlady gambler bookmaker jockey boxer acrobat clown juggler pedlar tinker scout
    bell-founder bell-ringer bellringer foundryman apprentice student collector inventor explorer lamplighter
    cooper thatcher wheelwright farrier chimney-sweep swineherd ploughman ferrywoman alewife glassblower basketmaker
    stonecutter quarryman charcoal-burner embroiderer milliner confectioner cabinetmaker locksmith
""")
SPECIES: Final = word_list("""
    badger bat bear beaver cat crow dog dormouse dragon dwarf elf fox frog goat goblin goose hare hedgehog heron
    horse human lizard lynx magpie marten mole mouse orc otter owl pig pigeon polecat rabbit rat raven shrew
    sparrow squirrel stoat toad troll turtle vole weasel wolf
""")

# Words for one office, of which none contradicts another.
SAME_ROLES: Final = tuple(
    word_list(words)
    for words in (
        "doctor physician surgeon medic healer apothecary",
        "minister pastor priest vicar parson reverend clergyman preacher curate rector chaplain",
        "policeman policewoman constable sergeant inspector officer detective",
        "teacher schoolteacher schoolmaster schoolmistress headmaster headmistress governess tutor professor",
        "lawyer advocate solicitor barrister attorney notary",
        "sailor seaman mariner boatman pilot navigator fisherman ferryman captain",
        "smith blacksmith armourer swordsmith farrier",
        "innkeeper publican landlord landlady bartender barmaid",
        "soldier guard guardsman archer mercenary captain commander officer knight general",
        "clerk scribe secretary bookkeeper accountant cashier",
        "merchant trader grocer shopkeeper chandler pedlar",
        "maid servant housekeeper waiter waitress steward butler page",
        "nun abbess novice sister",
        "monk abbot novice friar brother prior priest",
        "king emperor prince ruler",
        "queen empress princess duchess ruler",
        "druggist pharmacist chemist apothecary",
        "fishmonger fishwife fisherman merchant trader",
        "cook chef baker",
        "tailor seamstress dressmaker",
        "jailer warden guard",
        "journalist reporter editor",
        "musician violinist cellist pianist organist singer composer",
        "cobbler shoemaker",
        "hunter huntsman gamekeeper poacher trapper ranger",
        "farmer peasant labourer herdsman shepherd cowherd",
        "engineer mechanic electrician technician",
        "painter artist sculptor",
        "thief burglar pickpocket smuggler",
        "postman messenger courier herald",
        "postmaster postmistress",
        "gravedigger sexton verger",
        "historian archivist librarian curator",
        "undertaker gravedigger",
        "carpenter joiner boatbuilder shipwright",
        "scientist chemist physicist biologist professor",
        "chancellor minister politician",
    )
)

# Actions of the living.
LIVING: Final = (
    "answered|appeared|arrived|asked|bent|bowed|broke|called|came|caught|climbed|cried|crossed|dozed|drank"
    "|entered|ate"
    "|folded|gave|grinned|hummed|joined|knelt|laughed|leaned|lifted|listened|lit|looked|moved|nodded|offered|opened"
    "|paused|picked|poured|pulled|pushed|put|raised|ran|reached|replied|rode|rose|rubbed|sang|said|sat|shook|shouted"
    "|shrugged|sighed|slept|slid|smiled|spat|spoke|stamped|stepped|stood|stretched|swore|took|turned|waited"
    "|walked|waved"
    "|went|whispered|winked|wrote|yawned"
)

LIVING_VERBS: Final = frozenset(LIVING.split("|"))

# A prompt for a video model uses these for the film, not for things of the world.
FILM_WORDS: Final = ("camera", "cameras", "photography", "photographer", "photograph")
