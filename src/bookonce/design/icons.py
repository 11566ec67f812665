"""Our own icons: drawn on a 20 x 20 grid with strokes of 1.5, one entry each."""

from collections.abc import Mapping

_DOT = 'fill="currentColor" stroke="none"'


def _path(drawing: str) -> str:
    return f'<path d="{drawing}"/>'


def _circle(x: float, y: float, radius: float, attributes: str = "") -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" {attributes}/>'.replace(" />", "/>")


def _box(x: float, y: float, width: float, height: float, radius: float) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"/>'


_FACE = _circle(10, 10, 7)

ICONS: Mapping[str, str] = {
    "alert": _path("M10 3.2 2.6 16.3h14.8zM10 8.3v3.6") + _circle(10, 14, 0.9, _DOT),
    "appointments": _path("M8 5h9M8 10h9M8 15h9") + "".join(_circle(4, y, 1.1, _DOT) for y in (5, 10, 15)),
    "ban": _FACE + _path("m5.1 5.1 9.8 9.8"),
    "calendar": _box(3, 4, 14, 13, 2.2) + _path("M3 8.2h14M7 2.4v3.2M13 2.4v3.2"),
    "calendar-plus": _path(
        "M17 9V6.2A2.2 2.2 0 0 0 14.8 4H5.2A2.2 2.2 0 0 0 3 6.2v8.6A2.2 2.2 0 0 0 5.2 17H9"
    )
    + _path("M3 8.2h14M7 2.4v3.2M13 2.4v3.2M14.5 12v5M12 14.5h5"),
    "check": _path("m4 10.6 4 4 8-9"),
    "chevron-down": _path("m5 7.5 5 5 5-5"),
    "chevron-left": _path("m12.5 5-5 5 5 5"),
    "chevron-right": _path("m7.5 5 5 5-5 5"),
    "chevron-up": _path("m5 12.5 5-5 5 5"),
    "clock": _FACE + _path("M10 6v4.2l2.8 1.7"),
    "close": _path("m5 5 10 10M15 5 5 15"),
    "code": _path("m7 5.5-4.5 4.5L7 14.5M13 5.5l4.5 4.5-4.5 4.5"),
    "contact": _box(2.5, 4, 15, 12, 2.2)
    + _circle(7.4, 8.8, 1.7)
    + _path("M4.9 13.2c.4-1.2 1.3-1.8 2.5-1.8s2.1.6 2.5 1.8M12.6 8.4h2.4M12.6 11.6h2.4"),
    "copy": _box(7, 7, 10, 10, 2.2)
    + _path("M13 7V5.2A2.2 2.2 0 0 0 10.8 3H5.2A2.2 2.2 0 0 0 3 5.2v5.6A2.2 2.2 0 0 0 5.2 13H7"),
    "download": _path("M10 3v9.6M6.4 9.3l3.6 3.4 3.6-3.4M3.5 16.5h13"),
    "edit": _path("m12.7 4.3 3 3L7 16l-3.8.8.8-3.8z"),
    "external": _path("M8 4H5.2A2.2 2.2 0 0 0 3 6.2v8.6A2.2 2.2 0 0 0 5.2 17h8.6a2.2 2.2 0 0 0 2.2-2.2V12")
    + _path("M12 3h5v5M16.7 3.3l-7.2 7.2"),
    "globe": _FACE + _path("M3 10h14M10 3c2 2 2.9 4.4 2.9 7S12 15 10 17c-2-2-2.9-4.4-2.9-7S8 5 10 3z"),
    "group": _box(3, 3.5, 14, 5.2, 1.8) + _box(3, 11.3, 14, 5.2, 1.8),
    "help": _FACE + _path("M8 8.2A2 2 0 1 1 10.7 10c-.5.2-.7.6-.7 1.2") + _circle(10, 13.6, 0.9, _DOT),
    "key": _circle(6.8, 13.2, 3.6) + _path("m9.4 10.6 7.3-7.3M13.6 6.4l2.6 2.6"),
    "link": _path("m8.2 11.8 3.6-3.6M9.2 6.1 11 4.3a3.4 3.4 0 0 1 4.8 4.8l-1.9 1.8")
    + _path("M10.8 13.9 9 15.7a3.4 3.4 0 0 1-4.8-4.8l1.9-1.8"),
    "mail": _box(2.5, 4.5, 15, 11, 2.2) + _path("m3.2 6.2 6.8 5 6.8-5"),
    "moon": _path("M16.6 11.9A7 7 0 1 1 8.1 3.4a5.6 5.6 0 0 0 8.5 8.5z"),
    "more": "".join(_circle(x, 10, 1.4, _DOT) for x in (4.5, 10, 15.5)),
    "outbox": _path("M3 11v3.8A2.2 2.2 0 0 0 5.2 17h9.6a2.2 2.2 0 0 0 2.2-2.2V11h-3.6L12 13.2H8L6.6 11z")
    + _path("M10 9.2V2.8M7.2 5.4 10 2.8l2.8 2.6"),
    "pause": _path("M7.5 5v10M12.5 5v10"),
    "phone": _path(
        "M6.2 3H4.6A1.6 1.6 0 0 0 3 4.7C3.4 11.4 8.6 16.6 15.3 17a1.6 1.6 0 0 0 1.7-1.6v-1.6a1 1 0 0 0-.8-1"
        "l-2.6-.6a1 1 0 0 0-1 .3l-.9 1.1a11 11 0 0 1-5.3-5.3l1.1-.9a1 1 0 0 0 .3-1l-.6-2.6a1 1 0 0 0-1-.8z"
    ),
    "pin": _path("M10 17.4s5.6-4.5 5.6-8.9a5.6 5.6 0 0 0-11.2 0c0 4.4 5.6 8.9 5.6 8.9z")
    + _circle(10, 8.5, 2),
    "play": _path("M6.5 4.6v10.8L15.5 10z"),
    "plus": _path("M10 4v12M4 10h12"),
    "qr": "".join(_box(x, y, 5, 5, 1) for x, y in ((3, 3), (12, 3), (3, 12)))
    + _path("M12 12h2v2M17 12v2.2M12 17h2.2M17 17h-.1"),
    "refresh": _path("M16.5 10a6.5 6.5 0 1 1-1.9-4.6l1.9 1.8M16.5 3.2v4h-4"),
    "search": _circle(9, 9, 5.5) + _path("m13 13 4 4"),
    "send": _path("M17 3 2.8 8.4l5.6 2.9L11.4 17zM17 3l-8.6 8.3"),
    "settings": _path("M3 6h6M13 6h4M3 14h3M10 14h7") + _circle(11, 6, 2) + _circle(8, 14, 2),
    "share": _path(
        "M10 12.4V2.8M6.8 5.8 10 2.8l3.2 3M6.4 8.6h-.7A1.7 1.7 0 0 0 4 10.3v5A1.7 1.7 0 0 0 5.7 17"
    )
    + _path("M5.7 17h8.6a1.7 1.7 0 0 0 1.7-1.7v-5a1.7 1.7 0 0 0-1.7-1.7h-.7"),
    "sign-out": _path(
        "M8 17H5.2A2.2 2.2 0 0 1 3 14.8V5.2A2.2 2.2 0 0 1 5.2 3H8M13 13.5l3.8-3.5L13 6.5M16.5 10H8"
    ),
    "sun": _circle(10, 10, 3.2)
    + _path("M10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1")
    + _path("m4.7 15.3 1.1-1.1M14.2 5.8l1.1-1.1"),
    "trash": _path("M3.5 5.5h13M8 5.3V4a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v1.3M8.4 9v4.6M11.6 9v4.6")
    + _path("m5 5.5.7 9.9A1.7 1.7 0 0 0 7.4 17h5.2a1.7 1.7 0 0 0 1.7-1.6l.7-9.9"),
    "info": _circle(10, 10, 7.2) + _path("M10 9.4v4.4") + _circle(10, 6.6, 0.9, _DOT),
    "undo": _path("M6.4 4.2 3 7.6 6.4 11M3.2 7.6h8.4a4.4 4.4 0 0 1 0 8.9H8"),
    "user": _circle(10, 7, 3.2) + _path("M4 16.8c.6-3.1 2.9-4.9 6-4.9s5.4 1.8 6 4.9"),
    "users": _circle(7.4, 7.2, 2.8)
    + _path("M2.2 16.6c.5-2.8 2.5-4.4 5.2-4.4s4.7 1.6 5.2 4.4M13.1 4.5a2.8 2.8 0 0 1 0 5.4")
    + _path("M14.6 12.6c1.8.6 2.9 2 3.2 4"),
    "video": _box(2.5, 5.5, 10.4, 9, 2.2) + _path("m12.9 9 4.6-2.6v7.2L12.9 11"),
    # Shapes of the states: read without colour, also at 12 px.
    "dot": _circle(10, 10, 5.5, _DOT),
    "half": _FACE + f'<path d="M10 3a7 7 0 0 1 0 14z" {_DOT}/>',
    "ring": _FACE,
    "dashed": '<circle cx="10" cy="10" r="7" stroke-dasharray="3.6 3.73"/>',
}

# A ring with one slot filled: the product in one colour.
MARK = (
    '<path d="M20.5 11.85A8.5 8.5 0 1 1 12.15 3.5" stroke-width="2.6" stroke-linecap="round"/>'
    '<circle cx="18.01" cy="5.99" r="3.5" fill="currentColor" stroke="none"/>'
)
