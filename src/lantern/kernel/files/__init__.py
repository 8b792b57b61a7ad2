"""The one door for files people hand in: what is kept is what we could open and write anew, never the bytes that came.

`ingest` decides what a file is by decoding it in a confined child process and writing it again. `store` gives it a
random name. Views answer with `open_range`, `content_disposition` and `range_from_header` after the policy said yes.
"""

from lantern.kernel.files.headers import RangeNotSatisfiable, content_disposition, range_from_header, safe_name
from lantern.kernel.files.intake import ALL_TYPES, IMAGE_TYPES, FileRefused, Ingested, discard, ingest
from lantern.kernel.files.ownership import forget, keys_of
from lantern.kernel.files.space import StorageFull, require_space
from lantern.kernel.files.storage import delete, open_range, size_of, store, sweep_orphans

__all__ = [
    "ALL_TYPES",
    "IMAGE_TYPES",
    "FileRefused",
    "Ingested",
    "RangeNotSatisfiable",
    "StorageFull",
    "content_disposition",
    "delete",
    "discard",
    "forget",
    "ingest",
    "keys_of",
    "open_range",
    "range_from_header",
    "require_space",
    "safe_name",
    "size_of",
    "store",
    "sweep_orphans",
]
