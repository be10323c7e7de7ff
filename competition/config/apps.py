"""The house itself: its checks and commands."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig


class HouseConfig(AppConfig):
    name = "competition.config"
    label = "house"
    verbose_name = "系统"

    def ready(self) -> None:
        # Registering a check needs the app registry.
        from competition.config import checks  # noqa: F401


class StaticFilesConfig(DjangoStaticFilesConfig):
    """Leaves out of ``collectstatic`` what serves only to install the front-end packages."""

    ignore_patterns = ["CVS", ".*", "*~", "node_modules", "package.json", "package-lock.json"]
