"""How the server runs: `gunicorn config.wsgi` reads this file. `make run`, the tests and production use the same.

Processes carry the load (two threads in one process are slower at signatures than one). The threads are there so that
a browser's idle connection, or a provider that answers slowly, does not hold a whole process.
"""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 20
keepalive = 5
# Nobody steers a running server through a socket in somebody's home folder.
control_socket_disable = True
# Our own log says what happened, with request ids. An access log would hold addresses with codes in their queries.
accesslog = None
errorlog = "-"
logger_class = "config.server_log.RedactingLogger"
loglevel = "warning"
# A request's scheme, path and address are read from its own connection; TRUSTED_PROXIES decides about the rest.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
# A token may have 16 KiB. What is somewhat larger still reaches us, so that the answer can say so.
limit_request_line = 8190
limit_request_field_size = 32768
