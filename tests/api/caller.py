"""A program that calls REST with a member's key."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client

from bookonce.accounts.api_keys import make_api_key
from tests.cast import NOW, Person

ROOT = "/api/v1"


@dataclass
class Caller:
    """Sends JSON with a key; `secret` None sends none."""

    secret: str | None
    client: Client = field(default_factory=Client)

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """The response to a request with a JSON body, if any."""
        data = "" if body is None else json.dumps(body)
        return self.send_raw(method, path, data, **headers)

    def send_raw(
        self,
        method: str,
        path: str,
        data: str | bytes = "",
        *,
        content_type: str = "application/json",
        **headers: str,
    ) -> Any:
        """The response to a request with this very body."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret is not None:
            named.setdefault("Authorization", f"Bearer {self.secret}")
        return self.client.generic(method, ROOT + path, data, content_type=content_type, headers=named)

    def get(self, path: str, **headers: str) -> Any:
        """The response to GET."""
        return self.send("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        """The response to POST."""
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: object = None, **headers: str) -> Any:
        """The response to PATCH."""
        return self.send("PATCH", path, body, **headers)


def call_as(person: Person) -> Caller:
    """A program with a key of this person."""
    return Caller(make_api_key(person.member, "Tests", now=NOW)[1])


def is_problem(response: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """Assert that the response is this refusal; returns its body."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(response.content)
    assert (body["status"], body["code"]) == (status, code), body
    assert body["title"]
    return body
