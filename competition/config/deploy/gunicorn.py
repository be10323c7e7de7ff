"""How the web processes run; read by ``gunicorn --config``. WEB_* variables change the sizes."""

import os

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
# A page is quick; a PDF of a long form may take a while.
timeout = 120
graceful_timeout = 15
keepalive = 5
# Memory that a library keeps is given back now and then.
max_requests = 5000
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True
loglevel = "warning"
accesslog = None
