"""Remarks of a model about its own work, and the similar words of characters."""

from __future__ import annotations

import pytest

from agents.engine.confidence.prose.quotations import Quotations
from agents.engine.confidence.prose.remarks import first_remark

STORY = "She went down to the weir. " * 30


def remark(text: str) -> str:
    return first_remark(text, Quotations(text))


@pytest.mark.parametrize(
    "preface",
    [
        "Here is the scene:", "Here is the scene you asked for:", "Here's a scene set in your world:",
        "Here is your requested scene.", "Sure! Here’s the scene:", "Certainly! Below is the revised version:",
        "Of course. Here is a 500-word story based on your prompt:", "Okay, the user wants a scene at the weir.",
        "I’ve written a scene for you.", "I need to write a scene of 300 words.", "Certainly!\n",
        "I'm sorry, but I can't write that scene.", "I cannot fulfill this request.",
        "Hier ist die Szene:", "Natürlich! Hier ist eine überarbeitete Fassung:", "Voici la scène :",
        "Bien sûr ! Voici une scène :", "Aquí está la escena:", "¡Por supuesto! Aquí tienes la escena:",
        "Ecco la scena:", "Aqui está a cena:", "Hier is de scène:", "Oto scena:", "Вот сцена:",
        "以下是场景：", "当然！以下是您要求的故事：", "以下はシーンです。", "다음은 장면입니다.",
    ],
)  # fmt: skip
def test_preface_is_found_at_the_start(preface: str) -> None:
    assert remark(f"{preface}\n\n{STORY}")
    assert not remark(f"“{preface}”\n\n{STORY}")
    assert not remark(f"{STORY}\n\n“{preface}” she said.\n\n{STORY}")


@pytest.mark.parametrize(
    "offer",
    [
        "I hope this helps!", "I hope you enjoy this scene!", "Let me know if you’d like me to continue the scene.",
        "Let me know if you have any feedback.", "Would you like me to continue?", "Feel free to ask for changes.",
        "This scene establishes the weir.", "Author’s note: I kept the tone wry.",
        "Note: the scene stays within the canon.", "I can't assist with that request.",
        "Ich hoffe, das hilft dir weiter.", "Lass mich wissen, ob ich etwas ändern soll.",
        "J’espère que cela vous aide.", "N'hésitez pas à me dire.", "Espero que esto ayude.",
        "¿Quieres que continúe?", "Spero che questo ti piaccia.", "Espero que goste.", "Ik hoop dat dit helpt.",
        "Mam nadzieję, że to pomoże.", "Надеюсь, это поможет.", "希望对您有帮助。", "お役に立てれば幸いです。",
        "도움이 되길 바랍니다.",
    ],
)  # fmt: skip
def test_offer_is_found_at_the_end(offer: str) -> None:
    assert remark(f"{STORY}{offer}")
    assert not remark(f"{STORY}“{offer}”")
    assert not remark(f"{STORY}{offer} {STORY}")


@pytest.mark.parametrize(
    "count",
    [
        "Word count: 512", "(Word count: 512)", "**Word count:** 512", "[512 words]", "~500 words", "Wortanzahl: 512",
        "Nombre de mots : 512", "Número de palabras: 512", "字数：512",
    ],
)  # fmt: skip
def test_word_count_is_found_at_both_ends(count: str) -> None:
    assert remark(f"{count}\n\n{STORY}")
    assert remark(f"{STORY}\n\n{count}")


@pytest.mark.parametrize(
    "words",
    [
        "As an AI, I cannot describe this.", "As an AI, I have kept to your rules.",
        "As an AI language model, I have no feelings.", "I’m an AI assistant.",
        "Als KI kann ich das nicht.", "Als KI-Sprachmodell habe ich keine Gefühle.", "En tant qu’IA, je ne peux pas.",
        "En tant que modèle de langage, non.", "Como modelo de lenguaje, no puedo.", "Como IA, no puedo.",
        "Come modello linguistico, non posso.", "Als taalmodel kan ik dat niet.", "Jako model językowy nie mogę.",
        "Как языковая модель, я не могу.", "作为AI，我不能写。", "AIとして書けません。", "AI로서 쓸 수 없습니다.",
        "The user asked for a scene at the weir.", "The prompt asks for a short scene.",
        "(continued)", "[Continued]", "(To be continued…)", "(continued in the next part)", "[Scene continues]",
        "[End of scene]", "[rest of the scene omitted for brevity]", "(Fortsetzung folgt)", "(à suivre)",
    ],
)  # fmt: skip
def test_other_remark_is_found_anywhere(words: str) -> None:
    assert remark(f"{STORY}\n{words}\n{STORY}")
    assert not remark(f"{STORY}\n“{words}” she read.\n{STORY}")


@pytest.mark.parametrize(
    "words",
    [
        "Sure, here is the knife.", "Here is the story of how I lost my arm.", "Here is the scene of the crime.",
        "Here is the place where the river turns.", "The following is a true story.", "Here are the answers: none.",
        "Voici l’histoire de mon père.", "Hier ist die Stadt zu Ende.", "Aquí está la historia de mi vida.",
        "Вот история моей жизни.", "Certainly she would come.", "Of course. She had known it.",
        "I have written a draft of my will.", "Let me think about it, I said.",
        "She worked as an AI engineer.", "As an AI, I had never felt rain.", "As an AI, I have never felt rain.",
        "They treated her as an AI.",
        "The language model in the basement hummed.", "Als Kind konnte ich fliegen.",
        "En tant que modèle, elle gagnait peu.",
        "I hope you are well, dear Tom.", "I hope you find your way home.", "Let me know if you come by train.",
        "Would you like me to come with you?", "Shall I continue?", "Feel free to come in.",
        "Dear Tom, I cannot write more often.", "I’m sorry, but I can’t help you.",
        "The user asked the terminal for help.", "The prompt asked for a password.",
        "The word count of her life was small.", "He wrote 3.500 words.", "The essay had 500 words.",
        "To be continued, he thought, and left.", "MIRA (CONT'D)", "He (continued in silence) went on.",
        "Note: the door was locked.", "He came, as requested.",
    ],
)  # fmt: skip
def test_words_of_a_story_are_no_remark(words: str) -> None:
    assert remark(f"{words}\n\n{STORY}") == ""
    assert remark(f"{STORY}\n\n{words}") == ""


def test_remark_is_quoted_as_it_stands() -> None:
    assert remark(f"Sure! Here’s the Scene:\n\n{STORY}") == "Sure! Here’s the Scene:"
