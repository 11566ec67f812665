"""`{% load design %}`: assets, the mark, icons, state pills and form fields."""

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi

from bookonce.design import bundles, fields, icons, palette, states
from bookonce.lib import bidi
from bookonce.lib.languages import (
    COLONS,
    LANGUAGE_ASKED,
    LANGUAGES,
    PAGE_LANGUAGE,
    PARAMETER,
    current,
    is_right_to_left,
)

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """Return the address of a bundle, with the hash of its bytes: `{% asset "app.css" %}`."""
    return reverse("design:asset", args=[bundles.asset(name).file])


@register.simple_tag
def icon(name: str, size: int = 20, label: str = "") -> SafeString:
    """Draw an icon; without a label it is decoration beside a word and hidden from screen readers."""
    return _svg(f"icon icon-{name}", "0 0 20 20", icons.ICONS[name], size=size, label=label)


@register.simple_tag
def mark(size: int = 28, label: str = "") -> SafeString:
    """Draw the mark in the current text colour's accent."""
    return _svg("mark", "0 0 24 24", icons.MARK, size=size, label=label)


@register.simple_tag
def state_pill(state: str, word: str = "") -> SafeString:
    """Show a state as a pill; `word` replaces the usual one (`Used on 1 Dec`)."""
    look = states.look_of(str(state))
    shape = _svg("icon", "0 0 20 20", icons.ICONS[look.shape], size=14, label="", width="2")
    return format_html('<span class="pill pill-{}">{}{}</span>', look.tone, shape, word or look.word)


@register.filter(name="bdi")
def stand_apart(words: object) -> SafeString:
    """What somebody typed, within a sentence of ours: where it could turn the words beside it, set apart."""
    text = bidi.closed(str(words))
    apart = get_language_bidi() or bidi.may_turn(text)
    return format_html("<bdi>{}</bdi>", text) if apart else format_html("{}", text)


@register.simple_tag
def colon() -> str:
    """What stands between a label and what it tells, as the language that is spoken writes it."""
    return COLONS.get(current(), ": ")


@register.filter
def closed(words: object) -> str:
    """The same where no element can stand: a title, an attribute."""
    return bidi.closed(str(words))


@register.inclusion_tag("design/field.html")
def field(bound: BoundField, **options: str) -> dict[str, object]:
    """Show a form field with its label, help and errors; options: label, help, prefix, suffix, width."""
    return fields.field_context(bound, options)


@register.inclusion_tag("design/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, object]:
    """List all errors of a submitted form, each leading to its field; nothing when there are none."""
    return {"problems": fields.problems(form)}


@register.inclusion_tag("design/rail_item.html", takes_context=True)
def rail_item(context: Context, name: str, shape: str, word: str) -> dict[str, object]:
    """Show one item of the rail; the context's `rail_active` says where we are, `rail_counts` the badges."""
    try:
        href = reverse(f"dashboard:{name}")
    except NoReverseMatch:
        href = f"/app/{name}"
    counts = context.get("rail_counts") or {}
    here = context.get("rail_active") == name
    return {"href": href, "here": here, "shape": shape, "word": word, "count": counts.get(name)}


@register.simple_tag(takes_context=True)
def colour_sheet(context: Context) -> SafeString:
    """Link the style sheet of the context's `look` or, without one, of its `accent`; nothing for neither."""
    look, accent = context.get("look"), context.get("accent")
    if look:
        name = palette.sheet_name(look.primary, look.background, look.radius)
        address = reverse("design:look", args=[name]) if name else ""
    else:
        address = reverse("design:accent", args=[accent]) if accent else ""
    return format_html('<link rel="stylesheet" href="{}">', address) if address else mark_safe("")


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """Return the attribute for the look's theme or the one chosen on this device, or nothing."""
    theme = _chosen_theme(context)
    return format_html(' data-theme="{}"', theme) if theme else mark_safe("")


@register.simple_tag(takes_context=True)
def theme_colours(context: Context) -> SafeString:
    """Colour the frame that a phone draws around the page, as the theme chosen here or the system's."""
    chosen, look = _chosen_theme(context), context.get("look")
    surfaces = bundles.SURFACES
    if look and look.background:
        surfaces = {theme: f"#{palette.surface_of(look.background, theme)}" for theme in surfaces}
    if chosen:
        return format_html('<meta name="theme-color" content="{}">', surfaces[chosen])
    one = '<meta name="theme-color" media="(prefers-color-scheme: {})" content="{}">'
    return format_html_join("\n  ", one, surfaces.items())


@register.simple_tag
def language_attributes() -> SafeString:
    """Return what `<html>` says of the language that is spoken: `lang="de" dir="ltr"`."""
    code = current()
    return format_html('lang="{}" dir="{}"', code, "rtl" if is_right_to_left(code) else "ltr")


@register.simple_tag(takes_context=True)
def language_query(context: Context, mark: str = "?") -> str:
    """Return `?lang=de` where the guest has chosen a language on a page, to go on with it; else nothing."""
    asked = getattr(context.get("request"), LANGUAGE_ASKED, "")
    return f"{mark}{PARAMETER}={asked}" if asked else ""


@register.simple_tag(takes_context=True)
def form_language(context: Context) -> SafeString:
    """Return a posted form's hidden input with its page's language: what answers it speaks the same.

    Also the one that was chosen, which goes on from there.
    """
    fields = [(PAGE_LANGUAGE, current())]
    asked = getattr(context.get("request"), LANGUAGE_ASKED, "")
    if asked:
        fields.append((PARAMETER, asked))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)


@register.inclusion_tag("design/language_picker.html", takes_context=True)
def language_picker(context: Context) -> dict[str, object]:
    """Offer the page in another language; only a guest's page.

    A page that answers a form offers it where its view says by `asked_again` (address and pairs of its
    query) how to come back, and only once a script has kept what was typed: else that would be lost.
    """
    request = context.get("request")
    if request is None or not hasattr(request, LANGUAGE_ASKED):
        return {}
    is_answer = request.method not in {"GET", "HEAD"}
    if is_answer and "asked_again" not in context:
        return {}
    given = [(name, value) for name, values in request.GET.lists() for value in values]
    address, pairs = context["asked_again"] if is_answer else ("", given)
    kept = [(name, value) for name, value in pairs if name != PARAMETER]
    return {
        "is_answer": is_answer,
        "address": address,
        "languages": LANGUAGES.items(),
        "current": current(),
        "own_name": LANGUAGES[current()],
        "kept": kept,
    }


@register.simple_tag(takes_context=True)
def frame_attributes(context: Context) -> SafeString:
    """Return what a page in a frame of another site says of it: how it stands there, and whom it may tell."""
    frame = getattr(context.get("request"), "frame", None)
    if frame is None:
        return mark_safe("")
    return format_html(
        ' data-frame="{}" data-frame-origin="{}" data-frame-close="{}"', frame.mode, frame.origin, frame.close
    )


def _chosen_theme(context: Context) -> str:
    """The frame's, else the look's where it is fixed, else the cookie `theme`; "" for the system's."""
    look, request = context.get("look"), context.get("request")
    frame = getattr(request, "frame", None)
    if frame is not None and frame.theme:
        return frame.theme if frame.theme in bundles.SURFACES else ""
    if look and look.theme in bundles.SURFACES:
        return str(look.theme)
    theme = request.COOKIES.get("theme", "") if request else ""
    return theme if theme in bundles.SURFACES else ""


def _svg(css_class: str, box: str, drawing: str, *, size: int, label: str, width: str = "1.5") -> SafeString:
    name = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" viewBox="{}" width="{}" height="{}" fill="none" stroke="currentColor"'
        ' stroke-width="{}" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        css_class,
        box,
        size,
        size,
        width,
        name,
        mark_safe(drawing),  # noqa: S308 - our own drawings of icons.py
    )
