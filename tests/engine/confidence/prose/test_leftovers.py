"""Marks that a model's machinery leaves in a text, and the similar marks of stories."""

from __future__ import annotations

import pytest

from agents.engine.confidence.prose.leftovers import leftovers
from agents.engine.confidence.prose.quotations import Quotations

STORY = "She went on to the weir."


def found(text: str) -> list[tuple[str, str, bool]]:
    marks = leftovers(text, Quotations(text))
    return [(mark.noun, mark.quote, mark.is_quoted) for mark in marks]


@pytest.mark.parametrize(
    "mark",
    [
        "<BOT>", "#NAME#", "@@CITY@@", "[object Object]", "{{random_user_1}}", "{{getvar::mood}}",
        "{{char}}", "{{user}}", "{{ user.name }}", "{{char", "{char}", "{name}", "{CHARACTER_NAME}", "{Character Name}",
        "{0}", "{}", "${name}", "<%= name %>", "{% if name %}", "[CHARACTER NAME]", "[Character’s Name]", "[NAME]",
        "[Your Name]", "[hero’s name here]", "[Insert name here]", "[insert a vivid description of the harbour]",
        "[add more detail about the location]", "[Describe the location here.]", "[TODO]", "[TBD: the ending]",
        "[placeholder]", "<NAME>", "<CHARACTER NAME>", "<insert name>", "__NAME__", "%NAME%", "%s", "%(name)s",
        "INSERT NAME HERE", "lorem ipsum", "[Name einfügen]", "[Ihr Name]", "[insérer le nom]", "[NOM DU PERSONNAGE]",
        "[insertar nombre]", "[nombre del personaje]", "[inserire nome]", "[имя персонажа]", "【角色名】", "［名前］",
    ],
)  # fmt: skip
def test_placeholder_is_found_also_in_speech(mark: str) -> None:
    assert found(f"There was {mark} at the gate. {STORY}") == [("a placeholder", mark, False)]
    assert found(f"“Come, {mark},” the programmer typed. {STORY}") == [("a placeholder", mark, False)]


@pytest.mark.parametrize(
    "mark",
    [
        "<unused42>", "<ctrl7>", "<START>", "[EOS_TOKEN]", "[gMASK]", "<|fim_suffix|>", "<|channel|>",
        "<|im_end|>", "<|im_start|>", "<|eot_id|>", "<|endoftext|", "<｜end▁of▁sentence｜>", "[INST]", "[/INST]",
        "<<SYS>>", "<s>", "</s>", "<eos>", "<end_of_turn>", "<0x0A>", "###Human:", "### Assistant:", "## Response",
        "[TOOL_CALLS]", "[|endofturn|]", "▁She", "◁think▷",
    ],
)  # fmt: skip
def test_control_token_is_found(mark: str) -> None:
    assert found(f"{STORY} {mark}\n{STORY}") == [("a control token of the model", mark, False)]


@pytest.mark.parametrize(
    "mark",
    [
        "<think>", "</think>", "<thinking>", "<Thinking>", "<scratchpad>", "</analysis>", "<reflection >",
        '<thinking mode="long">', "<think", "</thinking", "<think I should write about the weir.",
    ],
)  # fmt: skip
def test_thinking_tag_is_found_also_half_open(mark: str) -> None:
    assert found(f"{mark}\n{STORY}") == [("a tag of the model's thinking", mark, False)]


@pytest.mark.parametrize(
    "mark",
    [
        "<b>", "</b>", "<br>", "<br/>", "<p>", '<div class="scene">', "<!--", "<answer>", "</scene>", "<final_answer>",
        "</anything>", "<invoke>", "<br",
    ],
)  # fmt: skip
def test_tag_is_found(mark: str) -> None:
    assert found(f"{STORY} {mark}\n{STORY}") == [("a tag", mark, False)]


@pytest.mark.parametrize(
    ("text", "noun", "mark"),
    [
        ("Salt &amp; pepper.", "a piece of HTML", "&amp;"),
        ("“Don&#39;t go,” she typed.", "a piece of HTML", "&#39;"),
        ("“Salt &amp; pepper,” she said.", "a piece of HTML", "&amp;"),
        ("&quot;Go,&quot; she said.", "a piece of HTML", "&quot;"),
        ("She left.&nbsp; He too.", "a piece of HTML", "&nbsp;"),
        ("She left &mdash and &#x2014; came.", "a piece of HTML", "&mdash"),
        ("caf\\u00e9", "an escape sequence", "\\u00e9"),
        ("caf\\xe9", "an escape sequence", "\\xe9"),
        ("\\u{1F600}", "an escape sequence", "\\u{1F600}"),
        ("She left.\\n\\nHe too.", "an escape sequence", "\\n\\n"),
        ("She left.\\nhe too.", "an escape sequence", "\\n"),
        ("She left\\tHe too.", "an escape sequence", "\\t"),
        ('\\"Go,\\" she said.', "an escape sequence", '\\"'),
        ("It\\'s late.", "an escape sequence", "\\'"),
        ("She \\*smiled\\*.", "an escape sequence", "\\*"),
        ("went%20down", "an escape sequence", "%20"),
        ("Cafï¿½ Noir was shut.", "a broken character", "ï¿½"),
        ("He said â\x80\x9cno.", "a broken character", "â\x80\x9c"),
        ("It wasnÂ´t.", "a broken character", "Â´"),
        ("So \\(x\\) is two.", "an escape sequence", "\\(x\\)"),
        ("She left. (OOC: shall I go on?)", "a remark out of character", "(OOC: shall I go on?)"),
        ("She left. [Output truncated]", "a note about the answer's length", "[Output truncated]"),
        ("She left. (Word limit reached)", "a note about the answer's length", "(Word limit reached)"),
        (
            "She left. [Continued in the next response]",
            "a note about the answer's length",
            "[Continued in the next response]",
        ),
        ("She left.【4†source】", "a citation", "【4†source】"),
        ("She left.[1][2]", "a citation", "[1][2]"),
        ("TODO: describe the harbour.", "a note to the author", "TODO:"),
        ("She left. � Gone.", "a broken character", "�"),
        ("It wasnâ€™t.", "a broken character", "â€™"),
        ("clichÃ©", "a broken character", "Ã©"),
        ("```json\nShe left.\n```", "a code block", "```"),
        ("## Scene\nShe left.", "a heading in Markdown", "## Scene"),
        ("# The Salt Road\nShe left.", "a heading in Markdown", "# The Salt Road"),
        ("**Title:** The Road\n", "a heading in Markdown", "**Title:**"),
        ("**Setting**: The weir.", "a heading in Markdown", "**Setting**:"),
        ("She left.\n**Scene 2**\nHe too.", "a heading in Markdown", "**Scene 2**"),
        ("**The Salt Road**\n\nShe left.", "a heading in Markdown", "**The Salt Road**"),
        ("Title: The Salt Road\n\nShe left.", "a heading", "Title: The Salt Road"),
        ("[weir](https://example.org/)", "a link in Markdown", "[weir](https://example.org/"),
        ("| a | b |\n|---|---|\n", "a table in Markdown", "|---|"),
        ('"content": "She left."', "a piece of JSON", '"content": "'),
    ],
)
def test_other_mark_is_found(text: str, noun: str, mark: str) -> None:
    assert found(text) == [(noun, mark, False)]


@pytest.mark.parametrize(
    "text",
    [
        "[static] “[static] Come in,” said the radio. [SIGNAL LOST] [END TRANSMISSION]",
        "[ACCESS DENIED] [LOCATION UNKNOWN] [Location: Deck 4] [Enter] [Continue]",
        "[Skill: Swordsmanship Lv. 3] [Name: Kael] [You have gained a level.]",
        "[…] [sic] [illegible] [12 March] [She laughed.] She left [for good] (again).",
        "<We come in peace.> <Think about it,> said the hawk. <Answer me!>",
        "I <3 you. a < b and c > d, <static>",
        "{We hear you.} {Who are you?} {1, 2, 3} {2} {s}",
        "Q&A; R&D; AT&T; fish & chips;",
        "C:\\temp\\new\\notes.txt and C:\\Users\\mira, ¯\\_(ツ)_/¯",
        "50% of 20%, $5, 100%sure",
        "***\n* * *\n---\n#7 #hashtag ###\n# # #",
        "*No*, she thought. **No.** **BOOM.** He _never_ left.",
        "**NO ENTRY**\n\nShe left.",
        "“Title: The Salt Road,” she read.\nThe title: none.",
        "Scene: a kitchen.\nMIRA: Go.",
        "As ordens: «NÃO». Ġorġ. LIÇÕES DA MANHÃ.",
        "The sign said INSERT COIN HERE.",
        "“TODO list?” she read. [Redacted] [Chapter missing] [The rest is torn off.] Nan nodded. Tk, tk.",
        "[To be continued.] The word limit was reached. “#NameTheBoat,” he typed. # 3 and # 4.",
        "La niña, São Paulo, Ångström, âge, château, ïle; [1] Ps. 23.",
        "Add the name to the list, she said.",
    ],
)
def test_marks_of_stories_are_innocent(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("The hacker read “&amp;” aloud.", "&amp;"),
        ("“It says &amp; where the name should be,” she read from the terminal.", "&amp;"),
        ("The page held `<div>` and no more.", "<div>"),
        ("She sent '\\n' and waited.", "\\n"),
        ("“The token is <|im_end|>,” said the programmer.", "<|im_end|>"),
    ],
)
def test_code_that_a_character_quotes_may_be_meant(text: str, mark: str) -> None:
    assert [(quote, is_quoted) for _, quote, is_quoted in found(text)] == [(mark, True)]


def test_mark_outside_of_quotations_is_preferred() -> None:
    assert found("She read “&amp;” aloud. Salt &lt; pepper.") == [("a piece of HTML", "&lt;", False)]


def test_kinds_are_all_found() -> None:
    assert [mark for _, mark, _ in found("{{char}} &amp; <b>Mira</b> [NAME]\\n")] == [
        "{{char}}",
        "[NAME]",
        "<b>",
        "&amp;",
        "\\n",
    ]
