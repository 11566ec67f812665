"""The template tags: named icons, states with a word and a shape, fields whose texts are tied to them."""

import re

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from bookonce.design import bundles, icons, states
from bookonce.lib.languages import speaking


class Form(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="For the confirmation.")
    place = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])
    once = forms.BooleanField(widget=forms.CheckboxInput(attrs={"role": "switch"}), required=False)
    note = forms.CharField(required=False)


def render(source: str, **context: object) -> str:
    return Template("{% load design %}" + source).render(Context(context))


def test_an_asset_is_addressed_by_its_hash() -> None:
    assert render('{% asset "app.css" %}') == f"/assets/{bundles.asset('app.css').file}"


@pytest.mark.parametrize("name", icons.ICONS)
def test_icons_are_decoration_unless_named(name: str) -> None:
    assert 'aria-hidden="true"' in render("{% icon name %}", name=name)
    named = render("{% icon name 16 label %}", name=name, label='Say "it"')
    assert 'role="img" aria-label="Say &quot;it&quot;"' in named
    assert "style=" not in named


@pytest.mark.parametrize("state", states.STATES)
def test_a_state_is_a_word_and_a_shape(state: str) -> None:
    pill = render("{% state_pill state %}", state=state)
    assert str(states.STATES[state].word) in pill
    assert "<svg" in pill


def test_a_field_is_tied_to_its_help_and_error() -> None:
    html = render("{% field form.email %}", form=Form({"email": "no"}))
    assert '<label class="field-label" for="id_email">' in html
    assert 'aria-describedby="id_email_help id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_email_help"' in html
    assert 'id="id_email_error"' in html


def test_a_field_that_may_stay_empty_says_so() -> None:
    form = Form()
    assert "optional" in render("{% field form.note %}", form=form)
    assert "optional" not in render("{% field form.email %}", form=form)


def test_a_switch_and_a_group_have_their_own_shape() -> None:
    form = Form({})
    assert 'class="switch"' in render("{% field form.once %}", form=form)
    group = render("{% field form.place %}", form=form)
    assert re.search(r'<fieldset class="field field-group" aria-describedby="id_place_error">', group)
    assert "<legend" in group


def test_the_summary_leads_to_each_field_in_error() -> None:
    html = render("{% error_summary form %}", form=Form({"email": "no"}))
    assert 'role="alert"' in html
    assert 'href="#id_email"' in html
    assert 'href="#id_place_0"' in html
    assert not render("{% error_summary form %}", form=Form()).strip()


def test_the_theme_comes_from_the_device() -> None:
    request = RequestFactory().get("/")
    assert not render("{% theme_attribute %}", request=request)
    request.COOKIES["theme"] = "dark"
    assert render("{% theme_attribute %}", request=request) == ' data-theme="dark"'
    request.COOKIES["theme"] = '"><script>'
    assert not render("{% theme_attribute %}", request=request)


class Asking(forms.Form):
    drink = forms.CharField(label="Tea, or coffee?", help_text="As you like.")


def test_what_an_owner_typed_keeps_its_direction_on_a_page_from_right_to_left() -> None:
    with speaking("ar"):
        drawn = render("{% field form.drink %}", form=Asking())
    assert "<bdi>Tea, or coffee?</bdi>" in drawn
    assert "<bdi>As you like.</bdi>" in drawn
    assert "<bdi>" not in render("{% field form.drink %}", form=Asking())


@pytest.mark.parametrize(
    ("language", "colon"), [("en", ": "), ("fr", "\u00a0: "), ("ja", "\uff1a"), ("zh-Hans", "\uff1a")]
)
def test_a_label_and_its_error_stand_beside_each_other_as_the_language_writes_it(
    language: str, colon: str
) -> None:
    with speaking(language):
        drawn = render("{% error_summary form %}", form=Asking({"drink": ""}))
    assert f">Tea, or coffee{colon}" in drawn


@pytest.mark.parametrize(
    ("label", "bare"),
    [
        ("Where?", "Where"),
        ("O\u00f9\u00a0?", "O\u00f9"),
        ("\u3069\u3053\uff1f", "\u3069\u3053"),
        ("\u0623\u064a\u0646\u061f", "\u0623\u064a\u0646"),
    ],
)
def test_no_mark_of_any_language_is_doubled_by_the_colon(label: str, bare: str) -> None:
    form = Asking({"drink": ""})
    form.fields["drink"].label = label
    drawn = render("{% error_summary form %}", form=form)
    assert bare in drawn
    assert label not in drawn
