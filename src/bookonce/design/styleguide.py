"""What the style guide shows: the names of its pages and an example form."""

from collections.abc import Mapping

from django import forms

from bookonce.design import icons, states

PAGES: Mapping[str, str] = {
    "components": "Components",
    "calendars": "Calendars",
    "links": "Links",
    "share": "Share dialog",
    "book": "Guest: choose a time",
    "form": "Guest: your details",
    "booked": "Guest: confirmation",
    "dead": "Dead link",
    "sign-in": "Sign in",
}


class ExampleForm(forms.Form):
    """One field of each kind, some of them wrong."""

    name = forms.CharField(label="Name")
    email = forms.EmailField(label="E-mail", help_text="The confirmation goes here.")
    length = forms.IntegerField(label="Length", initial=30)
    zone = forms.ChoiceField(label="Time zone", choices=[("Europe/Berlin", "Berlin"), ("UTC", "UTC")])
    notes = forms.CharField(label="Notes", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    place = forms.ChoiceField(
        label="Place", widget=forms.RadioSelect, choices=[("phone", "By phone"), ("video", "By video")]
    )
    consent = forms.BooleanField(label="I agree that my details are kept for this appointment.")
    only_once = forms.BooleanField(
        label="Bookable by one-time link only",
        help_text="The scheduling link, the permanent link and the embed code are then off.",
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        required=False,
    )


def context(page: str) -> dict[str, object]:
    """Return the context of one style guide page."""
    return {
        "pages": PAGES,
        "page": page,
        "rail_active": {"calendars": "calendars", "links": "links", "share": "calendars"}.get(page, ""),
        "form": ExampleForm(),
        "wrong_form": ExampleForm({"email": "sam@", "length": "soon", "zone": "UTC"}),
        "icons": sorted(icons.ICONS),
        "states": list(states.STATES),
        "colours": (
            "surface",
            "surface-raised",
            "text",
            "text-muted",
            "line",
            "accent",
            "danger",
            "ok",
            "focus",
        ),
        "weekdays": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        "weeks": _december(),
        "times": [f"{hour:02d}:{minute:02d}" for hour in range(9, 14) for minute in (0, 30)],
    }


def _december() -> list[list[dict[str, int]]]:
    """The weeks of a month that starts on a Tuesday, some of its days free."""
    numbers = [number if 1 <= number <= 31 else 0 for number in range(35)]
    days = [
        {"number": n, "free": n % 7 in {1, 2, 3, 4} and 0 < n < 23, "chosen": n == 1, "today": n == 2}
        for n in numbers
    ]
    return [days[start : start + 7] for start in range(0, 35, 7)]
