"""After a form: look there with GET."""

from django.http import HttpResponseRedirect


class _SeeOther(HttpResponseRedirect):
    """RFC 9110 15.4.4: the next request is a GET, whatever this one was."""

    status_code = 303


def see_other(address: str) -> HttpResponseRedirect:
    """Send the browser to a page of ours."""
    return _SeeOther(address)
