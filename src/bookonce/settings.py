"""Every knob, from `BOOKONCE_*` in the environment alone: typed, loud when wrong (docs/operations.md)."""

from __future__ import annotations

import os
from pathlib import Path

from bookonce.configuration import read_configuration
from bookonce.lib.languages import LANGUAGES as GUEST_LANGUAGES

BOOKONCE = read_configuration(os.environ)

SECRET_KEY, *SECRET_KEY_FALLBACKS = BOOKONCE.secret_keys
DEBUG = False
ALLOWED_HOSTS = BOOKONCE.allowed_hosts
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "bookonce.accounts",
    "bookonce.jobs",
    "bookonce.scheduling",
    "bookonce.messages",
    "bookonce.design",
    "bookonce.dashboard",
    "bookonce.booking_page",
]
MIDDLEWARE = [
    "bookonce.lib.headers.SecurityHeaders",
    "bookonce.lib.compression.CompressedPages",
    "bookonce.booking_page.languages.GuestLanguage",
    "bookonce.booking_page.habits.GuestHabits",
    "bookonce.lib.deadline.Unreachable",
    "bookonce.lib.odd_requests.OddRequests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "bookonce.urls"
WSGI_APPLICATION = "bookonce.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "dashboard" / "templates"],  # ours before allauth's
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
DATABASES = {"default": BOOKONCE.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False  # a verb opens its own transaction (scheduling/transaction.py)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "bookonce.accounts.sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # sign-up is closed; the owner's address comes from the first run
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
LOGIN_URL = "/app/sign-in/"
LOGIN_REDIRECT_URL = "/app/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/app/sign-in/"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BOOKONCE.base_url.startswith("https://")
SESSION_COOKIE_NAME = "__Host-session" if SESSION_COOKIE_SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if CSRF_COOKIE_SECURE else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BOOKONCE.base_url] if BOOKONCE.base_url.startswith("https://") else []
CSRF_FAILURE_VIEW = "bookonce.dashboard.views.errors.csrf_failed"
SECURE_PROXY_SSL_HEADER = None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# Uploaded lists of people stay in memory: nothing of them reaches a disk unencrypted.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 21 * 1024 * 1024

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = BOOKONCE.mail.host if BOOKONCE.mail else ""
EMAIL_PORT = BOOKONCE.mail.port if BOOKONCE.mail else 25
EMAIL_HOST_USER = BOOKONCE.mail.user if BOOKONCE.mail else ""
EMAIL_HOST_PASSWORD = BOOKONCE.mail.password if BOOKONCE.mail else ""
EMAIL_USE_TLS = bool(BOOKONCE.mail and BOOKONCE.mail.starttls)
EMAIL_USE_SSL = bool(BOOKONCE.mail and BOOKONCE.mail.tls)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = BOOKONCE.mail_from

LANGUAGE_CODE = "en"
LANGUAGES = [(code.lower(), name) for code, name in GUEST_LANGUAGES.items()]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/assets/"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "bookonce.lib.log_filter.WithoutSecrets",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}
