"""What looks like a credential is not written to a log, whoever logs it. Knows nothing of the application: the server's
master process reads this too, and what it has imported stays as old as it is.
"""

import re

_SECRETS = re.compile(
    r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]+"  # a JWT
    r"|\bfl[a-z]_[A-Za-z0-9_-]{16,}"  # keys, refresh tokens and codes of ours
    r"|(?i:[a-z_]*(?:code|state|token|secret|password|verifier)=)[^&\s\"']+"
)


def redact(text: str) -> str:
    return _SECRETS.sub("[redacted]", text)
