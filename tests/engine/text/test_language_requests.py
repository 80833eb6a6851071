"""Tests of the language that a request asks for."""

import pytest

from agents.engine.text.languages.requests import requested_languages
from tests.support.effort import effort

PLAIN_ORDERS = [
    ("Write it in German.", "de"),
    ("A duel on the bridge at dawn. Write in French please", "fr"),
    ("Please write a short scene in Brazilian Portuguese about a storm.", "pt"),
    ("A scene in Spanish about a fox.", "es"),
    ("Language: German", "de"),
    ("The text must be in Italian.", "it"),
    ("A storm at sea, in Dutch, please.", "nl"),
    ("In German, please.", "de"),
    ("Schreibe eine Szene auf Deutsch.", "de"),
    ("Ein Sturm auf See. Bitte auf Deutsch.", "de"),
    ("Schreib das in deutscher Sprache", "de"),
    ("Écris une scène en français.", "fr"),
    ("Écris en anglais", "en"),
    ("Escribe una escena en español sobre un zorro.", "es"),
    ("Scrivi una scena in italiano.", "it"),
    ("Escreva uma cena em português.", "pt"),
    ("Schrijf een scène in het Nederlands.", "nl"),
    ("Napisz scenę po polsku.", "pl"),
    ("Напиши сцену на русском языке.", "ru"),
    ("Напиши по-русски", "ru"),
    ("Напиши по-немецки, пожалуйста.", "de"),
    ("Skriv en scen på svenska.", "sv"),
    ("请用中文写一个场景。", "zh"),
    ("用英语回答。", "en"),
    ("日本語で書いてください。", "ja"),
    ("ドイツ語でお願いします", "de"),
    ("한국어로 써 주세요.", "ko"),
    ("Kirjoita suomeksi.", "fi"),
    ("Everything should be written in Swedish.", "sv"),
    ("A mother waits for her son. Answer only in Polish.", "pl"),
    ("Write the scene in German, with short sentences.", "de"),
    ("Write this in plain English.", "en"),
    ("Respond in the language of the world. (In French.)", "fr"),
    ("Translate the scene into Russian.", "ru"),
    ("Tell the story in German", "de"),
    ("All text in German only.", "de"),
    ("Langue : français", "fr"),
    ("Sprache: Deutsch", "de"),
    ("Write 300 words in Spanish.", "es"),
    ("Write a poem in Latin about the sea", "la"),
    ("write everything in japanese", "ja"),
    ("Ecris en francais", "fr"),
    ("Responde en inglés, por favor", "en"),
    ("Bitte schreib auf Englisch!", "en"),
    ("A storm at sea. Use German.", "de"),
    ("A storm at sea. German only!", "de"),
    ("A storm at sea. It must be Spanish.", "es"),
    ("I want it in Dutch.", "nl"),
    ("We'd like the whole scene in Polish, please.", "pl"),
    ("The whole thing in Italian, please.", "it"),
    ("Türkçe yaz.", "tr"),
    ("Output language: French", "fr"),
]

NO_ORDERS = [
    "The men use German guns.",
    "It must be Spanish, thinks Anna, and opens the letter.",
    "A scene on a ship that only German spies know.",
    "I want a German in it.",
    "I like it in Italy.",
    "Nobody speaks German in this scene.",
    "Translated from the German.",
    "A scene in the style of a French poem.",
    "Anna answers in German.",
    "Write a scene in which Anna speaks in German.",
    "Write a scene where the monk reads a letter in Latin.",
    "German soldiers in German uniforms march in.",
    "Write about the English countryside.",
    "Write a scene with a prayer in Latin.",
    "A soldier writes a letter home in Polish.",
    "He says something in French.",
    "Two spies meet in Spanish Harlem.",
    "Write a scene in an English garden.",
    "Do not write in German.",
    "A scene in French Guiana.",
    "The old man curses in Russian.",
    "Write a scene in German-occupied Paris.",
    "She polishes the Polish sword.",
    "Write a dialogue between a Turkish merchant and a Greek sailor.",
    "A tavern song in Irish style.",
    "Anna teaches him German.",
    "The inscription is in Greek.",
    "Schreibe eine Szene, in der Anna auf Deutsch antwortet.",
    "Une scène où le moine chante en latin.",
    "彼は英語で話した。",
    "他用英语说话。",
    "The book, written in Arabic, lies open.",
    "A duel in Latin America",
    "Write a scene in Old English style.",
    "Write it in Elvish.",
    "The language of the Danish court",
    "He wrote in German, and she wept.",
    "The inscription must be in Latin and glow.",
    "The children sing in Welsh, softly.",
]


@pytest.mark.parametrize(("request_text", "code"), PLAIN_ORDERS)
def test_a_plain_order_is_understood(request_text, code):
    assert requested_languages(request_text) == {code}


@pytest.mark.parametrize("request_text", NO_ORDERS)
def test_languages_within_the_story_are_no_order(request_text):
    assert requested_languages(request_text) == set()


def test_several_languages_can_be_asked_for():
    assert requested_languages("Write it in French. Write it in English too, please.") == {"fr", "en"}


def test_the_ends_of_a_long_request_are_read():
    filler = "The tower stands by the sea. " * 600

    assert requested_languages(filler + "Write it in German.") == {"de"}
    assert requested_languages("Write it in German. " + filler) == {"de"}


@pytest.mark.parametrize(
    "request_text",
    [
        "write in German " * 1250,
        "in " * 6000 + "German",
        "German " * 2800,
        "the " * 5000 + "must be in German",
    ],
)
def test_hostile_requests_are_read_quickly(request_text):
    assert effort(lambda: requested_languages(request_text)) < 15
