"""Tests of names in scripts and languages whose words change or do not stand alone."""

import pytest

from agents.engine.text.names.scripts import name_is_in
from tests.support.effort import effort

PRESENT = [
    # Korean particles
    ("민수", "민수가 문을 열었다.", "ko"),
    ("민수", "그녀는 민수에게 편지를 썼다.", "ko"),
    ("김민수", "민수는 웃었다.", "ko"),
    ("김민수", "김민수와 그의 아내가 왔다.", "ko"),
    ("민준", "민준이가 먼저 말했다.", "ko"),
    ("서연", "“서연아, 이리 와!”", "ko"),
    ("서연", "서연 씨는 대답하지 않았다.", "ko"),
    # Russian and Ukrainian cases
    ("Мира", "Тогда он увидел Миру у ворот.", "ru"),
    ("Мира", "Он говорил с Мирой о войне.", "ru"),
    ("Мира Восс", "Письмо Миры лежало на столе.", "ru"),
    ("Павел", "Она ждала Павла у реки.", "ru"),
    ("Пётр", "Она ждала Петра у реки.", "ru"),
    ("Игорь", "Она спорила с Игорем.", "ru"),
    ("Андрей Болконский", "Все смотрели на Болконского.", "ru"),
    ("Оксана", "Хлопець побачив Оксану біля криниці.", "uk"),
    ("Тарас", "Вона сказала Тарасові правду.", "uk"),
    ("Мира", "МИРА ВОСС ВЫШЛА", "ru"),
    # Arabic and Hebrew prefixes
    ("أحمد", "جاء أحمد إلى القرية.", "ar"),
    ("أحمد", "سار خالد وأحمد نحو النهر.", "ar"),
    ("أحمد", "قالت لأحمد إن الليل طويل.", "ar"),
    ("أَحْمَد", "سار خالد واحمد نحو النهر.", "ar"),
    ("דוד", "יונתן ודוד הלכו אל הנהר.", "he"),
    ("דוד", "היא נתנה לדוד את החרב.", "he"),
    ("שרה", "הוא ראה ששרה בוכה.", "he"),
    # Greek capitals, sigma and cases
    ("Οδυσσεύς", "Ο ΟΔΥΣΣΕΥΣ γύρισε στην Ιθάκη.", "el"),
    ("ΟΔΥΣΣΕΥΣ", "Ο Οδυσσεύς γύρισε στην Ιθάκη.", "el"),
    ("Νίκος", "Είδε τον Νίκο στην πόρτα.", "el"),
    ("Ελένη", "Το γράμμα της Ελένης χάθηκε.", "el"),
    # Polish, Czech, Finnish, Hungarian, Latin, Turkish
    ("Anna", "Zobaczył Annę przy studni.", "pl"),
    ("Marek", "Czekała na Marka nad rzeką.", "pl"),
    ("Jan Kowalski", "Wszyscy patrzyli na Kowalskiego.", "pl"),
    ("Jana", "Viděl Janu u studny.", "cs"),
    ("Aino", "Hän kirjoitti Ainolle kirjeen.", "fi"),
    ("Anna", "A fiú látta Annát a kútnál.", "hu"),
    ("Marcus", "Tum puella Marcum vidit.", "la"),
    ("Iulia", "Epistulam Iuliae dedit.", "la"),
    ("Ayşe", "Çocuk köprüde Ayşe'yi gördü.", "tr"),
    ("Åsa", "Det var Åsas kappa.", "sv"),
    ("José", "Vio a José\u0301 en la puerta.".replace("é\u0301", "e\u0301"), "es"),
    # Chinese and Japanese
    ("李小龙", "那天李小龙走进了房间。", "zh"),
    ("王明", "王明走进了房间。", "zh"),
    ("林平", "他对林平说，天快亮了。", "zh"),
    ("田中", "田中は門を開けた。", "ja"),
    ("美咲", "その夜、美咲が笑った。", "ja"),
    ("タロウ", "そこでタロウが吠えた。", "ja"),
    ("さくら", "窓辺にさくらがいた。", "ja"),
]

UNTOLD = [
    ("龙", "恐龙从林中走出来。", "zh"),
    ("王", "她走进了王宫。", "zh"),
    ("王明", "国王明天要来京城。", "zh"),
    ("王明", "大王明白了一切。", "zh"),
    ("田中", "水田中央に立つ。", "ja"),
    ("タロ", "そこでタロウが吠えた。", "ja"),
    ("김민수", "민수식당이 닫혀 있었다.", "ko"),
    ("수", "수영을 했다.", "ko"),
    ("نور", "كان نور القمر يملأ الوادي.", "ar"),
    ("Hope", "Hope came back. They had lost all hope.", "en"),
    ("Антін", "Вона чекала на Антона.", "uk"),
    ("Pekka", "Hän näki Pekan sillalla.", "fi"),
    ("Ann", "Annika sat by the well.", "en"),
    ("Åsa", "Det var Asa som kom.", "sv"),
    ("Mira Voss", "Мира вышла на крыльцо.", "ru"),
    ("Mira Voss", "米拉走进了房间。", "zh"),
    ("龍一", "龙头在门上。", "zh"),
    ("劉備", "刘备走进了房间，关上了门。", "zh"),
    ("Мира", "Mira came to the gate at dawn.", "en"),
]

ABSENT = [
    ("민수", "그녀는 문을 열고 밖으로 나갔다.", "ko"),
    ("Мира", "Король обещал солдатам хлеб.", "ru"),
    ("أحمد", "عاد الحارس إلى القرية.", "ar"),
    ("דוד", "המלך הבטיח להם שלום.", "he"),
    ("Οδυσσεύς", "Το πλοίο κρατούσε πορεία προς τα νησιά.", "el"),
    ("Anna", "Król obiecał im pokój.", "pl"),
    ("李小龙", "她裹紧斗篷，朝港口走去。", "zh"),
    ("田中", "彼女は外套を巻きつけた。", "ja"),
    ("Mira Voss", "Der König versprach ihnen Frieden.", "de"),
]


@pytest.mark.parametrize(("name", "text", "code"), PRESENT)
def test_a_name_is_found_in_its_forms(name, text, code):
    assert name_is_in(name, text, code) is True


@pytest.mark.parametrize(("name", "text", "code"), UNTOLD)
def test_no_judgement_where_the_script_does_not_tell(name, text, code):
    assert name_is_in(name, text, code) is None


@pytest.mark.parametrize(("name", "text", "code"), ABSENT)
def test_a_name_without_a_trace_is_absent(name, text, code):
    assert name_is_in(name, text, code) is False


@pytest.mark.parametrize("name", ["", "  ", "·", "123"])
def test_what_is_no_name_is_not_judged(name):
    assert name_is_in(name, "Der König versprach ihnen Frieden.", "de") is None


def test_a_title_alone_is_nobody():
    assert name_is_in("König Albrecht", "Der König versprach ihnen Frieden.", "de") is False


@pytest.mark.parametrize("name", ["Мира Восс", "李小龙", "王明", "민수", "أحمد", "Οδυσσεύς", "Anna"])
def test_fifty_thousand_characters_are_read_quickly(name):
    inside = f"가ا{name}나ا가"
    text = (name[:2] + " ") * 5_000 + (name[:1] * 40 + ". ") * 300 + inside * (25_000 // len(inside))

    assert effort(lambda: name_is_in(name, text, "pl")) < 30
