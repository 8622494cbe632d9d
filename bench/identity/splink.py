#!/usr/bin/env python3
"""Runs the Splink script as it is, then writes the people it found, so that `weft evaluate` judges both tools by one rule.

usage: splink.py LINKS.csv RUN_SPLINK.py INPUT.csv [--nhs] [--thr 0.95]

Must not change what is measured: the script has counted its time, processor and memory before anything is written here.
"""
import runpy, sys

links, script = sys.argv[1:3]
sys.argv = sys.argv[2:]
seen = runpy.run_path(script, run_name="__main__")
seen["con"].execute(f"copy (select unique_id, cluster_id as person_id from {seen['ct']}) to '{links}' (header, delimiter ',')").fetchall()
