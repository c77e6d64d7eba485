"""How the server runs: `gunicorn config.wsgi` reads this file. `make run`, the tests and production use the same.

Processes carry the load (two threads in one process are slower at signatures than one). The threads are there so that
a provider that answers slowly does not hold a whole process. Connections cost no thread: config/server/worker.py.
"""

import os
from typing import Any

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "config.server.worker.BufferingWorker"
# Each has a connection to the database of its own.
threads = int(os.environ.get("THREADS", "16"))
# Behind a load balancer that asks /readyz: how long it needs to notice that this server is about to stop.
drain_seconds = float(os.environ.get("DRAIN_SECONDS", "0"))
timeout = 60
# From SIGTERM on. What is not answered by then is told 503.
graceful_timeout = int(drain_seconds) + 25
# Longer than proxies keep their connections to us (nginx: 60 s), so that it is they who close them. It costs no thread.
keepalive = 75
worker_connections = 1000
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
# X_Forwarded_For would reach the application under the name of X-Forwarded-For: nobody sends us such a name.
header_map = "drop"
forwarder_headers = ""
# A token may have 16 KiB. What is somewhat larger still reaches us, so that the answer can say so.
limit_request_line = 8190
limit_request_field_size = 32768


def on_starting(server: Any) -> None:
    # Before anything imports prometheus-client, which looks at the variable once.
    from config import metric_files

    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metric_files.begin())


def on_exit(server: Any) -> None:
    from config import metric_files

    metric_files.end()


def child_exit(server: Any, worker: Any) -> None:
    from config import metric_files

    metric_files.ended(worker.pid)


def post_worker_init(worker: Any) -> None:
    from fairlead import metrics
    from fairlead.idtokens import waiting
    from fairlead.web import outbox
    from fairlead.web.health import at_start

    worker.drain_seconds = drain_seconds
    # Half of them at most wait for somebody else's server: the others serve.
    waiting.start_again(most=max(1, threads // 2))
    outbox.begin()
    # The first worker speaks for all of this server's life.
    if worker.age == 1:
        at_start.begin()
    metrics.occupied["requests"] = lambda: metrics.Occupancy(
        taken=worker.exchanges.threads.taken - worker.exchanges.threads.waiting,
        most=threads,
        waiting=worker.exchanges.threads.waiting,
    )
    worker.observe = metrics.sample
    metrics.token_verdicts.in_rounds = True


def worker_exit(server: Any, worker: Any) -> None:
    from fairlead import metrics

    # What was counted since the last look.
    metrics.sample()


def on_reload(server: Any) -> None:
    """The workers there are now give way to new ones of the same server: nobody need be sent elsewhere meanwhile."""
    from config.server import reload_mark

    reload_mark.replace_up_to(server.worker_age)
