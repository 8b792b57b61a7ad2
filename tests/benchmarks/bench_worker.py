"""What one web worker holds in memory after it has served every measured page of the generated district."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.benchmarks.world import build_world

TARGETS = {"web worker after 60 requests, its own: MB": 200}
_PROGRAM = """
import os, sys, psutil, django
django.setup()
from django.test import Client
from django.urls import reverse
from lantern import models as tables
from lantern.kernel import tenancy
with tenancy.unscoped("benchmark"):
    account = tables.Account.objects.get(persons=sys.argv[1])
    resource = tables.Resource.objects.filter(tenant_id=sys.argv[2]).order_by("pk")[0].pk
client = Client(SERVER_NAME="localhost")
client.force_login(account)
pages = [reverse("home:home"), reverse("learn:catalog") + "?q=feedback", reverse("learn:resource", args=[resource]),
         reverse("grow:plan"), reverse("portfolio:transcript"), reverse("grow:needs")]
for _ in range(10):
    for page in pages:
        assert client.get(page).status_code == 200, page
memory = psutil.Process().memory_full_info()
print(memory.uss / 1e6, memory.rss / 1e6)
"""


def main() -> dict[str, float | str]:
    """Serve the pages in a process of its own and read its resident memory."""
    world = build_world()
    answer = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(world.person_id), str(world.district_id)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise RuntimeError(answer.stderr[-2000:])
    private, resident = answer.stdout.strip().splitlines()[-1].split()
    return {
        "web worker after 60 requests, its own: MB": float(private),
        "with pages it shares (SQLite's mapped file): MB": float(resident),
    }
