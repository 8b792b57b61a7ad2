"""Logs: one JSON object a line, with ids and never with what people wrote (trust.md C7)."""

import json
import logging
import re
from datetime import UTC, datetime

_SECRET_ADDRESS = re.compile(r"(/calendar/)[^\s\"'\\<>?#]+")
"""The address of a plan is a secret; Django and its server write the path of whatever goes wrong."""
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "request", "taskName", "stack_info"}


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON; extras are kept; the request object, local variables and secret addresses are not."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: str(value) for name, value in record.__dict__.items() if name not in _STANDARD}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return _SECRET_ADDRESS.sub(r"\1…", json.dumps(line, ensure_ascii=False, default=str))
