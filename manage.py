#!/usr/bin/env python
"""Entry to every command of the portal."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "competition.config.settings")
    # Without DATABASE_URL and REDIS_URL the portal brings its own servers; this has to
    # happen before the settings are read, therefore here and not in a module's head.
    from competition.config import embedded

    embedded.provide(command=sys.argv[1] if len(sys.argv) > 1 else "help")

    # After the servers, for the same reason.
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
