"""Terms of technology and magic in other languages than English, and where a text uses them.

A TOML file holds the words of a language: things by the age that introduced them, words of magic, and phrases that only
look like one. Words with a second, older meaning are left out, because a false accusation costs more than a miss.
"""
