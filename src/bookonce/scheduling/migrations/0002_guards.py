"""Let the database itself refuse overlaps (guards.py)."""

from typing import Any

from django.db import migrations

from bookonce.scheduling import guards


def install(*_: Any) -> None:
    """Install the guards of the present code."""
    guards.install()


class Migration(migrations.Migration):
    """After the tables are there."""

    dependencies = [("scheduling", "0001_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
