"""How the peers are served by gunicorn; address, workers and threads come from the command line."""

worker_class = "gthread"
keepalive = 5
loglevel = "warning"
control_socket_disable = True
