"""The pages that hand out a file: each is declared as an export, with what it reads and whom it reaches."""

from __future__ import annotations

from lantern.kernel import doors

_HERSELF = "the person herself"

doors.declare("export", "grow:plan_pdf", reads=("private", "official", "public"), reaches=_HERSELF)
doors.declare("export", "portfolio:transcript_pdf", reads=("official", "public"), reaches=_HERSELF)
doors.declare(
    "export", "portfolio:evidence_file", reads=("private",), reaches=f"{_HERSELF}, and whom she shares the file with"
)
doors.declare(
    "export", "portfolio:evidence_poster", reads=("private",), reaches=f"{_HERSELF}, and whom she shares the video with"
)
doors.declare("export", "learn:before_template", reads=("public",), reaches="whoever asks: it is an empty table")
doors.declare("export", "case:package", reads=("public",), reaches="those who manage the tenant")
doors.declare("export", "pathway_files:export", reads=("public",), reaches="those who manage the tenant")
