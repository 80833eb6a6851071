"""Animals, ships and things that bear the name of a person."""

from __future__ import annotations

from typing import Final

from agents.engine.checks.characters.cast.people import NAME
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.word_forms import word_set

_BEARER_WORDS: Final = word_set("""
    donkey mule dog hound cat horse mare pony ox cow goat pig sow parrot raven hawk boat ship barge ferry ketch sloop
    schooner yacht tug engine locomotive bell doll skeleton robot puppet scarecrow launch drone rover android computer
    lorry tractor kitten puppy lamb calf hen duck goose canary tortoise hamster rabbit ferret goldfish
""")
_BEARERS: Final = f"(?:{'|'.join(sorted(_BEARER_WORDS))})"
# Words that the text gives as names to others: "Josse the donkey", "was called Helene after her grandmother".
BEARER: Final = lazy_pattern(
    rf"\b(?P<name>(?!called|named|christened|dubbed)\w+) the {_BEARERS}\b"
    rf"|\b{_BEARERS},? (?:called |named |was called |was named |answered to )?(?P<name2>\w+)\b"
    r"|\b(?:called|named|christened|baptised|baptized|dubbed|nicknamed) (?:the|his|her|their"
    r"|an?) (?:\w+ ){1,2}(?P<name5>\w+)\b"
    r"|\b(?:christened|baptised|baptized|dubbed|nicknamed|named|is called|(?:was|were|be|been) called|called"
    r" (?:it|him|her|them|(?:the|his|her|their) \w+)) (?:the |little )?(?P<name3>\w+)\b"
    r"|\b(?:named|called|christened) (?:the|their|his|her|an?) (?:\w+ ){1,3}(?:for|after) (?P<name6>\w+)\b"
    r"|\b(?:called|named) (?P<name4>\w+) (?:after|for|like)\b"
)
_THING: Final = (
    rf"(?:{_BEARERS}|inn|tavern|street|bridge|prize|cup|hall|school|ward|foundation|fund|society|fever)"
)
# A thing of the name: "the barge Mira Voss", "Mira Voss, a ketch", "Mira Voss's rigging", "Mira Voss brayed".
NAMESAKE: Final = lazy_pattern(
    rf"\b{_BEARERS},? {NAME}|{NAME}(?:, an?|,? the) (?:\w+ )?{_THING}\b|{NAME} (?:Prize|Cup|Hall|School|Ward|Street"
    rf"|Bridge|Arms|Inn|Foundation|Fund|Memorial)\b"
    rf"|{NAME}'s (?:hull|sails?|helm|decks?|rigging|anchor|rudder|keel|mast|bows?|stern|engine|hooves|paws|tail"
    rf"|wings)\b"
    rf"|{NAME} (?:\w+ )?(?:brayed|barked|neighed|whinnied|purred|mewed|miaowed|meowed|mooed|bleated"
    rf"|growled at the post"
    r"|wagged|capsized|sailed|docked|moored|trotted|galloped|grazed|heeled|tacked|foundered|ran aground|drifted)\b"
    rf"|\b(?:that|which) (?:said|read|reads|says) {NAME}"
    rf"|\b(?:launched|moored|boarded|sailed|christened|saddled|milked|fed the) (?:the )?{NAME}"
    rf"|, (?:also|likewise|too|herself|himself|who was|who is) (?:called|named|christened) {NAME}|, (?:called|named"
    rf"|christened) {NAME}"
    rf"|, (?:another|a second|a younger|a different) {NAME}"
    rf"|\b(?:[Ll]ittle|[Yy]oung|[Bb]aby|[Ss]econd) {NAME}|{NAME},? (?:the younger|junior|the second|II|Jr)\b"
    rf"|\b(?:came|turned) (?:round )?into the wind\b"
)
# Grace is said before a meal.
GRACE: Final = lazy_pattern(rf"^\W*{NAME} said[,.;] (?![“\"])")
NAMING: Final = frozenset(_BEARERS.strip("(?:)").split("|")) | word_set(
    "called named christened baptised baptized dubbed nicknamed"
)
NOT_GIVEN: Final = word_set(
    "the a an and or of in on at to for he she it they that which who was is were had"
)
