"""Our sentences for those of the frameworks, which speak of fields, dictionaries and forms."""

from __future__ import annotations

import re
from typing import Final

# A value that a client sent may be as long as a body.
_VALUE_CHARS: Final = 100

_MISSING: Final = "This is missing."
_EMPTY: Final = "This must not be empty."
_TEXT: Final = "Must be text."
_LIST: Final = "Must be a list."
_WHOLE_NUMBER: Final = "Must be a whole number."
_NUMBER: Final = "Must be a number."
_DATE: Final = "Must be a date, such as 2026-11-29."
_TIME: Final = "Must be a time of day, such as 20:02."
_MOMENT: Final = "Must be a date and time, such as 2026-11-29T20:02:00Z."
_DURATION: Final = "Must be a duration, such as 1 02:30:00."
_ADDRESS: Final = "Must be an address, such as https://example.org/hooks."
_MAIL: Final = "Must be a mail address."
_UUID: Final = "Must be a UUID."
_FILE: Final = "Must be a file."
_IMAGE: Final = "Must be an image."
_NO_OBJECT: Final = "There is no such object."
_AT_MOST: Final = "Must be at most {n}."
_AT_LEAST: Final = "Must be at least {n}."
_CHOICE: Final = "{value!r} is not one of the choices."
_DAYS: Final = "Must be from {low} to {high} days."
_NOT_SIGNED_IN: Final = "The token is not valid; `POST /auth/token` gives one."

# As the frameworks write them, with a name for each value, which our sentence may say.
SENTENCES: Final = {
    # Any field
    "This field is required.": _MISSING,
    "This field may not be null.": "This must not be null.",
    "This field may not be blank.": _EMPTY,
    "Invalid value.": "This is not valid.",
    "Invalid input.": "This is not valid.",
    "Enter a valid value.": "This is not valid.",
    "Enter a complete value.": "A part of this is missing.",
    "This value does not match the required pattern.": "This is not in the expected format.",
    "Value must be valid JSON.": "Must be JSON.",
    "Enter a valid JSON.": "Must be JSON.",
    "This field must be unique.": "This is taken already.",
    "The fields {names} must make a unique set.": "These are taken already: {names}.",
    'This field must be unique for the "{name}" {period}.': "This is taken already in this {period}.",
    # Texts
    "Not a valid string.": _TEXT,
    "Ensure this field has no more than {n} characters.": "Must have at most {n} characters.",
    "Ensure this field has at least {n} characters.": "Must have at least {n} characters.",
    "Ensure this value has at most {n} character (it has {m}).": "This has {m} characters; {n} is allowed.",
    "Ensure this value has at most {n} characters (it has {m}).": "This has {m} characters; {n} are allowed.",
    "Ensure this value has at least {n} character (it has {m}).": "Must have at least {n} character, not {m}.",
    "Ensure this value has at least {n} characters (it has {m}).": "Must have at least {n} characters, not {m}.",
    "Surrogate characters are not allowed: U+{code}.": "This contains half a character, U+{code}.",
    "Null characters are not allowed.": "This contains a NUL character.",
    'Enter a valid "slug" consisting of {kind}': "Only letters, numbers, - and _ are allowed.",
    "Enter a valid “slug” consisting of {kind}": "Only letters, numbers, - and _ are allowed.",
    "Enter a valid email address.": _MAIL,
    "Enter a valid URL.": _ADDRESS,
    "Enter a valid domain name.": "Must be the name of a host.",
    "Enter a valid UUID.": _UUID,
    "Must be a valid UUID.": _UUID,
    "Enter a valid {protocol} address.": "Must be an {protocol} address.",
    "Enter only digits separated by commas.": "Only digits with commas between them are allowed.",
    # Numbers, true and false
    "Must be a valid boolean.": "Must be true or false.",
    "A valid integer is required.": _WHOLE_NUMBER,
    "A valid biginteger is required.": _WHOLE_NUMBER,
    "Enter a whole number.": _WHOLE_NUMBER,
    "Enter a valid integer.": _WHOLE_NUMBER,
    "A valid number is required.": _NUMBER,
    "Enter a number.": _NUMBER,
    "String value too large.": "This has too many digits.",
    "Integer value too large to convert to float": "This is too large.",
    "Ensure this value is {n} (it is {m}).": "Must be {n}, not {m}.",
    "Ensure this value is less than or equal to {n}.": _AT_MOST,
    "Ensure this value is greater than or equal to {n}.": _AT_LEAST,
    "Ensure this value is a multiple of step size {n}.": "Must be a multiple of {n}.",
    "Ensure this value is a multiple of step size {n}, starting from {m}, {examples}": (
        "Must be {m} plus a multiple of {n}."
    ),
    "Ensure that there are no more than {n} {what} in total.": "Must have at most {n} {what}.",
    "Ensure that there are no more than {n} decimal places.": "Must have at most {n} decimal places.",
    "Ensure that there are no more than {n} decimal place.": "Must have at most {n} decimal place.",
    "Ensure that there are no more than {n} {what} before the decimal point.": (
        "Must have at most {n} {what} before the point."
    ),
    # Times
    "Datetime has wrong format. Use one of these formats instead: {forms}.": _MOMENT,
    "Enter a valid date/time.": _MOMENT,
    "Expected a datetime but got a date.": _MOMENT,
    'Invalid datetime for the timezone "{zone}".': "This moment does not exist in the time zone {zone}.",
    "Datetime value out of range.": "This moment is out of range.",
    "Date has wrong format. Use one of these formats instead: {forms}.": _DATE,
    "Enter a valid date.": _DATE,
    "Expected a date but got a datetime.": _DATE,
    "Time has wrong format. Use one of these formats instead: {forms}.": _TIME,
    "Enter a valid time.": _TIME,
    "Duration has wrong format. Use one of these formats instead: {forms}.": _DURATION,
    "Enter a valid duration.": _DURATION,
    "The number of days must be between {low} and {high}.": _DAYS,
    # Choices
    '"{value}" is not a valid choice.': _CHOICE,
    '"{value}" is not a valid path choice.': _CHOICE,
    "Select a valid choice. That choice is not one of the available choices.": "This is not one of the choices.",
    "Select a valid choice. {value} is not one of the available choices.": _CHOICE,
    "“{value}” is not a valid value.": "{value!r} is not valid.",
    "This selection may not be empty.": _EMPTY,
    "Select a lookup.": "Must name a way to compare.",
    # Lists and objects
    'Expected a list of items but got type "{kind}".': _LIST,
    "Enter a list of values.": _LIST,
    "Range query expects two values.": "Must be two values with a comma between them.",
    "This list may not be empty.": _EMPTY,
    "Ensure this field has at least {n} elements.": "Must have at least {n} entries.",
    "Ensure this field has no more than {n} elements.": "Must have at most {n} entries.",
    'Expected a dictionary of items but got type "{kind}".': "Must be an object.",
    "Invalid data. Expected a dictionary, but got {kind}.": "Must be an object.",
    "This dictionary may not be empty.": _EMPTY,
    # Files
    "No file was submitted.": _MISSING,
    "No file was submitted. Check the encoding type on the form.": _FILE,
    "The submitted data was not a file. Check the encoding type on the form.": _FILE,
    "No filename could be determined.": "The file must have a name.",
    "The submitted file is empty.": "The file is empty.",
    "Ensure this filename has at most {n} character (it has {m}).": (
        "The file's name has {m} characters; {n} is allowed."
    ),
    "Ensure this filename has at most {n} characters (it has {m}).": (
        "The file's name has {m} characters; {n} are allowed."
    ),
    "Please either submit a file or check the clear checkbox, not both.": "Send a file or remove it, not both.",
    "File extension “{value}” is not allowed. Allowed extensions are: {there}.": (
        "The file's name must end with one of: {there}."
    ),
    "Upload a valid image. The file you uploaded was either not an image or a corrupted image.": _IMAGE,
    # References
    'Invalid pk "{value}" - object does not exist.': _NO_OBJECT,
    "Incorrect type. Expected pk value, received {kind}.": "Must be an id.",
    "Incorrect type. Expected URL string, received {kind}.": _ADDRESS,
    "Invalid hyperlink - No URL match.": _NO_OBJECT,
    "Invalid hyperlink - Incorrect URL match.": _NO_OBJECT,
    "Invalid hyperlink - Object does not exist.": _NO_OBJECT,
    "Object with {name}={value} does not exist.": _NO_OBJECT,
    "The inline value did not match the parent instance.": _NO_OBJECT,
    # Whole requests
    "A server error occurred.": "Something went wrong. It was logged.",
    "Malformed request.": "The request cannot be read.",
    "Not found.": "There is nothing at this address.",
    "Incorrect authentication credentials.": _NOT_SIGNED_IN,
    "Authentication credentials were not provided.": "This needs an account.",
    "You do not have permission to perform this action.": "You may not do this.",
    'Method "{method}" not allowed.': "{method} is not possible here; `Allow` says what is.",
    "Could not satisfy the request Accept header.": "There is no answer of the kind that `Accept` asks for.",
    'Unsupported media type "{kind}" in request.': "The body is {kind!r}; send JSON.",
    "Request was throttled.": "Too many requests; wait as long as `Retry-After` says.",
    "Request was throttled. Expected available in {n} {unit}.": "Too many requests; try again in {n} {unit}.",
    # Accounts and tokens
    "No active account found with the given credentials": "There is no active account with this name and password.",
    "No active account found for the given token.": "The account of this token is gone.",
    "Authorization header must contain two space-delimited values": "Send `Authorization: Bearer <token>`.",
    "Given token not valid for any token type": _NOT_SIGNED_IN,
    "Token is invalid or expired": _NOT_SIGNED_IN,
    "Token is invalid": _NOT_SIGNED_IN,
    "Token is expired": "The token has expired; `POST /auth/token/refresh` gives a new one.",
    "Token is blacklisted": "The token was ended; `POST /auth/token` gives a new one.",
    "Token has no id": _NOT_SIGNED_IN,
    "Token has no type": _NOT_SIGNED_IN,
    "Token has wrong type": "This is a token of another kind.",
    "Token has no '{claim}' claim": _NOT_SIGNED_IN,
    "Token '{claim}' claim has expired": "The token has expired; `POST /auth/token/refresh` gives a new one.",
    "Token contained no recognizable user identification": _NOT_SIGNED_IN,
    "User not found": "The account of this token is gone.",
    "User is inactive": "The account of this token is closed.",
    "The user's password has been changed.": "The password has changed; sign in with the new one.",
}


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", sentence)
    return re.compile(
        "".join(f"(?P<{part}>.*?)" if index % 2 else re.escape(part) for index, part in enumerate(parts)),
        re.DOTALL,
    )


_PATTERNS: Final = [(_pattern(theirs), ours) for theirs, ours in SENTENCES.items() if "{" in theirs]


def in_our_words(sentence: str) -> str:
    """Return our sentence for one of the frameworks', and any other as it is."""
    if ours := SENTENCES.get(sentence):
        return ours
    for pattern, template in _PATTERNS:
        if found := pattern.fullmatch(sentence):
            values = {name: _short(value) for name, value in found.groupdict().items()}
            return template.format(**values)
    return sentence


def _short(value: str) -> str:
    return value if len(value) <= _VALUE_CHARS else f"{value[:_VALUE_CHARS]}…"
