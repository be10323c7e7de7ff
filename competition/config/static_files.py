"""How static files are named in production: by their content, imports between scripts included."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticStorage(CompressedManifestStaticFilesStorage):
    """After a release no browser mixes an old script with a new one."""

    support_js_module_import_aggregation = True
