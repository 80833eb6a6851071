"""Colours of eyes and hair in the creators' own words, and those of others."""

from __future__ import annotations

import pytest

from tests.engine.checks.elements import Facts, accusations_by, are_quoted, element


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ("Tall, stooped, with iron-grey hair.", "Ilse Varga's black hair shone."),
        ("A tall redhead.", "Ilse Varga's black hair shone."),
        ("A blonde in a man's coat.", "Ilse Varga's black hair shone."),
        ("A brunette.", "Ilse Varga's red hair shone."),
        ({"appearance": "short, green eyes, auburn hair, freckles"}, "Ilse Varga's brown eyes narrowed."),
        ({"appearance": "short, green eyes, auburn hair, freckles"}, "Ilse Varga's black hair shone."),
        ({"looks": "Tall; eyes black as sloes; hair gone grey"}, "Ilse Varga's blue eyes narrowed."),
        ({"looks": "Tall; eyes black as sloes; hair gone grey"}, "Ilse Varga's red hair shone."),
        ("Her eyes are a startling green.", "Ilse Varga's brown eyes narrowed."),
        ("Has eyes of the palest blue.", "Ilse Varga's brown eyes narrowed."),
        ("Blue of eye and sharp of tongue.", "Ilse Varga's brown eyes narrowed."),
        ("Red hair, cut short.", "Ilse Varga's black hair shone."),
        ("Eyes: hazel. Hair: black.", "Ilse Varga's blonde hair shone."),
        ("Her hair has gone white.", "Ilse Varga's black hair shone."),
        ("Her hair, black as pitch, reaches her waist.", "Ilse Varga's blonde hair shone."),
        ("Hair the colour of rust.", "Ilse Varga's black hair shone."),
        ("With her copper curls and her temper she is hard to miss.", "Ilse Varga's black hair shone."),
        ("Grey-haired.", "Ilse Varga's black hair shone."),
        ("Brown-eyed, freckled.", "Ilse Varga's blue eyes narrowed."),
        ({"eye_color": "green"}, "Ilse Varga's brown eyes narrowed."),
        ({"Eye Colour": "green"}, "Ilse Varga's brown eyes narrowed."),
        ({"hair color": "black"}, "Ilse Varga's red hair shone."),
        ({"hair_colour": "black"}, "Ilse Varga's red hair shone."),
        ({"features": ["green eyes", "a scar", "black hair"]}, "Ilse Varga's brown eyes narrowed."),
        ({"description": "A thin woman with green eyes."}, "Ilse Varga's brown eyes narrowed."),
        ("Green eyes that miss nothing.", "Ilse Varga's brown eyes narrowed."),
        ("Her green eyes miss nothing.", "Ilse Varga's brown eyes narrowed."),
    ],
)
def test_another_one_contradicts_the_facts(facts: Facts, text: str) -> None:
    told = element("Ilse Varga", facts)
    assert are_quoted(accusations_by(text, told), told)


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ("Her sister is a redhead.", "Ilse Varga's black hair shone."),
        ("Green eyes run in her husband's family.", "Ilse Varga's brown eyes narrowed."),
        ("Was blonde as a child.", "Ilse Varga's black hair shone."),
        ("Loves a man with blue eyes.", "Ilse Varga's brown eyes narrowed."),
        ("Looking for the boy with green eyes.", "Ilse Varga's brown eyes narrowed."),
        ("Her mother had green eyes.", "Ilse Varga's brown eyes narrowed."),
        ("Wears a red wig.", "Ilse Varga's black hair shone."),
        ("Dyes her hair red.", "Ilse Varga's black hair shone."),
        ("Her dog has brown eyes.", "Ilse Varga's blue eyes narrowed."),
        ("Owns a blonde doll.", "Ilse Varga's black hair shone."),
        ("One green eye, one brown.", "Ilse Varga's brown eyes narrowed."),
        ("One green eye, one brown.", "Ilse Varga's green eyes narrowed."),
        ("A tall redhead.", "Ilse Varga's red hair shone."),
        ("A tall redhead.", "Ilse Varga's copper hair shone."),
        ("A tall redhead.", "Ilse Varga's auburn curls shone."),
        ({"appearance": "green eyes"}, "Ilse Varga's green eyes narrowed."),
        ({"appearance": "green eyes"}, "Ilse Varga's emerald eyes narrowed."),
        ("Her hair has gone white.", "Ilse Varga's white hair shone."),
        ("Her hair has gone white.", "Ilse Varga's silver hair shone."),
        ("Black eyes from a fight.", "Ilse Varga's blue eyes narrowed."),
        ("Red eyes from weeping.", "Ilse Varga's blue eyes narrowed."),
        ("The portrait shows her with black hair.", "Ilse Varga's red hair shone."),
        ("Hates blondes.", "Ilse Varga's blonde hair shone."),
        ("A woman with green eyes killed her father.", "Ilse Varga's brown eyes narrowed."),
        ("Changes the colour of her eyes at will.", "Ilse Varga's brown eyes narrowed."),
    ],
)
def test_the_facts_allow_the_text(facts: Facts, text: str) -> None:
    assert accusations_by(text, element("Ilse Varga", facts)) == ()
