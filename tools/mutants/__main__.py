"""Makes one small mistake at a time in the modules that keep the privacy promise, and sees whether a test notices.

    python -m tools.mutants                        what `make mutants` runs: every group
    python -m tools.mutants consent --only sharing one group, and of it the modules with this in their name
    python -m tools.mutants policy --list          only the names of the mutants

A mutant is killed when a test fails, or does not end in several times its usual time. One that survives has to be
waived by name, with a reason, in tests/architecture/waived_mutants.py; otherwise the run ends with 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from tools.mutants.operators import Mutant, mutants
from tools.mutants.targets import GROUPS, Group


def main() -> int:
    """Run the groups that were asked for and say what survived."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(group.name for group in GROUPS))
    parser.add_argument("--only", default="", help="of these, the modules with this in their name")
    parser.add_argument("--function", default="", help="of these, the mutants with this in their name")
    parser.add_argument("--waived", action="store_true", help="try also what is waived, which meets every test it can")
    parser.add_argument("--list", action="store_true", help="only name the mutants")
    chosen = parser.parse_args()
    groups = [group for group in GROUPS if not chosen.groups or group.name in chosen.groups]
    survivors = 0
    for group in groups:
        made = mutants_of(group, chosen.only, chosen.function)
        if chosen.list:
            for each in made:
                print(f"{each.module}\t{each.name}")
        elif made:
            survivors += _try(group, made, waived_too=chosen.waived)
    return 1 if survivors else 0


def mutants_of(group: Group, only: str = "", function: str = "") -> list[Mutant]:
    """Return the mutants of a group."""
    return [
        each
        for module, path in group.modules().items()
        if only in module
        for each in mutants(module, path.read_text(encoding="utf-8"))
        if function in each.name
    ]


def _try(group: Group, made: list[Mutant], *, waived_too: bool) -> int:
    """Try the mutants of a group, say what became of them, and return how many survived without a waiver."""
    from tests.architecture.waived_mutants import WAIVED  # noqa: PLC0415 - --list needs no tests
    from tools.mutants.running import survivors  # noqa: PLC0415 - loads pytest and Django

    began = time.monotonic()
    excused = [each for each in made if each.name in WAIVED.get(each.module, {})]
    tried = made if waived_too else [each for each in made if each not in excused]
    left = survivors(group, tried)
    for each in excused:
        if waived_too and id(each) not in left:
            print(f"KILLED, so no waiver is needed: {each.module} {each.name}")
    of_module = Counter(each.module for each in made)
    waived = Counter(each.module for each in excused)
    open_ones = [each for each in tried if id(each) in left and each not in excused]
    killed = of_module - waived - Counter(each.module for each in open_ones)
    for module, count in of_module.items():
        print(f"{module}: {count} mutants, {killed[module]} killed, {waived[module]} waived")
    for each in open_ones:
        print(f"SURVIVED {each.module}:{each.site.line} {each.name}")
    print(
        f"{group.name}: {len(made)} mutants, {killed.total()} killed, {waived.total()} waived, "
        f"{len(open_ones)} survived, {time.monotonic() - began:.0f} s",
        flush=True,
    )
    return len(open_ones)


if __name__ == "__main__":
    sys.exit(main())
