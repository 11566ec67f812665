"""Directions that somebody typed end with what they typed."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from bookonce.lib.bidi import closed

LRE, RLE, PDF, LRO, RLO = "\u202a", "\u202b", "\u202c", "\u202d", "\u202e"
LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Gina", "Gina"),
        ("נועה", "נועה"),
        (f"{RLO}evil", f"{RLO}evil{PDF}"),
        (f"{RLO}{LRI}evil", f"{RLO}{LRI}evil{PDI}{PDF}"),
        (f"{LRI}{RLO}evil{PDI} x", f"{LRI}{RLO}evil{PDI} x"),
        (f"Gina{PDI}{RLO}evil", f"Gina{RLO}evil{PDF}"),
        (f"{LRI}a{PDF}b", f"{LRI}ab{PDI}"),
        (f"{RLO}a\nb", f"{RLO}a{PDF}\nb"),
        (f"{RLE}a{PDF}{LRE}b{PDF}", f"{RLE}a{PDF}{LRE}b{PDF}"),
    ],
)
def test_known_tricks(typed: str, kept: str) -> None:
    assert closed(typed) == kept


@given(st.text(st.sampled_from(f"ab\n{LRE}{RLE}{PDF}{LRO}{RLO}{LRI}{RLI}{FSI}{PDI}"), max_size=40))
def test_nothing_stays_open(typed: str) -> None:
    text = closed(typed)
    for line in text.split("\n"):
        opened = sum(line.count(mark) for mark in (LRI, RLI, FSI))
        assert line.count(PDI) == opened
        assert line.count(PDF) <= sum(line.count(mark) for mark in (LRE, RLE, LRO, RLO))
    assert closed(text) == text
    assert [c for c in text if c in "ab\n"] == [c for c in typed if c in "ab\n"]


SENTENCE = Template(
    "{% load design i18n %}{% blocktranslate with name=name|bdi %}{{ name }} came{% endblocktranslate %}"
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Gina <Guest>", "Gina &lt;Guest&gt; came"),
        ("Žofie 太郎 👩‍🚀", "Žofie 太郎 👩‍🚀 came"),
        ("נועה לוי", "<bdi>נועה לוי</bdi> came"),
        ("محمد", "<bdi>محمد</bdi> came"),
        (f"Gina{PDI}{RLO}evil", f"<bdi>Gina{RLO}evil{PDF}</bdi> came"),
    ],
)
def test_it_stands_apart_where_it_could(name: str, shown: str) -> None:
    assert SENTENCE.render(Context({"name": name})) == shown


def test_among_words_from_right_to_left_every_name_does() -> None:
    with override("ar"):
        assert SENTENCE.render(Context({"name": "Gina"})).startswith("<bdi>Gina</bdi>")
