"""Which passwords are refused, and why, in words (trust.md E4)."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings

from lantern.config import settings as production
from lantern.kernel.sign_in.passwords import LIST, digest_of, folded, is_well_known
from tests.cast import Cast, give_second_step


def refused(password: str, account: Any = None) -> str:
    """Why, or nothing."""
    try:
        validate_password(password, account)
    except ValidationError as problem:
        return " ".join(problem.messages)
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "a calm lantern on the table",
        "correct horse battery staple",
        "vowel-knit-7-geese",
        "ünbeständige Wolken 3",
        "xxxqzjv kwpf dmlg",
        "1f9a7c3e5b2d8f0a",
    ],
)
def test_good_ones_are_taken_whatever_they_are_made_of(password: str) -> None:
    assert refused(password) == ""


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("qwertyuiop1234", "at least 15"),
        ("x7!" * 43, "at most 128"),
        ("1q2w3e4r5t6y7u8i", "Many people"),
        ("PASSWORD1234567", "two well-known"),
        ("passwordpassword", "Many people"),
        ("aaaaaaaaaaaaaaaaaaaa", "Many people"),
        ("abcabcabcabcabcabc", "Many people"),
        ("Lantern-Lantern-7", "mostly your name"),
    ],
)
def test_bad_ones_are_refused_with_the_reason(password: str, why: str) -> None:
    assert why in refused(password)


def test_one_of_128_characters_is_taken() -> None:
    assert refused("seven geese knit vowels 0" * 5 + "abc") == ""


@pytest.mark.parametrize(
    "password", ["Riverbend-2026-!!", "nia.young@example.org", "alder school young", "YoungNia Riverbend1"]
)
def test_names_and_places_are_not_enough(cast: Cast, password: str) -> None:
    assert "mostly your name" in refused(password, cast.novice.account)
    if "young" not in password.casefold():
        assert "mostly" not in refused(password)  # the positive control: a stranger's district says nothing


def test_eight_are_enough_beside_a_second_step(cast: Cast) -> None:
    assert "at least 15" in refused("kwpf-geese", cast.novice.account)
    give_second_step(cast.novice)
    assert refused("kwpf-geese", cast.novice.account) == ""
    assert "at least 8" in refused("kwpf-ge", cast.novice.account)
    Authenticator.objects.filter(user=cast.novice.account).update(type="recovery_codes")  # codes alone are none
    assert "at least 15" in refused("kwpf-geese", cast.novice.account)


def test_the_list_is_whole_and_sorted() -> None:
    kept = LIST.read_bytes()
    digests = [kept[place : place + 5] for place in range(0, len(kept), 5)]
    assert len(digests) > 130_000
    assert digests == sorted(set(digests))
    for known in ("123456", "password", "qwerty", "letmein", "iloveyou", "dragon", "michael", "zxcvbnm"):
        assert is_well_known(known)
    assert not any(is_well_known(folded(f"no list knows me {number}")) for number in range(10_000))
    assert digest_of("password") in digests


def test_there_is_one_hasher_and_an_old_hash_lets_nobody_in() -> None:
    assert production.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=production.PASSWORD_HASHERS):
        kept = make_password("seven geese knit")
        assert identify_hasher(kept).algorithm == "argon2" and kept.startswith("argon2$argon2id$")
        assert check_password("seven geese knit", kept)
        old = "pbkdf2_sha256$1000$salt$qkBJmVJ3d5tpkfJnrqWdrfPwzWVZoA1Q0K1dpO0WvTk="
        assert not check_password("seven geese knit", old)


def test_a_weaker_hash_is_renewed_when_she_signs_in() -> None:
    with override_settings(PASSWORD_HASHERS=production.PASSWORD_HASHERS):
        from argon2 import low_level

        kept = low_level.hash_secret(b"seven geese", b"saltsaltsalt", 1, 1024, 1, 32, low_level.Type.ID)
        weak = f"argon2{kept.decode()}"
        renewed: list[str] = []
        assert check_password("seven geese", weak, setter=renewed.append)
        assert renewed == ["seven geese"]
