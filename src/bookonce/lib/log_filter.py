"""Keep secrets out of the log."""

import logging
import re

SECRET_PATH = re.compile(r"(/[om]/)[^\s/?#\"']+")
BEARER = re.compile(r"(Bearer\s+)\S+", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """The text with the tokens of one-time links, manage links and API keys cut out."""
    return BEARER.sub(r"\1…", SECRET_PATH.sub(r"\1…", text))


class WithoutSecrets(logging.Filter):
    """Rewrites each record; never drops one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Cut secrets out of the message and its arguments."""
        record.msg = without_secrets(record.getMessage())
        record.args = ()
        return True
