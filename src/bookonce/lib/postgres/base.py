"""A connection that waits no longer than the deadline, and a COMMIT that says when its outcome is unknown."""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from django.db.utils import OperationalError
from psycopg import IsolationLevel
from psycopg.errors import Diagnostic, _WaitTimeout

from bookonce.configuration import DEADLINE_SECONDS

T = TypeVar("T")


class NoAnswer(psycopg.OperationalError):
    """The server did not answer within the deadline; whoever asks it again waits as long again."""


class DeadlineConnection(psycopg.Connection[Any]):
    """Closes its socket when a call outlasts the deadline.

    The kernel of a frozen server still acknowledges packets, so tcp_user_timeout alone never fires.
    """

    deadline: float | None = DEADLINE_SECONDS

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Run one exchange with the server.

        Raises:
            NoAnswer: no answer within `deadline` seconds; the outcome is unknown.
        """
        try:
            return super().wait(gen, interval, timeout or self.deadline)
        except _WaitTimeout as error:
            self.pgconn.finish()
            message = f"no answer from the database within {self.deadline} s"
            raise NoAnswer(message) from error


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for how it connects and commits."""

    last_warning: str | None = None  # what the server said since the last COMMIT began

    def get_new_connection(self, conn_params: dict[str, Any]) -> DeadlineConnection:
        """Connect.

        Sessions never cancel a COMMIT on the server's side and wait for locks less than the deadline. Unless
        the URL's `options` ask for it, statements are not compiled: an offer's many joins run in a
        millisecond, and compiling them, which wrong estimates of young tables lead to, takes a second.
        """
        self.isolation_level = IsolationLevel.READ_COMMITTED
        conn_params["prepare_threshold"] = 3
        server = f"-c lock_timeout={(DEADLINE_SECONDS - 1) * 1000} -c statement_timeout=0"
        conn_params["options"] = f"-c jit=off {conn_params.get('options', '')} {server}"
        connection = DeadlineConnection.connect(**conn_params)
        connection.add_notice_handler(self._keep_warning)
        return connection

    def is_usable(self) -> bool:
        """Whether the connection kept from an earlier request still answers.

        Raises:
            OperationalError: not within the deadline. Connecting anew would only use up a second one.
        """
        if self.connection is None:
            return False
        try:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except NoAnswer as error:
            self.close()
            raise OperationalError(*error.args) from error
        except psycopg.Error:
            return False
        return True

    def _keep_warning(self, diagnostic: Diagnostic) -> None:
        if diagnostic.severity_nonlocalized in {"WARNING", "FATAL", "PANIC"}:
            self.last_warning = diagnostic.message_primary

    def _commit(self) -> None:
        if self.connection is None:
            return
        self.last_warning = None
        with debug_transaction(self, "COMMIT"), self.wrap_database_errors:
            self.connection.commit()
        if self.last_warning:
            # A cancelled wait for the standby makes COMMIT return normally with only a warning:
            # the booking may be on no standby. Never call that a success (docs/decisions/0003).
            message = f"the outcome of the commit is unknown: {self.last_warning}"
            raise OperationalError(message)
