#!/usr/bin/env python3
"""What the keys of the person index cost an import: so many keys a person into a table like `linkage_key`, on SQLite alone.

usage: keys.py [PEOPLE ...]

Processor time, with Python's own part in it, so it is an upper bound. A row is a random key and an id, as in the record; a commit
holds 25 people and is synced.
"""
import os, random, resource, sqlite3, sys, tempfile

KEYS = 14


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(people, folder):
    database = sqlite3.connect(os.path.join(folder, f"{people}.db"), isolation_level=None)
    database.execute("pragma journal_mode = wal")
    database.execute("pragma synchronous = full")
    database.execute("create table linkage_key (key integer not null, id blob not null, primary key (key, id)) without rowid")
    draw = random.Random(1)
    rows = [[(draw.getrandbits(64) - 2**63, draw.randbytes(16)) for _ in range(KEYS)] for _ in range(people)]
    began = processor()
    for at in range(0, people, 25):
        database.execute("begin")
        for person in rows[at:at + 25]:
            for row in person:
                database.execute("insert into linkage_key values (?, ?)", row)
        database.execute("commit")
    used = processor() - began
    print(f"{people} people: {used / people * 1e6:.0f} microseconds of processor a person")


with tempfile.TemporaryDirectory(dir=os.environ.get("WEFT_BENCH_DIR")) as folder:
    for people in [int(word) for word in sys.argv[1:]] or [400, 2_000, 20_000]:
        measure(people, folder)
