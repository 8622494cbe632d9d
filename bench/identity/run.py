#!/usr/bin/env python3
"""Links one generated borough with `weft link` and with Splink in turn, on the same file, and prints what each cost and reached.

usage: run.py [--rows 1000000] [--people 600000] [--seed 20261121] [--rounds 3] [--nhs] [--weft PROGRAM] [--work DIR] [--linkage DIR] [--no-splink]

--linkage has gen_borough.py and run_splink.py; without it they are looked for beside the folder that WEFT_SHARED_DATA names.
The Python that runs this needs requirements.txt beside it. Processor seconds are the child's own, user and system, from the
operating system; on a machine that others use they say more than the clock. The people of both are judged by `weft evaluate`;
`household` are pairs of one home wrongly put together: twins, namesakes and others. The last line has the medians and the goals.
"""
import argparse, json, os, statistics, subprocess, sys, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
shared = os.environ.get("WEFT_SHARED_DATA", "")
options = argparse.ArgumentParser()
options.add_argument("--rows", type=int, default=1_000_000)
options.add_argument("--people", type=int, default=600_000)
options.add_argument("--seed", type=int, default=20261121)
options.add_argument("--rounds", type=int, default=3)
options.add_argument("--nhs", action="store_true")
options.add_argument("--no-splink", action="store_true")
options.add_argument("--weft", default=os.environ.get("WEFT_BIN", os.path.join(here, "../../target/release/weft")))
options.add_argument("--work", default=os.environ.get("WEFT_BENCH_DIR", "/tmp"))
options.add_argument("--linkage", default=os.path.join(os.path.dirname(shared.rstrip("/")), "bench/linkage"))
asked = options.parse_args()


def run(command):
    """What a program printed, its seconds, its processor seconds and the most memory it held (MB)."""
    began = time.time()
    with tempfile.TemporaryFile("w+") as complaints:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, text=True)
        printed = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
        if status:
            complaints.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{complaints.read()[-2000:]}")
    return printed, time.time() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def judged(links, file):
    """How good a file of links is."""
    found = json.loads(run([asked.weft, "evaluate", links, "--truth", file])[0].strip().splitlines()[-1])
    pairs, wrong = found["pairs"], found["wrong"]
    household = sum(count for kind, count in wrong.items() if kind not in ("stranger", "unsorted"))
    return dict(precision=pairs["precision"], recall=pairs["recall"], f1=pairs["f1"], household=household, wrong=wrong)


def weft(file):
    links = os.path.join(asked.work, "weft-links.csv")
    command = [asked.weft, "link", file, "--output", links] + ([] if asked.nhs else ["--no-nhs-number"])
    printed, seconds, cpu, memory = run(command)
    report = json.loads(printed.strip().splitlines()[-1])
    return dict(tool="weft", seconds=seconds, cpu=cpu, memory=memory, threshold=report["threshold"], **judged(links, file))


def splink(file):
    links = os.path.join(asked.work, "splink-links.csv")
    script = os.path.join(asked.linkage, "run_splink.py")
    command = [sys.executable, os.path.join(here, "splink.py"), links, script, file] + (["--nhs"] if asked.nhs else [])
    printed, _, _, _ = run(command)
    report = json.loads(next(line for line in printed.splitlines() if line.startswith("{")))
    # Its own count: from reading the file to clusters, without what it does to evaluate itself.
    return dict(tool="splink", seconds=report["seconds"], cpu=report["cpu_seconds"], memory=report["peak_mb"],
                threshold=report["cluster_thr"], **judged(links, file))


def told(values):
    print(json.dumps({key: round(value, 5) if isinstance(value, float) else value for key, value in values.items()}), flush=True)


file = os.path.join(asked.work, f"borough_{asked.rows}_{asked.people}_{asked.seed}.csv")
if not os.path.exists(file):
    generator = os.path.join(asked.linkage, "gen_borough.py")
    run([sys.executable, generator, str(asked.rows), str(asked.people), str(asked.seed), file + ".part"])
    os.rename(file + ".part", file)
found = {}
for _ in range(asked.rounds):
    for tool in [weft] + ([] if asked.no_splink else [splink]):
        load = os.getloadavg()[0]
        one = tool(file)
        told(dict(one, load_before=load))
        found.setdefault(one["tool"], []).append(one)


def median(tool, key):
    return statistics.median(one[key] for one in found[tool])


ours = found["weft"][0]
least = (.999, .983, 0) if asked.nhs else (.998, .965, .985)
goals = dict(memory=median("weft", "memory") <= 500, precision=ours["precision"] >= least[0], recall=ours["recall"] >= least[1],
             f1=ours["f1"] >= least[2])
if "splink" in found:
    theirs = found["splink"][0]
    goals.update(cpu=median("splink", "cpu") >= 10 * median("weft", "cpu"), household=10 * ours["household"] <= theirs["household"])
    told(dict(cpu_ratio=median("splink", "cpu") / median("weft", "cpu"), seconds_ratio=median("splink", "seconds") / median("weft", "seconds"),
              household=[ours["household"], theirs["household"]]))
told(dict(rounds=asked.rounds, weft_cpu=median("weft", "cpu"), weft_seconds=median("weft", "seconds"), weft_memory=median("weft", "memory"), goals=goals))
