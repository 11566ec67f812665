"""When a mail is no longer true."""


class Outdated(Exception):
    """The state of things has gone past what this mail would say; another mail says it."""
