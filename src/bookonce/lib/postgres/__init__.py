"""Django's PostgreSQL backend with a deadline on every call and commits that are never believed half."""
