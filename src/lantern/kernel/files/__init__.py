"""The one door for files people hand in: what is kept is what we could open and write anew, never the bytes that came.

`ingest` decides what a file is by decoding it in a confined child process and writing it again; a video waits for its
turn (video.py). `keeping.keep` gives it a random name and counts it; `keeping.drop` lets it go with all that was made
from it. Views answer with `open_range`, `content_disposition` and `range_from_header` after the policy said yes.
"""

from lantern.kernel.files.headers import RangeNotSatisfiable, content_disposition, range_from_header, safe_name
from lantern.kernel.files.intake import ALL_TYPES, IMAGE_TYPES, FileRefused, Ingested, discard, ingest
from lantern.kernel.files.ownership import keys_of, recount
from lantern.kernel.files.space import StorageFull, require_space
from lantern.kernel.files.storage import delete, open_range, size_of, store, sweep_orphans
from lantern.kernel.files.video import VIDEO_ENDINGS, VIDEO_TYPE, Prepared, prepare_video, take_in_video

__all__ = [
    "ALL_TYPES",
    "IMAGE_TYPES",
    "VIDEO_ENDINGS",
    "VIDEO_TYPE",
    "FileRefused",
    "Ingested",
    "Prepared",
    "RangeNotSatisfiable",
    "StorageFull",
    "content_disposition",
    "delete",
    "discard",
    "ingest",
    "keys_of",
    "open_range",
    "prepare_video",
    "range_from_header",
    "recount",
    "require_space",
    "safe_name",
    "size_of",
    "store",
    "sweep_orphans",
    "take_in_video",
]
