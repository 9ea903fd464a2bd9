"""How lines of the log are written: nobody finds in them what lets somebody in or acts for them."""

import logging
import re

SECRET = re.compile(r"(/(?:a|badges|calendar|join|me/address|unsubscribe)/)[^\s/?#\"'<>]+")


class Lines(logging.Formatter):
    """Each line, and the trace under it, without the secrets that paths of pages name."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub(r"\1…", super().format(record))
