"""Verbs of small acts of people, which a scene shows and no summary of a life tells."""

from __future__ import annotations

from typing import Final

from agents.engine.text.word_forms import word_list

# Acts of hands, voices and faces that nothing but a person does: neither a plant, an animal, a season nor a virtue.
OF_PEOPLE: Final = word_list(
    """
    nod shrug cough yawn frown glance wince sigh crouch tiptoe chew sip fold unfold button unbutton unlock scratch
    mutter grunt snort giggle grin wink pat peer stare hesitate unpack dismount hobble sneeze shuffle spit grimace
    gulp groan smirk sneer scowl belch hiccup squat stoop shudder mumble stammer beckon fidget squint rinse slice
    dust mop peel chop brew iron darn fiddle rummage jingle tether saddle unsaddle harness unbolt latch plug unplug
    shave gargle tut pout sulk swat scrub soap dial type zip unzip wipe sniff taste adjust snore buckle unbuckle
    unwrap unlace untie unpin lug ladle munch uncork trudge saunter clamber sprawl lounge cuddle dandle pinch prod
    shove jostle yank crumple braid plait lather towel dab blot swab sponge shelve snip honk yell holler bellow bawl
    chuckle chortle cackle guffaw titter snicker simper fumble unclench scribble scrawl jot doodle underline stroll
    dunk rewind curtsey rap lace
    """
)
# The same of which something else is capable: "Rose stretched", "the hope stirred".
OF_BODIES: Final = word_list(
    """
    blink swallow shiver kneel pour knock tap rub lick whistle hum bow stretch tug pause tune pack stumble limp gasp
    slump stir flinch pant wheeze snarl hiss tighten loosen pluck skip toss flick clap fuss rattle water bolt powder
    cluck beam fan queue park reverse sharpen hail float doze perch huddle nudge elbow fetch hurry whisper shout
    grab drop light
    """
)
# Crafts and pastimes of people, of which a life may be told as well.
CRAFTS: Final = word_list("bake cook croon dine knit mend polish sew solder stitch strum whittle")
