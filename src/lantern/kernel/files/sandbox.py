"""The child process that opens strangers' files: a program of its own, run by path, that imports nothing of Lantern.

    python -I sandbox.py image|pdf SOURCE TARGET MEGABYTES CPU_SECONDS

It limits itself before it reads a byte (rlimits, no new privileges, a system-call filter without sockets and without
starting programs; on top of the namespaces that bubblewrap gives where it works), writes TARGET anew from what it
understood, and prints one line of JSON: what it wrote, or `refused` with a reason code. Anything else (a signal,
silence) counts as refused too.
"""

# ruff: noqa: PLC0415 - each kind of file loads its own library only, which halves the time and the memory

import ctypes
import json
import platform
import resource
import struct
import sys
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf
    from PIL import Image

MAX_PIXELS = 40_000_000
MAX_PIXELS_WEBP = 16_000_000
KEPT_PIXELS = 8_300_000  # a 4K screen's
MAX_JPEG_SCANS = 64
MAX_PDF_OBJECTS = 200_000
MAX_OUTPUT = 64_000_000
_FORMATS = {
    "JPEG": ("image/jpeg", {"quality": 85, "optimize": True}),
    "PNG": ("image/png", {"compress_level": 6}),
    "WEBP": ("image/webp", {"quality": 85, "method": 2}),
    "GIF": ("image/gif", {}),
}
# EXIF orientation → Pillow's Transpose that undoes it.
_TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
# The action types of ISO 32000-2, 12.6.4, that run something, leave the file or send data away.
_ACTIONS = frozenset(
    (
        *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/ResetForm", "/GoToR", "/GoToE", "/GoTo3DView"),
        *("/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/Hide", "/SetOCGState", "/Thread", "/GoToDp"),
    )
)
_ANNOTATIONS = frozenset(("/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"))
_KEYS_ANYWHERE = ("/AA", "/OpenAction", "/JS", "/EF", "/AF", "/XFA", "/Metadata", "/PieceInfo")
_KEYS_OF_ROOT = ("/Collection", "/URI", "/Perms", "/DSS", "/Legal", "/Requirements", "/Threads", "/Extensions")
_NAME_TREES = ("/JavaScript", "/EmbeddedFiles", "/Renditions", "/AlternatePresentations", "/URLS", "/IDS")
_RESOURCE_TYPES = frozenset(("/Font", "/XObject", "/Image", "/Form", "/ExtGState", "/Pattern"))
_LINKS = ("http://", "https://", "mailto:")


class Refused(Exception):
    """The file is not kept; the argument is a reason code that `intake` turns into words."""


def rewrite_image(source: Path, target: Path) -> dict[str, Any]:
    """Decode the first frame, turn it upright, drop all metadata, and write it in the format it came in."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(source, formats=tuple(_FORMATS)) as image:
            name = "JPEG" if image.format == "MPO" else str(image.format)
            _check_header(image, name, source)
            frame = _upright(image)
            kind, options = _FORMATS[name]
            frame.save(target, name, **options)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise Refused("pixels") from None
    return {"media_type": kind, "width": frame.width, "height": frame.height}


def _check_header(image: "Image.Image", name: str, source: Path) -> None:
    """Refuse by what the header says, before any pixel is decoded."""
    if image.width * image.height > (MAX_PIXELS_WEBP if name == "WEBP" else MAX_PIXELS):
        raise Refused("pixels")
    if name == "JPEG" and source.read_bytes().count(b"\xff\xda") > MAX_JPEG_SCANS:
        raise Refused("broken")


def _upright(image: "Image.Image") -> "Image.Image":
    """Give the picture's pixels alone, the right way up, at most `KEPT_PIXELS` of them."""
    from PIL import Image

    turn = _TURNS.get(_orientation(image))
    shrink = min(1.0, (KEPT_PIXELS / (image.width * image.height)) ** 0.5)
    size = max(1, int(image.width * shrink)), max(1, int(image.height * shrink))
    if shrink < 1:
        image.draft("RGB", size)
    image.load()
    transparent = image.mode in ("LA", "PA", "RGBA", "RGBa") or "transparency" in image.info
    mode = "RGBA" if transparent else "L" if image.mode in ("1", "L", "I", "I;16") else "RGB"
    pixels = image if image.mode == mode else image.convert(mode)
    if pixels.size != size:
        pixels = pixels.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if turn is not None:
        pixels = pixels.transpose(Image.Transpose(turn))
    bare = Image.new(pixels.mode, pixels.size)
    bare.im.paste(pixels.im, (0, 0, *pixels.size))
    return bare


def _orientation(image: "Image.Image") -> int:
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # a broken note about the picture does not break the picture
        return 1


def rewrite_pdf(source: Path, target: Path) -> dict[str, Any]:
    """Open the document, take out whatever runs, leaves or hides, and write what is left."""
    import pikepdf

    try:
        pdf = pikepdf.open(source)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    with pdf:
        if pdf.is_encrypted:
            raise Refused("encrypted")
        if len(pdf.objects) > MAX_PDF_OBJECTS or not len(pdf.pages):
            raise Refused("broken")
        _strip_root(pdf)
        for thing in pdf.objects:
            _disarm(thing)
        for page in pdf.pages:
            _strip_annotations(page.obj)
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        pdf.save(target, linearize=True, fix_metadata_version=False, deterministic_id=True)
    return {"media_type": "application/pdf", "width": None, "height": None}


def _strip_root(pdf: "pikepdf.Pdf") -> None:
    """Take the doors out of the document's catalogue."""
    _drop(pdf.Root, (*_KEYS_ANYWHERE, *_KEYS_OF_ROOT))
    names = pdf.Root.get("/Names")
    if names is not None:
        _drop(names, _NAME_TREES)


def _disarm(top: "pikepdf.Object") -> None:
    """Empty every action in one indirect object and its direct parts; other indirect objects get their own turn."""
    import pikepdf

    waiting: list[Any] = [top]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Array):
            parts: Iterable[Any] = thing
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            if _is_dangerous(thing):
                _drop(thing, [key for key, _ in thing.items() if key != "/Length"])
            _drop_attached(thing)
            parts = [value for _, value in thing.items()]
        else:
            continue
        waiting += [part for part in parts if isinstance(part, pikepdf.Object) and not part.is_indirect]


def _is_dangerous(thing: Any) -> bool:
    action = str(thing.get("/S", ""))
    if action == "/URI":
        return not str(thing.get("/URI", "")).strip().lower().startswith(_LINKS)
    return action in _ACTIONS


def _drop_attached(thing: Any) -> None:
    """Drop scripts, attachments and notes about the file, but not a font or picture that happens to be named so."""
    import pikepdf

    kind = str(thing.get("/Type", ""))
    is_attachment = kind in ("/Filespec", "/F")
    if kind == "/EmbeddedFile" and isinstance(thing, pikepdf.Stream):
        thing.write(b"")
    for key in _KEYS_ANYWHERE:
        if key in thing and (is_attachment or not _is_resource(thing[key])):
            del thing[key]


def _is_resource(value: Any) -> bool:
    import pikepdf

    if not isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        return False
    return str(value.get("/Type", "")) in _RESOURCE_TYPES or str(value.get("/Subtype", "")) in _RESOURCE_TYPES


def _strip_annotations(page: Any) -> None:
    """Take out annotations that carry or play a file."""
    import pikepdf

    annotations = page.get("/Annots")
    if isinstance(annotations, pikepdf.Array):
        kept = [note for note in annotations if _is_plain_note(note)]
        page["/Annots"] = pikepdf.Array(kept)


def _is_plain_note(note: Any) -> bool:
    import pikepdf

    return isinstance(note, pikepdf.Dictionary) and str(note.get("/Subtype", "")) not in _ANNOTATIONS


def _drop(thing: Any, keys: Iterable[str]) -> None:
    for key in keys:
        if key in thing:
            del thing[key]


def _limit(megabytes: int, cpu_seconds: int) -> None:
    """Bound memory, processor time, file size, open files; no core dumps."""
    for what, bound in (
        (resource.RLIMIT_AS, megabytes * 1_000_000),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, MAX_OUTPUT),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (bound, bound))


# Linux system calls that reach out of the process: sockets, programs, other processes, namespaces, io_uring (which can
# do
# the work of any of them). Numbers from the kernel's syscall tables; another machine gets the limits without the
# filter.
_MACHINES = {
    "x86_64": (0xC000003E, (41, 42, 53, 59, 62, 101, 155, 165, 200, 272, 308, 310, 311, 321, 322, 425)),
    "aarch64": (0xC00000B7, (198, 199, 203, 221, 129, 117, 41, 40, 130, 97, 268, 270, 271, 280, 281, 425)),
}
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER_MODE = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL, _X32 = 0x7FFF0000, 0x00050001, 0x80000000, 0x40000000


def shut_in() -> bool:
    """Give up new privileges and every system call that reaches out; tell whether the kernel took the filter."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    known = _MACHINES.get(platform.machine())
    if known is None:
        return False
    architecture, refused = known
    rules = [
        (_LOAD, 0, 0, 4),  # the machine this call was made for
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # its number
        (_AT_LEAST, len(refused) + 1, 0, _X32),
        *((_EQUAL, len(refused) - place, 0, number) for place, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    code = b"".join(struct.pack("HBBI", *rule) for rule in rules)
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(rules), ctypes.addressof(held))
    return bool(libc.prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.create_string_buffer(program, len(program)), 0, 0) == 0)


def main(arguments: list[str]) -> int:
    """Do what the command line says; see the module's first lines."""
    kind, source, target, megabytes, cpu_seconds = arguments
    _limit(int(megabytes), int(cpu_seconds))
    shut_in()
    rewrite: dict[str, Callable[[Path, Path], dict[str, Any]]] = {"image": rewrite_image, "pdf": rewrite_pdf}
    try:
        answer = rewrite[kind](Path(source), Path(target))
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    except Exception:  # whatever a hostile file provokes means the same: it could not be opened
        answer = {"refused": "broken"}
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
