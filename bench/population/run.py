#!/usr/bin/env python3
"""Asks the same 64 invented registers of the same Parquet with Weft, DuckDB and Polars in turn, compares who is in each, and prints times.

usage: run.py [--people 300000] [--rounds 3] [--engines weft,duckdb,polars] [--growth SIZES] [--bench PROGRAM] [--work DIR]

--bench is the program that `cargo bench -p weft-population --bench registers --no-run` made. Every engine is a process of its own
with two threads; its columns are read into memory before the clock starts, as Weft's are. Two forms are timed: every register
counted, and what it takes to read the columns and count once (cold start). The Python that runs this needs requirements.txt beside it.
"""
import argparse, glob, json, os, resource, subprocess, sys, time

options = argparse.ArgumentParser()
options.add_argument("--people", type=int, default=300_000)
options.add_argument("--rounds", type=int, default=3)
options.add_argument("--bench", default=None)
options.add_argument("--work", default=None, help="where the columns are made, or stand: one folder for each size")
options.add_argument("--engines", default="weft,duckdb,polars")
options.add_argument("--growth", default=None, help="sizes, such as 75000,150000,300000: Weft alone at each, and the time for each person")
options.add_argument("--engine", choices=["duckdb", "polars"])
asked = options.parse_args()
given = asked.work


def folder(people):
    # A folder that another size was made in would be measured under this one's name.
    return given or os.path.join(os.environ.get("WEFT_BENCH_DIR", "/tmp"), f"weft-population-{people}")


asked.work = folder(asked.people)

EACH, ENDING, TODAY = 125, 5, "2026-11-22"
REGISTERS = range(64)


def mapping():
    """Code, register, whether it ends it: as the generator writes them into the rules."""
    rows = []
    for register in REGISTERS:
        ending = ENDING if register % 16 == 12 else 0
        for code in range(register * EACH, (register + 1) * EACH):
            rows.append((code, register, code >= (register + 1) * EACH - ending))
    return rows


# One row a person and register, with everything that any of the rules asks; then each rule by its kind.
FACTS = """
    select e.person, m.register,
      max(case when not m.ends then e.day end) as latest, max(case when m.ends then e.day end) as ended,
      bool_or(e.day > date '2024-11-22') as recent,
      count(distinct case when e.day > date '2024-11-22' then e.code end) as recent_codes,
      max(case when e.value is not null and e.unit in (0, 1) then e.day end) as valued
    from events e join mapping m using (code) where e.day <= date '2026-11-22' group by all"""
LOW = """
    select distinct e.person, m.register from events e join mapping m using (code) join facts f on f.person = e.person and f.register = m.register
    where m.register % 16 = 14 and e.day = f.valued
      and ((e.unit = 0 and e.value < 115::float) or (e.unit = 1 and e.value < 11.5::float))"""
COUNTS = """
    with facts as materialized (%s), low as materialized (%s)
    select f.register, count(*) as n from facts f join people p using (person)
      left join low l on l.person = f.person and l.register = f.register
      left join low k on k.person = f.person and k.register = f.register - 1
    where case f.register %% 16 when 10 then f.recent when 11 then f.recent
      when 12 then f.latest is not null and (f.ended is null or f.ended <= f.latest)
      when 13 then f.recent_codes >= 2 when 14 then l.person is not null
      when 15 then k.person is null and p.birth <= date '1961-11-22' else true end
    group by f.register""" % (FACTS, LOW)


def with_duckdb():
    import duckdb
    began = time.perf_counter()
    base = duckdb.connect(config={"threads": 2})
    base.execute(f"create table events as select person, code, day, value, unit from read_parquet('{asked.work}/events.parquet')")
    base.execute(f"create table people as select person, birth from read_parquet('{asked.work}/people.parquet')")
    base.execute("create table mapping(code int, register int, ends bool)")
    base.executemany("insert into mapping values (?, ?, ?)", mapping())
    counts = dict(base.execute(COUNTS).fetchall())
    return began, lambda: dict(base.execute(COUNTS).fetchall()), counts


def with_polars():
    os.environ["POLARS_MAX_THREADS"] = "2"
    import datetime
    import polars as pl
    began = time.perf_counter()
    events = pl.read_parquet(f"{asked.work}/events.parquet", columns=["person", "code", "day", "value", "unit"])
    people = pl.read_parquet(f"{asked.work}/people.parquet", columns=["person", "birth"])
    rows = mapping()
    mapped = pl.DataFrame({"code": [r[0] for r in rows], "register": [r[1] for r in rows], "ends": [r[2] for r in rows]},
                          schema={"code": pl.Int32, "register": pl.Int32, "ends": pl.Boolean})
    since, today, born = datetime.date(2024, 11, 22), datetime.date(2026, 11, 22), datetime.date(1961, 11, 22)

    def run():
        own = events.lazy().filter(pl.col("day") <= today).join(mapped.lazy(), on="code").collect().lazy()
        usable = pl.col("value").is_not_null() & pl.col("unit").is_in([0, 1])
        facts = own.group_by("person", "register").agg(
            pl.col("day").filter(~pl.col("ends")).max().alias("latest"), pl.col("day").filter(pl.col("ends")).max().alias("ended"),
            (pl.col("day") > since).any().alias("recent"),
            pl.col("code").filter(pl.col("day") > since).n_unique().alias("recent_codes"),
            pl.col("day").filter(usable).max().alias("valued")).collect().lazy()
        is_low = ((pl.col("unit") == 0) & (pl.col("value") < pl.lit(115.0, pl.Float32))) | ((pl.col("unit") == 1) & (pl.col("value") < pl.lit(11.5, pl.Float32)))
        low = own.filter(pl.col("register") % 16 == 14).join(facts.select("person", "register", "valued"), on=["person", "register"]).filter(
            (pl.col("day") == pl.col("valued")) & is_low).select("person", "register").unique().with_columns(pl.lit(True).alias("low"))
        under = low.with_columns(pl.col("register") + 1).rename({"low": "under"})
        kind = pl.col("register") % 16
        is_in = (pl.when((kind == 10) | (kind == 11)).then(pl.col("recent"))
                 .when(kind == 12).then(pl.col("latest").is_not_null() & (pl.col("ended").is_null() | (pl.col("ended") <= pl.col("latest"))))
                 .when(kind == 13).then(pl.col("recent_codes") >= 2).when(kind == 14).then(pl.col("low").fill_null(False))
                 .when(kind == 15).then(pl.col("under").is_null() & (pl.col("birth") <= born)).otherwise(True))
        found = facts.join(people.lazy(), on="person").join(low, on=["person", "register"], how="left").join(
            under, on=["person", "register"], how="left").filter(is_in).group_by("register").len().collect()
        return dict(found.iter_rows())

    counts = run()
    return began, run, counts


if asked.engine:
    began, run, counts = {"duckdb": with_duckdb, "polars": with_polars}[asked.engine]()
    cold = time.perf_counter() - began
    times = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3)
    print(json.dumps(dict(counts={str(k): v for k, v in counts.items()}, cold=cold, registers=sorted(times)[1],
                          memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))
    sys.exit()

found = asked.bench or max(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../target/release/deps/registers-*[0-9a-f]")), key=os.path.getmtime)


def make(people):
    # The file of sums is written last: without it the columns are not whole, or an older Weft made them.
    if not os.path.exists(os.path.join(folder(people), "sums.txt")):
        subprocess.run([found, folder(people), str(people)], check=True)


def weft(people=asked.people):
    printed = subprocess.run([found, folder(people), str(people)], check=True, capture_output=True, text=True).stdout
    figures = {row["figure"]: row["value"] for row in map(json.loads, printed.splitlines())}
    counts = {str(register): int(figures.get(f"invented-{register:02}", 0)) for register in REGISTERS}
    return dict(counts=counts, cold=figures["cold start: load, plan, gather, 64 registers once"], registers=figures["64 registers"],
                memory=figures["memory, peak"], all={key: value for key, value in figures.items() if not key.startswith("invented-")})


def other(engine):
    command = [sys.executable, os.path.abspath(__file__), "--engine", engine, "--work", asked.work]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if asked.growth:
    if given:
        sys.exit("--growth has a folder for each size; leave --work away")
    for people in [int(size) for size in asked.growth.split(",")]:
        make(people)
        for _ in range(asked.rounds):
            result = weft(people)
            print(json.dumps(dict(load=os.getloadavg()[0], people=people, registers=result["registers"], cold=result["cold"], memory=result["memory"],
                                  nanoseconds_a_person=result["registers"] * 1e6 / people, cold_microseconds_a_person=result["cold"] * 1e6 / people)), flush=True)
    sys.exit()

make(asked.people)
engines = asked.engines.split(",")
for _ in range(asked.rounds):
    results = {engine: weft() if engine == "weft" else other(engine) for engine in engines}
    if "weft" not in results:
        print(json.dumps(dict(load=os.getloadavg()[0], **results)), flush=True)
        continue
    truth = {k: v for k, v in results["weft"].pop("counts").items() if v}
    for engine in [engine for engine in engines if engine != "weft"]:
        counts = results[engine].pop("counts")
        differ = {k: (truth.get(k), counts.get(k)) for k in set(truth) | set(counts) if truth.get(k) != counts.get(k)}
        results[engine]["same_people"] = not differ
        if differ:
            print(f"{engine} differs: {dict(list(differ.items())[:5])}", file=sys.stderr)
    print(json.dumps(dict(load=os.getloadavg()[0], **results)), flush=True)
