"""Move what guests answered into rows, and name who comes along."""

from django.db import migrations

BATCH = 500
CONSENT = ('consent', 'Consent')  # ticked before there were texts to tick: when, is when it was booked


def answers_of(booking):
    told = [(key, 'long', 'Notes' if key == 'notes' else key[:200], str(value)[:12000]) for key, value in booking.answers.items()]
    if booking.consent_at is not None and 'consent' not in booking.answers:
        told.append((CONSENT[0], 'checkbox', CONSENT[1], 'yes'))
    return [one for one in told if one[3]]


def forwards(apps, schema_editor):
    Booking, BookingAnswer = apps.get_model('scheduling', 'Booking'), apps.get_model('scheduling', 'BookingAnswer')
    told = Booking.objects.exclude(answers={}, consent_at=None).only('pk', 'answers', 'consent_at')
    rows = []
    for booking in told.iterator(BATCH):
        rows += [
            BookingAnswer(booking_id=booking.pk, position=place, key=key, kind=kind, label=label, value=value)
            for place, (key, kind, label, value) in enumerate(answers_of(booking))
        ]
    BookingAnswer.objects.bulk_create(rows, BATCH)
    along = list(Booking.objects.exclude(guests=[]).only('pk', 'guests'))
    for booking in along:
        booking.guests = [{'name': '', 'email': address} for address in booking.guests]
        booking.guest_count = len(booking.guests)
    Booking.objects.bulk_update(along, ['guests', 'guest_count'], BATCH)


def backwards(apps, schema_editor):
    Booking, BookingAnswer = apps.get_model('scheduling', 'Booking'), apps.get_model('scheduling', 'BookingAnswer')
    found = {}
    for answer in BookingAnswer.objects.order_by('booking_id', 'position'):
        found.setdefault(answer.booking_id, []).append(answer)
    told = list(Booking.objects.filter(pk__in=BookingAnswer.objects.values('booking_id')).only('pk', 'answers', 'created_at'))
    for booking in told:
        consents = [a for a in found[booking.pk] if (a.key, a.kind) == (CONSENT[0], 'checkbox')]
        booking.answers = {a.key: a.value for a in found[booking.pk] if a not in consents}
        booking.consent_at = booking.created_at if consents else None
    Booking.objects.bulk_update(told, ['answers', 'consent_at'], BATCH)
    BookingAnswer.objects.all().delete()
    along = list(Booking.objects.exclude(guests=[]).only('pk', 'guests'))
    for booking in along:
        booking.guests = [guest['email'] for guest in booking.guests]
    Booking.objects.bulk_update(along, ['guests'], BATCH)


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0022_codes_of_guests'),
    ]

    operations = [
        migrations.RunPython(forwards, backwards),
    ]
