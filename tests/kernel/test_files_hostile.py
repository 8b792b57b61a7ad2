"""Files are kept only as we could write them anew; the rest is refused quickly and in plain words."""

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from lantern.kernel.files import ALL_TYPES, IMAGE_TYPES, FileRefused, StorageFull, confine, ingest
from tools.machine import Missing, ensure

pytestmark = pytest.mark.usefixtures("bubble")
BYTES = 300_000_000
GPS = b"52.5200N"


@pytest.fixture(params=["bubblewrap", pytest.param("rlimits alone", marks=pytest.mark.slow)])
def bubble(request, monkeypatch):
    """Every sample goes through both kinds of confinement."""
    if request.param == "rlimits alone":
        monkeypatch.setattr(confine, "has_bubblewrap", lambda: False)
        return
    try:
        ensure("bubblewrap")
    except Missing as missing:
        pytest.fail(f"bubblewrap: {missing}")  # a battery that is skipped proves nothing


def take(tmp_path: Path, data: bytes, name: str = "photo.png", *, allowed=ALL_TYPES, keep_free=0, max_bytes=20_000_000):
    try:
        return ingest(io.BytesIO(data), name, allowed=allowed, max_bytes=max_bytes, keep_free=keep_free, root=tmp_path)
    finally:
        assert not list((tmp_path / "incoming").glob("work-*/*"))


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, rows: bytes | None = None, extra: bytes = b"") -> bytes:
    """A 1-bit grey PNG of any size, of almost no bytes."""
    data = zlib.compress(bytes(((width + 7) // 8 + 1) * height) if rows is None else rows, 9)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def picture(kind: str, size=(60, 40), mode="RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 50).convert(mode).save(out, kind, **options)
    return out.getvalue()


def gif_frames(count: int) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("L", (64, 64), number % 256) for number in range(count)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def refused_pictures() -> dict[str, bytes]:
    jpeg = picture("JPEG", (400, 300))
    return {
        "169 Mpx": png(13_000, 13_000),
        "900 Mpx header": png(30_000, 30_000, b""),
        "2^31 wide": png(2**31 - 1, 2**31 - 1, b""),
        "no pixels": png(0, 0, b""),
        "41 Mpx": png(6_404, 6_404),
        "truncated PNG": picture("PNG", (400, 300))[:-5_000],
        "truncated JPEG": jpeg[: len(jpeg) // 2],
        "truncated WebP": picture("WEBP", (400, 300))[:-2_000],
        "header only": picture("PNG")[:40],
        "GIF and JavaScript": b"GIF89a/*" + b"\x00" * 20 + b"*/=1;alert(document.cookie)//",
        "text chunk bomb": png(8, 8, extra=chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000), 9))),
        "HTML": b"<!doctype html><script>alert(1)</script>",
        "HTML behind a PNG magic": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
        "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "PHP": b"<?php system($_GET[1]); ?>",
        "ELF": b"\x7fELF" + bytes(100),
        "ZIP": b"PK\x03\x04" + bytes(100),
        "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (r) file",
        "RIFF that is sound": b"RIFF\x24\0\0\0WAVEfmt " + bytes(40),
        "TIFF": picture("TIFF"),
        "BMP": picture("BMP"),
        "JPEG 2000": picture("JPEG2000"),
        "ICO": picture("ICO"),
        "1,000 scans": jpeg[:-2] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00" * 1_000 + b"\xff\xd9",
    }


@pytest.mark.parametrize("name", refused_pictures())
def test_hostile_pictures_are_refused(tmp_path, name):
    with pytest.raises(FileRefused) as refused:
        take(tmp_path, refused_pictures()[name], allowed=IMAGE_TYPES)
    assert refused.value.reason.endswith(".")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_control_the_bomb_opens_when_the_cap_is_off(tmp_path):
    """The 169 Mpx sample is a true picture: only our cap stands between it and the memory."""
    program = f"from PIL import Image; Image.open({str(tmp_path / 'b')!r}).load()"
    (tmp_path / "b").write_bytes(png(13_000, 13_000))
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", program]).returncode == 0


@pytest.mark.parametrize(
    ("data", "name", "media_type", "extension"),
    [
        (picture("JPEG"), "a.png", "image/jpeg", ".jpg"),
        (picture("PNG", mode="RGBA"), "b.exe", "image/png", ".png"),
        (picture("PNG", mode="P"), "b", "image/png", ".png"),
        (picture("WEBP"), "../c.webp", "image/webp", ".webp"),
        (gif_frames(1_000), "d.gif", "image/gif", ".gif"),
        (picture("JPEG", mode="CMYK"), "e.jpeg", "image/jpeg", ".jpg"),
        (picture("PNG", mode="I;16"), "e.png", "image/png", ".png"),
        (png(5_000, 4_000), "f.png", "image/png", ".png"),
        (picture("PNG") + b"<script>alert(1)</script>", "g.html", "image/png", ".png"),
        (picture("JPEG", comment=b"*/alert(1)<script>"), "h.js", "image/jpeg", ".jpg"),
    ],
)
def test_good_pictures_come_out_clean_under_their_true_type(tmp_path, data, name, media_type, extension):
    got = take(tmp_path, data, name)
    kept = got.path_temp.read_bytes()
    assert (got.media_type, got.safe_name[-len(extension) :]) == (media_type, extension)
    assert "/" not in got.safe_name
    assert got.size == len(kept)
    assert b"alert" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (got.width, got.height)
        assert getattr(image, "n_frames", 1) == 1
        image.load()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_gps_and_every_other_note_is_gone_and_the_picture_stands_upright(tmp_path, kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "Ms Rivera, room 12"
    exif.get_ifd(0x8825)[29] = GPS.decode()
    data = picture(kind, (60, 40), exif=exif.tobytes(), icc_profile=b"secret" * 30, xmp=b"<x>secret</x>")
    assert GPS in data
    got = take(tmp_path, data)
    kept = got.path_temp.read_bytes()
    assert (got.width, got.height) == (40, 60)
    for note in (GPS, b"Rivera", b"secret", b"Exif", b"eXIf"):
        assert note not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
        assert not {"xmp", "icc_profile", "comment", "exif"} & image.info.keys()


def test_large_photos_are_made_smaller_in_bounded_memory(tmp_path):
    out = io.BytesIO()
    Image.radial_gradient("L").resize((7_200, 5_400)).convert("RGB").save(out, "JPEG", quality=60)
    got = ingest(io.BytesIO(out.getvalue()), "photo.jpg", allowed=IMAGE_TYPES, root=tmp_path, keep_free=0)
    assert got.width is not None
    assert got.height is not None
    assert got.width * got.height <= 8_300_000


def test_peak_memory_of_the_child_stays_below_the_figure(tmp_path):
    """Measured in the child itself, on a picture just under the pixel cap and on a packed PDF."""
    Image.radial_gradient("L").resize((7_200, 5_400)).convert("RGB").save(tmp_path / "a.png", compress_level=1)
    (tmp_path / "b.pdf").write_bytes(pdf_bomb())
    for kind, name in (("image", "a.png"), ("pdf", "b.pdf")):
        program = (
            f"import runpy, re; main = runpy.run_path({str(confine._PROGRAM)!r})['main']\n"
            f"main([{kind!r}, {str(tmp_path / name)!r}, {str(tmp_path / 'out')!r}, '{confine.MEGABYTES}', '20'])\n"
            "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
        )
        done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
        answer, peak = done.stdout.split("\n")[:2]
        assert "media_type" in answer
        assert int(peak) * 1024 < BYTES


def armed_pdf(**save) -> bytes:
    """A PDF with everything in it that runs, leaves or tells."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('XSECRET')"))
    streamed = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pdf.make_stream(b"app.alert('XSECRET')"))
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("XSECRET.exe"), Next=script)
    submit = pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F=pikepdf.String("https://XSECRET.example.org"))
    bad_link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("javascript:XSECRET"))
    good_link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://kept.example.org"))
    pdf.attachments["XSECRET.exe"] = b"XSECRET" * 10
    attached = pikepdf.Dictionary(
        Type=pikepdf.Name.Filespec, F="x.exe", EF=pikepdf.Dictionary(F=pdf.make_stream(b"XSECRET"))
    )
    note = pdf.make_indirect(pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, FS=attached))
    links = [
        pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
        for action in (launch, submit, bad_link, good_link, pdf.make_indirect(streamed))
    ]
    pdf.pages[0].obj.Annots = pikepdf.Array([note, *links])
    pdf.pages[0].obj.AA = pikepdf.Dictionary(O=script)
    pdf.Root.OpenAction = pdf.make_indirect(script)
    pdf.Root.Names.JavaScript = pikepdf.Dictionary(Names=["a", script])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pdf.make_stream(b"XSECRET"))
    pdf.Root.Metadata = pdf.make_stream(b"XSECRET")
    pdf.docinfo["/Author"] = "XSECRET"
    out = io.BytesIO()
    pdf.save(out, **save)
    return out.getvalue()


def everything_in(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        parts = [thing.unparse(resolved=True) for thing in pdf.objects if not isinstance(thing, pikepdf.Stream)]
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                parts += [thing.read_bytes(), thing.stream_dict.unparse()]
        return b"\n".join([*parts, pdf.trailer.unparse()])


def test_a_pdf_loses_what_runs_leaves_or_tells_and_keeps_its_pages(tmp_path):
    before = armed_pdf()
    assert b"XSECRET" in everything_in(before)  # control: the marks are found where nothing was removed
    got = take(tmp_path, before, "plan.pdf")
    after = got.path_temp.read_bytes()
    content = everything_in(after)
    for mark in (
        b"XSECRET",
        b"JavaScript",
        b"Launch",
        b"SubmitForm",
        b"EmbeddedFile",
        b"OpenAction",
        b"FileAttachment",
    ):
        assert mark not in content
    assert b"https://kept.example.org" in content
    assert (got.media_type, got.safe_name) == ("application/pdf", "plan.pdf")
    with pikepdf.open(io.BytesIO(after)) as pdf:
        assert len(pdf.pages) == 1
        assert not pdf.docinfo
        assert pdf.is_linearized


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (armed_pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "locked"),
        (armed_pdf(encryption=pikepdf.Encryption(owner="o", user="")), "locked"),
        (armed_pdf()[:300], "PDF"),
        (b"%PDF-1.7\n" + b"[" * 200_000, "PDF"),
        (b"%PDF-1.7\n" + b"1 0 obj<<" * 50_000, "PDF"),
        (b"GIF89a%PDF-1.7 <script>alert(1)</script>", "picture"),
    ],
)
def test_hostile_pdfs_are_refused(tmp_path, data, words):
    with pytest.raises(FileRefused, match=words):
        take(tmp_path, data, "plan.pdf")


def pdf_bomb() -> bytes:
    """A page whose content unfolds to 400 MB."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    packed = zlib.compress(bytes(400_000_000), 9)
    bomb = pdf.make_stream(b"")
    bomb.write(packed, filter=pikepdf.Name.FlateDecode)
    pdf.pages[0].obj.Contents = bomb
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_a_pdf_decompression_bomb_stays_inside_the_limits(tmp_path):
    data = pdf_bomb()
    try:
        got = take(tmp_path, data, "bomb.pdf")
    except FileRefused:
        return
    assert got.size < 2_000_000


def test_text_is_kept_only_as_utf8_under_a_text_name(tmp_path):
    got = take(tmp_path, "\ufeff# Größe <script>".encode(), "notes.MD")
    assert (got.media_type, got.safe_name) == ("text/markdown", "notes.md")
    assert got.path_temp.read_text() == "# Größe <script>"
    for data, name in (
        (b"\xff\xfea\0", "a.txt"),
        (b"a\0b", "a.txt"),
        (b"x" * 1_000_001, "a.txt"),
        (b"<h1>", "a.html"),
        (b"a,b", "a.csv"),
        (b"", "a.txt"),
    ):
        with pytest.raises(FileRefused):
            take(tmp_path, data, name)


def test_size_space_and_allowed_types_are_checked(tmp_path):
    with pytest.raises(FileRefused, match="larger than 1 MB"):
        take(tmp_path, bytes(1_000_001), max_bytes=1_000_000)
    with pytest.raises(StorageFull):
        take(tmp_path, picture("PNG"), keep_free=10**18)
    with pytest.raises(FileRefused, match="You can use PDF"):
        take(tmp_path, picture("PNG"), allowed=frozenset({"application/pdf"}))
    with pytest.raises(FileRefused, match="JPG"):
        take(tmp_path, picture("PNG"), allowed=frozenset({"image/jpeg"}))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_upload_is_never_read_whole(tmp_path):
    class Endless:
        taken = 0

        def read(self, size, /):
            assert 0 < size <= 1_000_000
            self.taken += size
            return bytes(size)

    upload = Endless()
    with pytest.raises(FileRefused, match="larger"):
        ingest(upload, "a.png", allowed=ALL_TYPES, root=tmp_path, keep_free=0)
    assert upload.taken < 21_000_000


def test_the_child_has_no_network_and_sees_no_other_file(tmp_path):
    if not confine.has_bubblewrap():
        pytest.skip("bubblewrap is off in this run")
    secret = tmp_path / "secret"
    secret.write_text("s")
    source, folder = tmp_path / "source", tmp_path / "out"
    source.write_text("x")
    folder.mkdir()
    probe = (
        "import os, socket, sys\n"
        f"print(os.path.exists({str(secret)!r}), os.path.exists('/etc/passwd'), os.environ.get('HOME'),\n"
        "      socket.socket().connect_ex(('127.0.0.1', int(sys.argv[1]))), [i for _, i in socket.if_nameindex()])\n"
    )
    with_server = subprocess.run(
        [*confine._bubble(source, folder), sys.executable, "-I", "-c", probe, "9"], capture_output=True, text=True
    )
    assert with_server.stdout.split(" ", 3)[:3] == ["False", "False", "None"]
    assert "['lo']" in with_server.stdout


@pytest.mark.parametrize(
    ("what", "source"),
    [
        ("a socket", "import socket; socket.socket()"),
        ("a pair of sockets", "import socket; socket.socketpair()"),
        ("a program", "import os; os.execv('/bin/true', ['true'])"),
        ("another process", "import os; os.kill(os.getppid(), 0)"),
        ("a namespace", "import ctypes; assert ctypes.CDLL(None).unshare(0x10000000) == 0, 'refused'"),
    ],
)
def test_without_bubblewrap_the_child_still_reaches_nothing(what, source):
    """The filter of system calls, and its control: the same act works before the child shuts itself in."""
    before = f"import runpy\nshut_in = runpy.run_path({str(confine._PROGRAM)!r})['shut_in']\n"
    program = [sys.executable, "-I", "-c"]
    open_ = subprocess.run([*program, before + source], capture_output=True, text=True)
    shut = subprocess.run([*program, before + "assert shut_in()\n" + source], capture_output=True, text=True)
    assert open_.returncode == 0, open_.stderr
    assert shut.returncode != 0
    assert "not permitted" in shut.stderr or "refused" in shut.stderr


@pytest.mark.parametrize(
    ("bubblewrap", "ffmpeg", "expected"),
    [(True, True, "without network"), (True, False, "videos are refused"), (False, True, "Install bubblewrap")],
)
def test_the_operator_is_told_honestly_what_opens_files(monkeypatch, bubblewrap, ffmpeg, expected):
    monkeypatch.setattr(confine, "has_bubblewrap", lambda: bubblewrap)
    monkeypatch.setattr(confine, "has_ffmpeg", lambda: ffmpeg)
    assert expected in confine.in_words()
    assert confine.can_do_video() is (bubblewrap and ffmpeg)
