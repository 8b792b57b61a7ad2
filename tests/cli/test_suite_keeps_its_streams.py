"""A command sets logging up anew, and OR-Tools' logging then closes the stream it holds: never one of the suite's."""

from __future__ import annotations

from absl import logging as absl_logging

from tests.cast import Cast


def test_a_command_after_a_plan_closes_no_stream(lantern, cast: Cast):
    from ortools.math_opt.python import mathopt  # noqa: F401 - as whatever plans does, and with it absl

    assert lantern("tenants").code == 0
    assert not absl_logging.get_absl_handler().python_handler.stream.closed
