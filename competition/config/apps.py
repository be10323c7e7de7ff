"""The house itself: its checks and commands."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig


class HouseConfig(AppConfig):
    name = "competition.config"
    label = "house"
    verbose_name = "系统"

    def ready(self) -> None:
        # Registering a check needs the app registry.
        from competition.config import checks  # noqa: F401

        # Pages know models, which are loaded only now.
        from competition.config.overview.views import desk_pages as overview_pages
        from competition.registries import desk_pages

        desk_pages.register("house.overview", overview_pages)


class StaticFilesConfig(DjangoStaticFilesConfig):
    """Leaves out of ``collectstatic`` what serves only to install the front-end packages."""

    ignore_patterns = [
        *("CVS", ".*", "*~", "node_modules", "package.json", "package-lock.json"),
        # Of Bootstrap pages use the one style sheet; of htmx the one script.
        *("bootstrap-*", "bootstrap.css*", "*.rtl.*", "htmx.js", "htmx.[!m]*", "ext", "*.gz"),
        # Of ECharts the one script that holds all charts.
        *("echarts.js*", "echarts.*.map", "echarts.[!m]*", "extension"),
    ]


class PortalAdminConfig(AdminConfig):
    """The secretariat's site: one login for everything, with the second factor."""

    default_site = "competition.config.admin_site.PortalAdminSite"
