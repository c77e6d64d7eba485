"""How the demo provider's server runs: one process, so that counters and keys are one, on the loopback address only."""

import os

bind = f"127.0.0.1:{os.environ.get('DEMO_PROVIDER_PORT') or 9000}"
workers = 1
worker_class = "gthread"
threads = 8
control_socket_disable = True
loglevel = "warning"
