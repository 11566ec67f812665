"""Keep secrets out of the log."""

import logging
import re

SECRET_PATH = re.compile(r"(/[om]/)[^\s/?#\"']+")
# Also as the address to come back to after signing in, where a slash may be %2F.
JOIN_PATH = re.compile(r"(/|%2F)join(/|%2F)[^\s/?#%&\"']+", re.IGNORECASE)
BEARER = re.compile(r"(Bearer\s+)\S+", re.IGNORECASE)
TOKEN = re.compile(r"\b[a-z2-7]{32}\b")  # as lib/tokens.py makes them, wherever they stand
API_KEY = re.compile(r"\bbo_[a-z2-7]{32}\b")


def without_secrets(text: str) -> str:
    """The text with the tokens of one-time links, manage links, invitations and API keys cut out."""
    text = JOIN_PATH.sub(r"\1join\2…", SECRET_PATH.sub(r"\1…", text))
    return TOKEN.sub("…", API_KEY.sub("bo_…", BEARER.sub(r"\1…", text)))


class WithoutSecrets(logging.Formatter):
    """Cuts secrets out of the whole entry: the message, and the traceback with what its exceptions say."""

    def format(self, record: logging.LogRecord) -> str:
        """The entry as it is written."""
        return without_secrets(super().format(record))
