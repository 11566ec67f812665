"""Every operation of REST, as the OpenAPI document lists them."""

from __future__ import annotations

from typing import Any

from bookonce.api.v1.openapi import document
from bookonce.api.v1.urls import rest

DOCUMENT: dict[str, Any] = document(rest)
PREFIX = "/api/v1"
OPERATIONS: list[tuple[str, str]] = [
    (method.upper(), path.removeprefix(PREFIX))
    for path, operations in DOCUMENT["paths"].items()
    for method in operations
]


def operation(method: str, path: str) -> dict[str, Any]:
    """The document's part for one operation."""
    found: dict[str, Any] = DOCUMENT["paths"][PREFIX + path][method.lower()]
    return found


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema behind `$ref`, and without null."""
    while True:
        if "$ref" in schema:
            target: Any = DOCUMENT
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            schema = target
        elif "allOf" in schema and len(schema["allOf"]) == 1:
            schema = schema["allOf"][0]
        elif "anyOf" in schema:
            schema = next(choice for choice in schema["anyOf"] if choice.get("type") != "null")
        else:
            return schema


def body_of(method: str, path: str) -> dict[str, Any] | None:
    """The resolved schema of the operation's body; None when it takes none."""
    body = operation(method, path).get("requestBody")
    return resolve(body["content"]["application/json"]["schema"]) if body else None
