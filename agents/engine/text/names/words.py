"""English words that are also names, and words that personal names are told by."""

from __future__ import annotations

from typing import Final

from agents.engine.text.small_acts import CRAFTS, OF_PEOPLE
from agents.engine.text.word_forms import any_of, gerund, past_tense, word_set

# At the head of a sentence such a word is a name only if something else in the text says so.
NAME_WORDS: Final = word_set("""
    ace acorn admiral alder aloe amber amethyst anchor angel anvil apple arbor arch archer arrow art ash aspen aster
    aurora autumn avalon azure badger baker bank banker banks barber barker barley baron basil bass bat battle bay
    beach beacon bean bear beau beck bell belle berry bill birch bird bishop bitter black blade blank blaze bliss
    blithe bloom blossom blue bluff blunt bold bolt bond bone book booker booth boulder bow bowman box boy brand
    brandy brave bray breeze brewer briar brick bridge bridges bright brier bristol brook brooks brown buck bud bull
    bunny burden burn burns burr bush butcher butler butter buzz cable cadence calm candle candy cane cannon canon
    captain card carol carpenter carter carver case cash castle cat cedar chain chamberlain chance chancellor
    chandler chapel chapman charity charm chase chastity cherish cherry chess chestnut chip church cinder clarity
    clark clay clement clerk cliff close cloud clover coal coin cole collier colt comfort constable constant cook
    cookie cooper copper coral cork corn cotton count courage court coward cox coy crane creed crest cricket crisp
    crook cross crow crown cruise crystal cub curry cypress dagger dahlia daisy dale dane dart dash dawn day deacon
    dean dear deer dell den destiny dew diamond dick dill dodge doe dolly dove drake dream driver drum duke dune
    dusk dusty dwell dyer eagle earl early earnest earth easter ebony echo eden elder elm ember emerald endeavour
    ernest eve even ever evening fair fairy faith falcon fall farmer fate father fawn fay feather felicity fell
    fellow fen fennel fern ferry field fields finch fir fire fish fisher fisherman flame flash fleet fletcher flint
    flood flora flower flurry fly foal ford forest forester fortune foster fowler fox foxglove frank free freedom
    freeman friday friend frost fuller fury gale game garden gardener garland garlic garner garnet gate gates gem
    general genesis gentle ginger glade glass gleam glen glory glover gold goldsmith good goose gore gorge grace
    grain grange grant grass grave gray green grey grit grove guard guy hail hale hall hammer hand handy happy
    harbor harbour hardy harmony harp harper harrier harrow hart harvest haven hawk hawthorn hay hazel head heart
    heath heather heaven hedge heir helm heron hick hill hills hinder hitch hobby hog holiday hollow holly honest
    honey honour honor hood hook hooper hope horn house hover hunt hunter hurt hush hyacinth ice indigo innocence
    iris iron isle ivory ivy jack jackdaw jade jasmine jasper jay jester jet jewel jewell job jolly joy judge jumper
    junior juniper justice keen keep keeper kelp kestrel key kid kind king kingfisher kit kitty knight knock lad
    lady lake lamb lance lane lark larch laurel lavender law lawn lea leaf leather lee leech legend lemon leopard
    liberty light lilac lily lime linden link lion little lively lock locke lodge lofty long lord lore lotus love
    lovely low loyal luck lucky lumber lynx lyric mackerel mad magnolia magpie maiden major mallow man maple marble
    march mare marigold mariner mark marker market marks marlin marsh marshal marsh martin mason mast master mat
    maudlin maverick may mayor mead meadow mellow melody melon merchant mercy merit merlin merry midas midnight mild
    miles mill miller mills minnow mint minor mirth misty mole monday monk monkey moon moor moose more morning moss
    moth mountain mouse muse musk myrtle nail nash neat needle newt night nightingale nimble noble noon north nova
    novice nutmeg oak oaks oat ocean oleander olive onyx opal orchard orchid oriole osprey otter owl ox pace page
    paige painter palm palmer pansy parish park parker parson patience patient patsy peace peach pearl peat pebble
    penny peony pepper perch peregrine perry petal petunia piety pike pine pink piper pitch plank planter plum poet
    pole pollen pond pool poor pope poplar poppy porter potter power precious price pride priest primrose prince
    princess prior promise prophet prudence purity purple pye quail queen quick quill quince rabbit rain rainbow
    rake ram ramble ranger raven ravine ray read reader reaper reason rebel red reed reef reeve regent reign remedy
    rest rich richest riddle ridge ring rise river rivers roan rob robin rock rocky roman rook root rope rose
    rosemary rosy rough round rover rowan royal ruby rudder rue rush russet rust rusty rye sable saddler sadler
    saffron sage sailor saint salmon salt salvia sand sandy sapphire satin savage savannah sawyer scarlet scholar
    scout sea seal season senior serene serenity sergeant seven shade shadow sharp shaw shepherd sheriff shell shine
    shore short sierra silence silk silver sin singer skinner skipper sky slate slaughter sly small smart smith
    smoke snow sol solace song sorrel sorrow south spade sparrow spear speck spell spencer spice spike spinner
    spring springer spruce squire stag stallion star stark starling steel steele steep stepping sterling stern
    steward still stock stoke stone storm story stout strand strange straw stream street strong sue sugar summer
    summers sun sunday sunny sunshine swallow swan sweet swift sword sycamore tailor talon tanner tansy teal tempest
    temple tender terrace thistle thorn thorne thrush thunder thursday thyme tide tiger timber tinker toad toll
    topaz torch tower townsend trace trader traveller treasure tree trinity trip trout true trueman truth tuck
    tucker tulip turner twain twig tyler unity urban vale valentine valiant valley valor van vane veil velvet
    venture verity vesper victor victory vine viola violet viper virtue vision wade waggoner wait waker walker wall
    walls ward warden warner warren wash water waters watt wave way weather weaver webb webster weed weeks welcome
    well wells west wheat wheeler whisper white wild wilder will willing willow win winch wind windmill wine wing
    winner winter winters wisdom wise wish wolf wood woodman woodruff woods wool worth wrangler wrath wren wright
    yarrow yew york young zeal zephyr zinnia
    """)

# Of these, one is "a wren" or "the wren": alone before a verb the word is a name. Not "cook" and "nurse", which stand
# alone for the servant.
COUNTED: Final = word_set("""
    badger bear crane crow dove eagle falcon finch fox hare hawk heron jackdaw jay kestrel kingfisher lark linnet
    lion lynx magpie martin merlin mole nightingale oriole osprey otter owl peregrine raven robin sparrow starling
    swan thrush tiger wolf wren penny pearl bill mark will archer baker barber bowman brewer butcher carpenter
    carter carver chandler collier cooper draper fisher fletcher fowler fuller glover harper hooper hunter mason
    miller potter saddler sadler sawyer sexton shepherd skinner smith tanner thatcher tinker tucker turner tyler
    weaver wheeler wright
    ace angel archer baron buck bunny colt count deacon dean drake duke earl guy hart jack jewel knight palmer piper
    poet prophet ranger rover sailor scholar scout skipper squire stag stallion steward talon trader traveller
    valentine van victor viper walker warden
    """)
TIMES: Final = word_set("""
    spring summer autumn fall winter dawn day dusk even evening morning night midnight noon season now
    """)
# Words that have a capital letter wherever they stand.
ALWAYS_CAPITAL: Final = word_set("""
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday easter christmas lent advent english french german welsh irish roman greek latin
    florence paris virginia georgia sydney austin victoria adelaide alexandria charlotte chelsea brooklyn london
    madison savannah carolina dakota israel jordan kenya india china asia america europe africa holland ireland
    scotland wales lorraine provence milan verona vienna geneva odessa sofia troy rome sienna lincoln washington
    jackson mercury venus mars jupiter saturn neptune pluto
    """)

DAYS: Final = word_set("monday tuesday wednesday thursday friday saturday sunday")

# Verbs of persons: hope comes and summer turns, but neither shrugs.
PERSONAL_VERBS: Final = frozenset(map(past_tense, (*OF_PEOPLE, *CRAFTS))) | word_set("""
    added admitted agreed answered apologised apologized argued asked asks ate banged beamed begged blinked blinks
    boasted bowed bows called climbed climbs complained confessed coughs curtsied decided decides demanded drank
    dressed elbowed explained frowns gazed glances glared glowered grins handed heard hears hissed hugged hurried
    insisted joked kneels knelt knew knocked knocks laughed laughs leaned leans limped listened listens looked looks
    murmured murmurs mutters nods nudged objected paced picked pleaded pointed poured protested pulled pushed read
    reads remembered replied replies rubbed said sat saw says sees shouted shouts shrugs sighs sits skipped slept
    smiled smiles sobbed sobs stares stepped steps stretched strides strode stumbled suggested swallowed swore
    thanked thinks thought told undressed watched watches waved waves wears wept whispered whispers winks woke
    cooks dines knits sews overslept fainted blushed wondered wonders wore writes wrote yawns yells bandaged
    bandages stamped stamps typed
    signed telephoned phoned
    dialled saluted combed rowed steered teased lectured shopped undid sipped unscrewed rehearsed auditioned nursed
    bathed fetched borrowed bribed barked scolded grumbled chatted gossiped haggled bargained
    seen heard eaten drunk worn written sworn woken
    """)
# The same behind another verb. Not those that stand before their subject (", said the almanac"), nor what poets have
# seasons and virtues do.
FURTHER_VERBS: Final = PERSONAL_VERBS - word_set("""
    said says asked asks answered replied replies thought thinks wrote writes read reads knew heard hears saw sees seen
    eaten drunk worn written sworn woken admitted agreed argued explained added suggested insisted murmured murmurs
    whispered whispers muttered mutters sat sits slept sleeps woke wakes stepped steps looked looks stretched stretches
    smiled smiles laughed laughs knocked knocks climbed climbs called listened listens watched watches stared stares
    wept weeps sighed sighs strode strides limped leaned leans hurried bowed bows crouched yawned yawns
""")
PERSONAL_GERUNDS: Final = frozenset(map(gerund, (*OF_PEOPLE, *CRAFTS))) | word_set("""
    asking telling reading writing eating drinking wearing thinking laughing talking arguing looking listening sorting
    weighing bottling counting wrapping washing sweeping darning pouring pointing packing typing complaining explaining
    apologising joking whistling kneeling counting borrowing rowing fishing digging milking marking shelling feeding
    shaving teaching
""")
# What seasons, plants and virtues do to things at hand as well.
NATURAL: Final = any_of(
    """
    covered filled climbed touched warmed lit reached killed scented draped hid choked broke cracked split burst
    dried froze melted spoiled spoilt soured ripened gilded coloured faded caught found brought took left turned
    blew scattered shook rattled stirred softened lifted crossed crept entered washed soaked flooded drenched
    shaded framed circled ringed smothered held pulled gripped overgrew hung bleached browned needed seemed used
    opened closed swelled rusted rotted nourished carried followed outlasted survived emptied moved
    stained dusted
    """
)
# What the sun, the frost and plants reach as well.
OUTDOORS: Final = word_set("lawn hedge weeds puddle mud dust kerb pavement doorstep landing platform peas")
HOUSEHOLD: Final = any_of(
    """
    kettle gravy pans plates plate cup cups glass glasses mugs jugs bottle bottles supper dinner breakfast sauce
    soup stew tea
    coffee beer receipt ledger coat hat boots basket lamp lamps lantern key keys cards telephone receiver oars reins map
    dressing goose bell bread dough sugar flour letter letters gun mare potatoes chimney gutters floor table
    """
)
BODY: Final = (
    r"(?:eyes?|face|hands?|hair|voice|mouth|lips|fingers?|shoulders?|head|back|arms?|legs?|feet|knees?|coat"
    r"|cloak|hat|gloves?"
    r"|boots?|dress|sleeves?|skirts?|pockets?|brother|sister|mother|father|husband|wife|son|daughter|cousin|aunt"
    r"|uncle|niece|nephew|horse"
    r"|sword|knife|chair|tea|supper|breakfast|lunch"
    r"|bed|room|desk|spectacles|glasses|lap|apron|shawl|bag|basket|purse|knitting|oars|elbows?|nose|ears?|breath"
    r"|chin|cheeks?|knuckles|wrists?|ankles?|brow|forehead|smile|teeth|throat|heart|mind|throne|keys?|cup|glass|pipe)"
)
# Words before a name that belong to its bearer.
TITLES: Final = word_set("""
    captain commander doctor dr professor prof sergeant saint st master madam madame miss mister mr mrs ms sir dame
    lady lord king queen prince princess duke duchess father mother brother sister old young little poor dear
    inspector constable lieutenant colonel major general admiral uncle aunt auntie cousin granny grandma grandpa
    grandfather grandmother emperor empress baron baroness count countess abbot abbess bishop archbishop friar judge
    mayor sheriff squire widow chancellor president minister regent lieutenant corporal private chief elder nurse
    """)
