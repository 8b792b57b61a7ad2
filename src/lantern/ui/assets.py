"""Style sheets, scripts and fonts: whitenoise's storage, which asks its manifest once for each file (decision 0018)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Assets(CompressedManifestStaticFilesStorage):
    """The files whose names carry their content's hash; what a name stands for is settled when a process starts."""

    _addresses: dict[str, str]

    def url(self, name: str | None, force: bool = False) -> str:
        """Return a file's address. Raises ValueError for one that the manifest does not know."""
        if name is None or force or settings.DEBUG:
            return str(super().url(name, force))
        if name not in self._addresses:
            self._addresses[name] = str(super().url(name))
        return self._addresses[name]

    def load_manifest(self) -> Any:
        """Read the manifest (again, after files were collected): earlier addresses are forgotten."""
        self._addresses = {}
        return super().load_manifest()
