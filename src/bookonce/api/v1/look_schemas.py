"""The shapes of a calendar's look in REST, and the look as it is shown."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from bookonce.lib.addresses import picture_url
from bookonce.scheduling.look_rows import Picture
from bookonce.scheduling.models import Calendar, Image

Colour = Annotated[str, Field(pattern="^#[0-9a-f]{6}$")]
Theme = Literal["auto", "light", "dark"]


class LookPicture(Schema):
    """A picture, uploaded on the calendar's page; its address lasts as long as a look shows it."""

    url: str
    width: int = Field(description="in pixels")
    height: int


class CalendarLook(Schema):
    """How the guests' pages look, where it is not the usual."""

    primary: Colour | None = Field(description="null: the workspace's accent")
    background: Colour | None = Field(description="null: the usual")
    button_text: str = Field(description="of the button that books; empty: the usual words")
    radius: int | None = Field(description="of corners, in pixels; null: 6")
    theme: Theme
    hides_name: bool
    hides_description: bool
    hides_details: bool = Field(description="length, place and number of places")
    logo: LookPicture | None
    cover: LookPicture | None


class CalendarLookChanges(Schema):
    """What may be changed; what is not sent stays, null is the usual."""

    model_config = ConfigDict(extra="forbid")

    primary: str | None = Field(None, max_length=16, description="like #0b6e72")
    background: str | None = Field(
        None, max_length=16, description="refused where no text is easy to read on it, or not in this theme"
    )
    button_text: str | None = Field(None, max_length=40)
    radius: Annotated[int, Field(ge=0, le=24)] | None = None
    theme: Theme | None = None
    hides_name: bool | None = None
    hides_description: bool | None = None
    hides_details: bool | None = None


def shown_look(calendar: Calendar) -> dict[str, Any] | None:
    """The calendar's look, read with it; None where it has the usual one."""
    look = getattr(calendar, "look", None)
    if look is None:
        return None
    return {
        "primary": _colour(look.primary),
        "background": _colour(look.background),
        "button_text": look.button_text,
        "radius": look.radius,
        "theme": look.theme,
        "hides_name": look.hides_name,
        "hides_description": look.hides_description,
        "hides_details": look.hides_details,
        "logo": _picture(look.logo),
        "cover": _picture(look.cover),
    }


def _colour(colour: str) -> str | None:
    return f"#{colour}" if colour else None


def _picture(image: Image | None) -> dict[str, Any] | None:
    if image is None:
        return None
    picture = Picture(image.digest, image.content_type, image.width, image.height)
    return {"url": picture_url(picture.path), "width": image.width, "height": image.height}
