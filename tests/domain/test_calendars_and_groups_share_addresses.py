"""The readable addresses of a workspace: one namespace for calendars and groups."""

from __future__ import annotations

import pytest

from bookonce.scheduling import errors
from bookonce.scheduling.calendar_groups import calendars_of, create_group, set_group_deleted, update_group
from bookonce.scheduling.calendars import create_calendar, set_deleted, update_calendar
from bookonce.scheduling.idempotency import Idempotency
from bookonce.scheduling.models import CalendarGroup, Slug
from bookonce.scheduling.slugs import slug_is_free
from tests.cast import NOW, Person
from tests.groups import make_group


def test_a_group_can_not_take_the_address_of_a_calendar(alice: Person) -> None:
    with pytest.raises(errors.Invalid) as refused:
        make_group(alice, slug=alice.calendar.slug)
    assert list(refused.value.errors) == ["slug"]
    group = make_group(alice)
    with pytest.raises(errors.Invalid):
        update_group(group, {"slug": alice.calendar.slug}, now=NOW)
    assert CalendarGroup.objects.get().slug == "meet-us"


def test_a_calendar_can_not_take_the_address_of_a_group(alice: Person) -> None:
    group = make_group(alice)
    with pytest.raises(errors.Invalid):
        update_calendar(alice.calendar, {"slug": group.slug}, by=alice.actor, now=NOW)
    wanted = {"name": "Meet us", "durations": [30]}
    with pytest.raises(errors.Invalid):
        create_calendar(alice.member, wanted | {"slug": group.slug}, now=NOW)
    assert create_calendar(alice.member, wanted, now=NOW).slug == "meet-us-2"
    assert create_group(alice.member, {"name": "Meet us"}, now=NOW).slug == "meet-us-3"


def test_an_address_that_is_given_up_can_be_taken_by_the_other_kind(alice: Person) -> None:
    group, former = make_group(alice), alice.calendar.slug
    update_calendar(alice.calendar, {"slug": "elsewhere"}, by=alice.actor, now=NOW)
    assert update_group(group, {"slug": former}, now=NOW).slug == former
    update_calendar(alice.calendar, {"slug": "meet-us"}, by=alice.actor, now=NOW)
    assert set(Slug.objects.values_list("slug", "calendar", "group")) == {
        ("meet-us", alice.calendar.pk, None),
        (former, None, group.pk),
    }


def test_a_deleted_one_keeps_its_address_for_the_day_it_is_restored(alice: Person) -> None:
    group = make_group(alice)
    set_group_deleted(group, deleted=True, now=NOW)
    with pytest.raises(errors.Invalid):
        update_calendar(alice.calendar, {"slug": group.slug}, by=alice.actor, now=NOW)
    set_deleted(alice.calendar, deleted=True, now=NOW)
    with pytest.raises(errors.Invalid):
        make_group(alice, slug=alice.calendar.slug)


def test_the_check_knows_both_kinds_and_the_workspace(alice: Person, charlie: Person) -> None:
    group = make_group(alice)
    workspace = alice.workspace.pk
    assert not slug_is_free(workspace, group.slug)
    assert not slug_is_free(workspace, group.slug, target=alice.calendar)
    assert slug_is_free(workspace, group.slug, target=group)
    assert not slug_is_free(workspace, alice.calendar.slug, target=group)
    assert slug_is_free(charlie.workspace.pk, group.slug)
    assert slug_is_free(workspace, "free")


def test_settings_are_checked_by_field(alice: Person, charlie: Person) -> None:
    for raw, field in (
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "A", "slug": "No Slug"}, "slug"),
        ({"name": "A", "kind": "class"}, "kind"),
        ({"name": "A", "paused": "perhaps"}, "paused"),
        ({"name": "A", "calendars": "cal"}, "calendars"),
        ({"name": "A", "calendars": [alice.calendar.public_id] * 2}, "calendars"),
        ({"name": "A", "calendars": ["\0"]}, "calendars"),
        ({"name": "A", "calendars": [charlie.calendar.public_id]}, "calendars"),
        ({"name": "A", "calendars": ["x"] * 101}, "calendars"),
    ):
        with pytest.raises(errors.Invalid) as refused:
            create_group(alice.member, raw, now=NOW)
        assert list(refused.value.errors) == [field], raw
    assert not CalendarGroup.objects.exists()


def test_a_deleted_calendar_keeps_its_place_in_the_group(alice: Person, bob: Person) -> None:
    group = make_group(alice, alice.calendar, bob.calendar)
    set_deleted(bob.calendar, deleted=True, now=NOW)
    update_group(group, {"calendars": [alice.calendar.public_id]}, now=NOW)
    assert calendars_of(group) == [alice.calendar]
    set_deleted(bob.calendar, deleted=False, now=NOW)
    assert set(calendars_of(group)) == {alice.calendar, bob.calendar}


def test_a_retried_key_makes_one_group(alice: Person) -> None:
    made = [
        create_group(alice.member, {"name": "A"}, now=NOW, retry=Idempotency("test", "key", "same"))
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert CalendarGroup.objects.count() == 1
