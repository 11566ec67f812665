"""The app of outgoing mail."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Labelled apart from django.contrib.messages."""

    name = "bookonce.messages"
    label = "bookonce_messages"
