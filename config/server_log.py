"""The server's own log, of what goes wrong before Django sees a request: such lines repeat addresses as they came."""

import logging

from gunicorn.glogging import Logger

from fairlead.web.redaction import redact


class Redacting(logging.Filter):
    """Writes the line out at once and takes what looks like a credential out of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


class RedactingLogger(Logger):
    """gunicorn's logger with that filter."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)  # type: ignore[no-untyped-call]  # the library is untyped
        self.error_log.addFilter(Redacting())
