"""How soon the planner is how good (intelligence.md C2): 100 to 2,000 candidates, 12 to 40 weeks.

Problems come from pathway_world. Seconds are this process's own (CPU), so that a busy machine does not count; loading
OR-Tools is measured apart. *Loss* is the distance to the best plan found, in % of its worth; a plan that misses a must
which the best met counts as 100. *To proof* counts runs that ended within LONG seconds only; "proven"
says how many those were. Every plan is judged by the checker.

Run `python -m tools.bench pathway`, or this file with sizes: `bench_pathway.py 200x24 500x24`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
from lantern.engine.pathway import Plan, Problem, check, greedy, prove, shortlist
from tests.benchmarks.pathway_world import made_problem

USES_DATABASE = False
INSTANCES, LONG = 6, 20.0
SIZES = tuple((modules, weeks) for modules in (100, 200, 500, 2000) for weeks in (12, 24, 40))
TARGETS = {
    "200x24: to proof: CPU s, median": 1.0,
    "500x24: after 1 CPU s: loss %, median": 0.1,
    "500x24: after 1 CPU s: loss %, max": 1.0,
    "500x24: after 3 CPU s: loss %, max": 1.0,
}

Figures = dict[str, float | str]
Seen = list[tuple[float, Plan]]
clock: Callable[[], float] = time.process_time


def loading() -> Figures:
    """What a process pays that improves a first plan, in a process of its own."""
    program = (
        "import sys, time, json; rss = lambda: int(open('/proc/self/statm').read().split()[1]) * 4096 / 1e6;"
        "import lantern.engine.pathway; before, began = rss(), time.process_time();"
        "import ortools.math_opt.python.mathopt;"
        "print(json.dumps([time.process_time() - began, rss() - before]))"
    )
    path = f"import sys; sys.path[:0] = {sys.path!r};"
    ran = subprocess.run([sys.executable, "-c", path + program], check=True, capture_output=True, text=True)
    seconds, megabytes = json.loads(ran.stdout)
    return {"loading OR-Tools: CPU s": round(seconds, 2), "loading OR-Tools: MB": round(megabytes, 1)}


def loss(plan: Plan, best: Plan) -> float:
    """Per cent of the best plan's worth that is missing."""
    if plan.shortfall > best.shortfall + 1e-4:
        return 100.0
    return max(0.0, 100 * (best.worth.total - plan.worth.total) / max(best.worth.total, 1e-9))


def stands_still() -> Callable[[], float]:
    """A clock that stands still until LONG seconds of CPU are spent. The solvers count wall seconds, which on a busy
    machine stop them long before; so nothing but what is between them is stopped by this one."""
    began = clock()
    return lambda: 0.0 if clock() - began < LONG else 1e9


class Run:
    """One instance: greedy, and as long as it takes up to LONG, with every better plan on the way."""

    def __init__(self, problem: Problem) -> None:
        began = clock()
        self.greedy = greedy(problem)
        self.first = clock() - began
        self.seen: Seen = []
        began = clock()
        self.proven = prove(
            problem, 1e6, clock=stands_still(), told=lambda plan: self.seen.append((clock() - began, plan))
        )
        self.to_proof = clock() - began
        for plan in (self.greedy, *(plan for _, plan in self.seen), self.proven):
            if broken := check(problem, plan):
                raise AssertionError(f"a plan that cannot be lived: {broken}")

    def after(self, seconds: float) -> Plan:
        """The plan in hand after so many seconds; `improve` with that limit has what the solver held then as well."""
        return [plan for at, plan in self.seen if at <= seconds or plan is self.seen[0][1]][-1]

    def to_one_percent(self) -> float:
        """Seconds until a plan within 1 % of the best was there."""
        return next((at for at, plan in self.seen if loss(plan, self.proven) <= 1.0), LONG)


def size(modules: int, weeks: int, instances: int = INSTANCES) -> Figures:
    """The figures of one size."""
    runs = [Run(made_problem(modules, weeks, seed)) for seed in range(instances)]
    proofs = [run.to_proof for run in runs if run.proven.proof and run.proven.proof.proven]
    gaps = [100 * run.proven.proof.gap for run in runs if run.proven.proof]
    name = f"{modules}x{weeks}: "
    figures: Figures = {
        name + "greedy: ms, median": round(1000 * median(run.first for run in runs)),
        name + "greedy: loss %, median": round(median(loss(run.greedy, run.proven) for run in runs), 1),
        name + "greedy: loss %, max": round(max(loss(run.greedy, run.proven) for run in runs), 1),
    }
    for seconds in (1.0, 3.0):
        losses = [loss(run.after(seconds), run.proven) for run in runs]
        figures[name + f"after {seconds:g} CPU s: loss %, median"] = round(median(losses), 2)
        figures[name + f"after {seconds:g} CPU s: loss %, max"] = round(max(losses), 2)
    figures[name + "to 1 %: CPU s, median"] = round(median(run.to_one_percent() for run in runs), 2)
    if proofs:
        figures[name + "to proof: CPU s, median"] = round(median(proofs), 2)
        figures[name + "to proof: CPU s, max"] = round(max(proofs), 2)
    figures[name + f"proven within {LONG:g} CPU s"] = f"{len(proofs)} of {len(runs)}"
    figures[name + "gap left %, max"] = round(max(gaps), 2)
    return figures


def shortened() -> Figures:
    """What cutting 500 down to 200 first costs, and how long it takes."""
    losses, spent = [], []
    for seed in range(INSTANCES):
        problem = made_problem(500, 24, seed)
        began = clock()
        short = shortlist(problem).problem
        spent.append(clock() - began)
        losses.append(loss(*(prove(one, 1e6, clock=stands_still()) for one in (short, problem))))
    return {
        "shortlist 500 to 200: ms": round(1000 * median(spent)),
        "shortlist 500 to 200: loss %, median": round(median(losses), 2),
        "shortlist 500 to 200: loss %, max": round(max(losses), 2),
    }


def main() -> Figures:
    figures = loading()
    prove(made_problem(40, 8, 0))  # OR-Tools is loaded from here on
    for modules, weeks in SIZES:
        figures |= size(modules, weeks)
    return figures | shortened()


if __name__ == "__main__":
    prove(made_problem(40, 8, 0))
    for wanted in sys.argv[1:]:
        if wanted == "shortlist":
            print(json.dumps(shortened(), indent=1), flush=True)
        else:
            print(json.dumps(size(*map(int, wanted.split("x"))), indent=1), flush=True)
    if not sys.argv[1:]:
        print(json.dumps(main(), indent=1))
