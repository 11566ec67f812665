"""What the server runs; hot doors will stand here, in front of Django."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bookonce.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from bookonce.serving import start_worker

application = get_wsgi_application()

if settings.BOOKONCE.serving:
    start_worker()
