"""Medians of the lines that the load writes, one row for each stage, and how many times as much rollcall does as each of the
others (or how much less it takes). compare.py LINES"""
import json
import statistics
import sys

rows = {}
for line in open(sys.argv[1]):
    one = json.loads(line)
    rows.setdefault(one["stage"], {}).setdefault(one["label"], []).append(one)


def median(lines, of):
    return statistics.median(of(line) for line in lines)


def rate(line):
    return line["per_sec"]


def cpu(line):
    return 1000 * line.get("server_cpu_s", 0) / max(1, line["ok"])


def memory(line):
    return line.get("rss_mib", 0)


def failed(lines):
    return sum(line["err"] for line in lines)


for title, of, more in ("requests a second", rate, True), ("processor ms a request", cpu, False), ("memory, MiB", memory, False):
    print("\n" + title)
    print("%-10s %10s %10s %10s   %s" % ("stage", "rollcall", "elimity", "scimmy", "rollcall is better by"))
    for stage, by in rows.items():
        if stage == "start" and of is not memory:
            continue
        values = {name: median(lines, of) for name, lines in by.items()}
        mine = values.pop("rollcall")
        factors = ["%s %.1f×" % (name, (mine / v if more else v / mine) if v and mine else 0) for name, v in values.items()]
        cells = tuple("%10.2f" % v for v in (mine, values.get("elimity", 0), values.get("scimmy", 0)))
        print("%-10s %s %s %s   %s" % ((stage,) + cells + (", ".join(factors),)))
for stage, by in rows.items():
    for name, lines in by.items():
        if failed(lines):
            print("%s, %s: %d requests failed: %s" % (stage, name, failed(lines), lines[0].get("note", "")))
print("\nprocessor time of others meanwhile: %d%% of one core in the median" % statistics.median(line["other_cpu_pct"] for by in rows.values() for lines in by.values() for line in lines))
