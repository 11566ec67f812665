"""What a verb finds wrong with its input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bookonce.scheduling.errors import Invalid


def faults_of(verb: Callable[..., object], *given: Any, **named: Any) -> dict[str, list[str]]:
    """The sentences by field, of input that has to be refused."""
    with pytest.raises(Invalid) as refused:
        verb(*given, **named)
    return {field: [str(sentence) for sentence in told] for field, told in refused.value.errors.items()}
