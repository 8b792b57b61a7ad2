"""The child process that opens strangers' videos: a program of its own, run by path inside bubblewrap only.

    python -I sandbox_video.py SOURCE TARGET POSTER MEGABYTES CPU_SECONDS MOST_SECONDS

It asks ffprobe what SOURCE is, has ffmpeg write it anew as an MP4 that browsers play (TARGET) and takes a still picture
from the new file (POSTER). It prints lines of JSON: `{"done": seconds, "total": seconds}` while it works, and at the
end
what it wrote, or `refused` with a reason code. Anything else counts as refused too. Demuxers are limited to MP4, MOV,
Matroska and WebM and the only protocol is the local file, so that a playlist in disguise leads nowhere.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

MAX_PIXELS = 4096 * 2304
LONG_SIDE = 1280
MAX_OUTPUT = 2_000_000_000
THREADS = "2"
_ONLY = ("-protocol_whitelist", "file", "-format_whitelist", "mov,matroska,webm")
_PROBE = ("ffprobe", "-v", "error", *_ONLY, "-show_entries")
_FFMPEG = ("ffmpeg", "-nostdin", "-hide_banner", "-v", "error", "-threads", THREADS, *_ONLY)
_NOTHING_ELSE = ("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn")
_SAME_BYTES = ("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact")
_SMALLER = (
    f"scale=w='min({LONG_SIDE},iw)':h='min({LONG_SIDE},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2,"
    "setsar=1,format=yuv420p"
)


class Refused(Exception):
    """The video is not kept; the argument is a reason code that `video.py` turns into words."""


def rewrite(source: Path, target: Path, poster: Path, most_seconds: int) -> dict[str, Any]:
    """Write `source` anew as `target` and a still of it as `poster`; tell what came of it."""
    picture, total = _looked_at(source, most_seconds)
    _transcode(source, target, picture, total, most_seconds)
    made, seconds = _looked_at(target, most_seconds + 5)
    middle = f"{min(1.0, seconds / 2):.3f}"
    _run(
        (*_FFMPEG, "-ss", middle, "-i", f"file:{target}", "-map", "0:v:0", *_NOTHING_ELSE, "-frames:v", "1"),
        ("-q:v", "4", *_SAME_BYTES, "-f", "mjpeg", str(poster)),
    )
    return {"width": made["width"], "height": made["height"], "seconds": max(1, round(seconds))}


def _looked_at(path: Path, most_seconds: int) -> tuple[dict[str, Any], float]:
    """Give the first moving picture in the file and its length in seconds; refuse by what the header says."""
    wanted = "format=duration:stream=index,codec_type,codec_name,width,height,duration:stream_disposition=attached_pic"
    done = subprocess.run([*_PROBE, wanted, "-of", "json", f"file:{path}"], capture_output=True, check=False)  # noqa: S603 - a fixed command
    if done.returncode:
        raise Refused("video")
    told = json.loads(done.stdout)
    moving = [
        stream
        for stream in told.get("streams", ())
        if stream.get("codec_type") == "video" and not stream.get("disposition", {}).get("attached_pic")
    ]
    if not moving:
        raise Refused("no picture")
    if not 0 < moving[0].get("width", 0) * moving[0].get("height", 0) <= MAX_PIXELS:
        raise Refused("pixels")
    lengths = [told.get("format", {}).get("duration"), moving[0].get("duration")]
    seconds = next((float(length) for length in lengths if length not in (None, "N/A")), 0.0)
    if seconds > most_seconds:
        raise Refused("long")
    return moving[0], seconds


def _transcode(source: Path, target: Path, picture: dict[str, Any], total: float, most_seconds: int) -> None:
    """Decode and encode again, sound too; a stream that goes on longer than its header says is cut off."""
    _run(
        (*_FFMPEG, "-i", f"file:{source}", "-map", f"0:{picture['index']}", "-map", "0:a:0?", *_NOTHING_ELSE),
        ("-t", str(most_seconds), "-vf", _SMALLER, "-fpsmax", "30", "-threads", THREADS),
        ("-c:v", "libx264", "-preset", "superfast", "-crf", "25", "-profile:v", "high"),
        ("-c:a", "aac", "-b:a", "96k", "-ac", "2", "-ar", "48000", *_SAME_BYTES),
        ("-movflags", "+faststart", "-max_muxing_queue_size", "1024", "-progress", "pipe:1", "-f", "mp4", str(target)),
        total=total,
    )


def _run(*parts: tuple[str, ...], total: float = 0.0) -> None:
    """Run ffmpeg and pass its progress on; refuse when it fails."""
    command = [word for part in parts for word in part]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:  # noqa: S603 - a fixed command; the paths are of our own making
        for line in running.stdout or ():
            name, _, value = line.strip().partition("=")
            if name == "out_time_us" and value.isdecimal() and total:
                done = min(int(value) / 1_000_000, total)
                print(json.dumps({"done": round(done), "total": round(total)}), flush=True)
    if running.returncode:
        raise Refused("video")


def _limit(megabytes: int, cpu_seconds: int) -> None:
    """Bound memory, processor time, file size and open files of this process and what it starts; no core dumps."""
    for what, bound in (
        (resource.RLIMIT_AS, megabytes * 1_000_000),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, MAX_OUTPUT),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (bound, bound))


def main(arguments: list[str]) -> int:
    """Do what the command line says; see the module's first lines."""
    source, target, poster, megabytes, cpu_seconds, most_seconds = arguments
    _limit(int(megabytes), int(cpu_seconds))
    try:
        answer = rewrite(Path(source), Path(target), Path(poster), int(most_seconds))
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    except Exception:  # whatever a hostile file provokes means the same: it could not be opened
        answer = {"refused": "video"}
    print(json.dumps(answer), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
