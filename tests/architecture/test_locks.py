"""The locks pin every package by hash and name no registry, so a clone installs the same bytes from anywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON_LOCKS = ("base", "semantic", "dev", "uv")
PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,_-]+\])?==(?P<version>[^\s;\\]+)(?: ; [^\\]+)?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
INTEGRITY = re.compile(r"sha512-[A-Za-z0-9+/]{86}==")


def read_lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def entries(lock: str) -> Iterator[tuple[str, list[str]]]:
    """(what is pinned, the options after it) for each package; comments left out, continuation lines joined."""
    code = "\n".join(line for line in lock.splitlines() if not line.lstrip().startswith("#"))
    for line in filter(None, map(str.strip, code.replace("\\\n", " ").splitlines())):
        pinned, *options = re.split(r"\s+(?=--)", line)
        yield pinned, [option.strip() for option in options]


def faults(lock: str) -> list[str]:
    """What a Python lock may not hold: an address, an option, a package without one version or without hashes."""
    found = [f"an address: {address}" for address in re.findall(r"[a-z+]+://\S*", lock)]
    for pinned, options in entries(lock):
        if pinned.startswith("-"):
            found.append(f"an option: {pinned.split()[0]}")
        elif not PIN.fullmatch(pinned):
            found.append(f"not pinned to one version: {pinned}")
        elif not options or not all(map(HASH.fullmatch, options)):
            found.append(f"no hash: {pinned}")
    return found


def pins(name: str) -> dict[str, str]:
    matches = (PIN.fullmatch(pinned) for pinned, _ in entries(read_lock(name)))
    return {match["name"]: match["version"] for match in matches if match}


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_a_python_lock_pins_every_package_by_hash_and_names_no_registry(name: str) -> None:
    assert faults(read_lock(name)) == []
    assert pins(name)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("--index-url https://packages.example/simple", "an address: https://packages.example/simple"),
        ("--extra-index-url x", "an option: --extra-index-url"),
        ("-e .", "an option: -e"),
        (f"django>=5 --hash=sha256:{'0' * 64}", "not pinned to one version: django>=5"),
        ("django==5.2.19", "no hash: django==5.2.19"),
        (f"django==5.2.19 --hash=sha1:{'0' * 40}", "no hash: django==5.2.19"),
    ],
)
def test_a_faulty_line_is_found(line: str, fault: str) -> None:
    assert fault in faults(line + "\n")


def test_what_is_tested_is_what_runs() -> None:
    """Each lock holds every package of the one before at the same version: base, with the extra, with the tools."""
    base, semantic, dev = pins("base"), pins("semantic"), pins("dev")
    assert {name: semantic.get(name) for name in base} == base
    assert {name: dev.get(name) for name in semantic} == semantic


def test_the_base_install_does_not_hold_the_extra() -> None:
    """Search by meaning is an extra (decision 0053): nobody needs its packages to run Lantern."""
    assert {"wordllama", "tokenizers"} <= pins("semantic").keys() - pins("base").keys()


def test_the_npm_lock_pins_every_package_by_hash_and_names_no_registry() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    assert '"resolved"' not in text
    hashes = {name: package.get("integrity", "") for name, package in packages.items() if name}
    assert [name for name, value in hashes.items() if not INTEGRITY.fullmatch(value)] == []


def test_the_npm_lock_is_of_this_package_json() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"][""]
    for kind in ("dependencies", "devDependencies"):
        assert locked.get(kind, {}) == wanted.get(kind, {})


def test_npm_is_told_to_leave_addresses_out() -> None:
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text(encoding="utf-8").splitlines()
