"""How the portal runs on servers: gunicorn, nginx, health checks, set-up."""
