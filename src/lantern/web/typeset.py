"""Documents as tagged PDF (PDF/UA-1), set by typst. What people wrote goes in as data, never as source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

_WAYS: tuple[tuple[bool, Any], ...] = ((True, ["ua-1"]), (False, ["ua-1"]), (False, []))
"""Whether only our own font is used, and the standard that is claimed."""


def pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """Return the document of a template, which reads `data` from its inputs.

    It is set with our own font; names and titles in other scripts fall back to the fonts of the machine. PDF/UA refuses
    a text that no font can show: then the document is still tagged, but does not claim the standard.
    """
    said = json.dumps(data, ensure_ascii=False)
    for only_ours, standards in _WAYS:
        compiler = typst.Compiler(
            input=str(template),
            root=str(template.parent),
            font_paths=[str(settings.LANTERN_FONTS)],
            ignore_system_fonts=only_ours,
        )
        try:
            document: Any = compiler.compile(format="pdf", sys_inputs={"data": said}, pdf_standards=standards)
        except typst.TypstError:
            if not standards:
                raise
            continue
        return bytes(document)  # one file, as no output path was given
    raise AssertionError("The last way raises by itself")
