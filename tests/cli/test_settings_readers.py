"""The readers of environment variables: values, files, lists, and what cannot be used."""

from __future__ import annotations

import pytest

from lantern.config import env
from lantern.config.env import BadSetting
from tests.cli.conftest import as_program


def test_text_is_trimmed_and_has_a_default(monkeypatch):
    monkeypatch.setenv("X_NAME", "  a name ")
    assert env.text("X_NAME") == "a name"
    assert env.text("X_ABSENT", "usual") == "usual"


def test_a_secret_may_come_from_a_file_which_wins_over_the_variable(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("from the file\n")
    monkeypatch.setenv("X_KEY", "from the variable")
    monkeypatch.setenv("X_KEY_FILE", str(tmp_path / "key"))
    assert env.text("X_KEY") == "from the file"


def test_a_file_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("X_KEY_FILE", str(tmp_path / "gone"))
    with pytest.raises(BadSetting, match=r"X_KEY_FILE: .*gone cannot be read"):
        env.text("X_KEY")


@pytest.mark.parametrize(
    ("value", "wanted"), [("yes", True), ("ON", True), ("1", True), ("no", False), ("False", False)]
)
def test_flag(monkeypatch, value, wanted):
    monkeypatch.setenv("X_FLAG", value)
    assert env.flag("X_FLAG", default=not wanted) is wanted


def test_flag_left_out_or_empty_is_the_default(monkeypatch):
    monkeypatch.setenv("X_FLAG", "")
    assert env.flag("X_FLAG", default=True) is True


@pytest.mark.parametrize("value", ["maybe", "2", "yess"])
def test_flag_refuses_anything_else(monkeypatch, value):
    monkeypatch.setenv("X_FLAG", value)
    with pytest.raises(BadSetting, match="X_FLAG: takes yes or no"):
        env.flag("X_FLAG")


@pytest.mark.parametrize("value", ["x", "1.5", "-1", "0", "70000", "１２"])
def test_number_refuses_what_is_no_number_or_out_of_bounds(monkeypatch, value):
    monkeypatch.setenv("X_PORT", value)
    with pytest.raises(BadSetting, match="X_PORT: takes a whole number from 1 to 65535"):
        env.number("X_PORT", 25, least=1)


def test_number(monkeypatch):
    monkeypatch.setenv("X_PORT", "2525")
    assert (env.number("X_PORT", 25), env.number("X_ABSENT", 25)) == (2525, 25)


def test_words_are_separated_by_commas_and_trimmed(monkeypatch):
    monkeypatch.setenv("X_WORDS", " a, b ,,c ")
    assert env.words("X_WORDS") == ["a", "b", "c"]


def test_choice_takes_any_case_and_refuses_another_word(monkeypatch):
    monkeypatch.setenv("X_LEVEL", "info")
    assert env.choice("X_LEVEL", "ERROR", env.LOG_LEVELS) == "INFO"
    monkeypatch.setenv("X_LEVEL", "loud")
    with pytest.raises(BadSetting, match="X_LEVEL: takes one of DEBUG, INFO"):
        env.choice("X_LEVEL", "ERROR", env.LOG_LEVELS)


def test_database_over_the_network_and_over_a_socket():
    far = env.database("postgres://ann:p%40ss@db.example:5433/lantern")
    assert (far["USER"], far["PASSWORD"], far["HOST"], far["PORT"], far["NAME"]) == (
        "ann", "p@ss", "db.example", "5433", "lantern",
    )  # fmt: skip
    near = env.database("postgresql://ann@/lantern?host=/run/postgresql")
    assert (near["HOST"], near["PORT"], near["NAME"]) == ("/run/postgresql", "", "lantern")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://a@b/c", "only postgres"),
        ("postgres://a@b:many/c", "the port"),
        ("postgres://a@b:99999/c", "the port"),
        ("postgres://a@b", "name of the database"),
    ],
)
def test_database_refuses_what_it_does_not_understand(url, reason):
    with pytest.raises(BadSetting, match=f"DATABASE_URL: .*{reason}"):
        env.database(url)


def test_sqlite_writes_every_commit_to_disk(tmp_path):
    assert "synchronous=FULL" in env.sqlite(tmp_path / "a")["OPTIONS"]["init_command"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LANTERN_WORKERS", "many"),
        ("LANTERN_DEBUG", "perhaps"),
        ("DATABASE_URL", "oracle://x"),
        ("LANTERN_LOG_LEVEL", "loud"),
        ("LANTERN_SECRET_KEY_FILE", "/nowhere/key"),
    ],
)
def test_a_bad_setting_stops_a_command_with_one_line_that_names_it(tmp_path, name, value):
    said = as_program(tmp_path, "tenants", **{name: value})
    assert said.code == 1
    assert name in said.err
    assert "Traceback" not in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_a_data_folder_that_cannot_be_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    said = as_program(tmp_path / "file", "tenants")
    assert said.code == 1
    assert "LANTERN_DATA" in said.err
    assert "Traceback" not in said.err
