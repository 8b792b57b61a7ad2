"""Takes the bytes of an uploaded file from the request straight to disk: at most as many as are taken here, while there
is room, and only from somebody signed in. What says something about students, and what is only looked at, never
touches the disk (`HeldInMemory`).

Django asks the handler before any view runs. What is refused here is read to its end and let go of, and the form says
why (`wanted`).
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

from lantern.engine import past_learning
from lantern.engine.class_results import MAX_BYTES
from lantern.flows.imports import LARGEST
from lantern.kernel.errors import Unavailable
from lantern.kernel.files import StorageFull, require_space


class StreamedFile(UploadedFile):
    """An uploaded file beside the kept ones, so that keeping it is a second name for it and no copy.

    Where it was not taken it is empty and `refusal` says why; `no_room` tells that trying later may help.
    """

    refusal: str = ""
    no_room: bool = False

    def __init__(self, folder: Path, name: str, content_type: str, charset: str | None, extra: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        on_disk = tempfile.NamedTemporaryFile(prefix="work-", suffix=".upload", dir=folder)  # noqa: SIM115 - closed by Django
        super().__init__(cast(Any, on_disk), name, content_type, 0, charset, extra)

    def temporary_file_path(self) -> str:
        """Return where it lies."""
        return str(cast(Any, self.file).name)


def most_bytes() -> int:
    """Return the size of the largest file that any form takes."""
    return max(LARGEST, int(settings.LANTERN_VIDEO_MB) * 1_000_000)


def wanted(upload: Any) -> str:
    """Return why a form's file was not taken, or "" where it was. Raises Unavailable when there was no room for it."""
    if getattr(upload, "no_room", False):
        raise Unavailable(str(StorageFull()))
    return str(getattr(upload, "refusal", ""))


class StreamedToDisk(FileUploadHandler):
    """Writes each file to disk chunk by chunk (setting FILE_UPLOAD_HANDLERS)."""

    chunk_size = 256 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file, or begin to let go of one."""
        super().new_file(*args, **kwargs)
        folder = Path(settings.LANTERN_FILES) / "incoming"
        kind = self.content_type or ""
        self.file = StreamedFile(folder, self.file_name or "", kind, self.charset, self.content_type_extra)
        self.taken = 0
        request: Any = self.request
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            self.file.refusal = "Please sign in first."
            return
        try:
            require_space(folder, int(request.META.get("CONTENT_LENGTH") or 0))
        except StorageFull as full:
            self.file.refusal, self.file.no_room = str(full), True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a chunk while the file is still wanted; what is not wanted leaves nothing on the disk."""
        if self.file.refusal:
            return
        self.taken += len(raw_data)
        if self.taken > most_bytes():
            self.file.refusal = f"This file is larger than {most_bytes() // 1_000_000} MB. Please choose a smaller one."
            self.file.seek(0)
            cast(BinaryIO, self.file.file).truncate(0)
            return
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> StreamedFile:
        """Hand the file on, empty where it was refused."""
        self.file.flush()
        self.file.seek(0)
        self.file.size = 0 if self.file.refusal else file_size
        return self.file

    def upload_interrupted(self) -> None:
        """Delete what came of a broken upload."""
        if hasattr(self, "file"):
            self.file.close()


ONLY_IN_MEMORY = {"results_file": MAX_BYTES, "learning_file": past_learning.MAX_BYTES}
"""Fields of forms whose file is never written down, and the largest that each takes."""


class HeldFile(UploadedFile):
    """A small file that is nowhere but in memory, and gone with the request. `refusal` says why it is empty."""

    refusal: str = ""


class HeldInMemory(FileUploadHandler):
    """Keeps the files of `ONLY_IN_MEMORY` in memory and from the handlers after it; leaves all others to them."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to hold a file where its field asks for it."""
        super().new_file(*args, **kwargs)
        self.most = ONLY_IN_MEMORY.get(self.field_name or "", 0)
        if not self.most:
            return
        self.held, self.taken = io.BytesIO(), 0
        user = getattr(cast(Any, self.request), "user", None)
        self.refusal = "" if user is not None and user.is_authenticated else "Please sign in first."
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hold a chunk while the file is small enough, or hand it on."""
        if not self.most:
            return raw_data
        self.taken += len(raw_data)
        if self.taken > self.most:
            self.refusal = self.refusal or f"This file is larger than {self.most // 1_000_000} MB."
            self.held = io.BytesIO()
        elif not self.refusal:
            self.held.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> HeldFile | None:
        """Hand over what is held, empty where it was refused."""
        if not self.most:
            return None
        self.held.seek(0)
        size = 0 if self.refusal else file_size
        held = HeldFile(cast(Any, self.held), self.file_name or "", self.content_type or "", size, self.charset)
        held.refusal = self.refusal
        return held
