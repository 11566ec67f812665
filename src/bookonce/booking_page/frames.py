"""A guest's page in a frame of another site: who may show it, and how it goes on from page to page.

Its address says so with `embed`; the rest of FRAME_NAMES goes along. Views know nothing of all this: the
names are taken out of the query before they see it, and put into every address of the page they answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from bookonce.booking_page.frame_links import with_query
from bookonce.lib.origins import is_among
from bookonce.lib.previews import is_preview

MODES = ("inline", "popup", "floating")
THEMES = ("light", "dark", "auto")
FRAME_NAMES = ("embed", "embed_origin", "embed_theme", "embed_preview")
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Frame:
    """How the page stands in a frame; templates read it from the request."""

    mode: str
    theme: str  # light, dark, auto; "": as the calendar has it
    origin: str  # of the page around it, "" where that is none of those allowed
    ancestors: tuple[str, ...]  # sources for CSP's frame-ancestors; none: nobody may show it
    carried: Mapping[str, str]

    @property
    def close(self) -> str:
        """What the button of the window above the page is called, in the language of what it shows."""
        return _("Close")


def in_frame(find_origins: Callable[..., list[str]]) -> Callable[[View], View]:
    """The view, also within a frame; `find_origins` tells from the address's parts which sites may show it.

    It stands within what counts misses: who is over that limit is told nothing, not even by a header.
    """

    def framed(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **parts: str) -> HttpResponse:
            if request.GET.get("embed") not in MODES:
                return view(request, **parts)
            frame = _read_frame(request, find_origins(**parts))
            request.frame = frame  # type: ignore[attr-defined]
            request.frame_ancestors = frame.ancestors  # type: ignore[attr-defined] # lib/headers.py
            request.GET = _without_frame(request.GET)  # type: ignore[assignment]
            return with_query(view(request, **parts), frame.carried)

        return answer

    return framed


def _read_frame(request: HttpRequest, allowed: list[str]) -> Frame:
    given = {name: request.GET.get(name, "") for name in FRAME_NAMES}
    previewed = is_preview(given["embed_preview"])
    origin = given["embed_origin"]
    if not (is_among(origin, allowed) or (previewed and _is_ours(request, origin))):
        origin = ""
    theme = given["embed_theme"] if given["embed_theme"] in THEMES else ""
    carried = {"embed": given["embed"], "embed_origin": origin, "embed_theme": theme}
    if previewed:
        carried["embed_preview"] = given["embed_preview"]
    return Frame(
        mode=given["embed"],
        theme=theme,
        origin=origin,
        ancestors=(*(["'self'"] if previewed else []), *allowed),
        carried={name: value for name, value in carried.items() if value},
    )


def _without_frame(query: QueryDict) -> QueryDict:
    rest = query.copy()
    for name in FRAME_NAMES:
        rest.pop(name, None)
    return rest


def _is_ours(request: HttpRequest, origin: str) -> bool:
    try:
        return urlsplit(origin).netloc == request.headers.get("Host", "") != ""
    except ValueError:
        return False
