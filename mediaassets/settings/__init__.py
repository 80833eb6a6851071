"""Django settings, read from the environment; an empty environment is enough to import them.

`.env.example` names every variable. `manage.py check` reports each value that cannot be used.
"""

from mediaassets.settings.agents import *
from mediaassets.settings.api import *
from mediaassets.settings.base import *
from mediaassets.settings.logging import *
from mediaassets.settings.mail import *
from mediaassets.settings.queue import *
from mediaassets.settings.security import *
