#!/bin/sh
# Measures planning at the largest size that Atlassian allows, each case in processes of its own, and at the size that
# other planners were measured with. bench/largest.sh [RUNS]; the figures are medians of so many runs. Seconds are of
# the whole process, from rows to a plan; memory is the most that the process ever had, both sides included.
set -eu
cd "$(dirname "$0")/.."
runs=${1:-3}
for name in GOGC GOMEMLIMIT GODEBUG; do
  eval "value=\${$name:-}"
  if [ -n "$value" ]; then
    echo "$name is set, and the program runs without it: unset $name" >&2
    exit 2
  fi
done
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
go test -c -o "$tmp/plan.test" ./bench/plan

echo "machine  $(nproc) cores, of which 2 are used, $(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1), $(sed -n 's/^MemTotal: *//p' /proc/meminfo 2>/dev/null), load $(cut -d' ' -f1 /proc/loadavg 2>/dev/null)"
echo "commit   $(git rev-parse --short HEAD), $(go version | cut -d' ' -f3), median of $runs"

# bench REGEXP ARG... runs benchmarks, each time in a new process, and keeps what they print in $tmp/out.
bench() {
  regexp=$1
  shift
  : >"$tmp/out"
  for _ in $(seq "$runs"); do
    "$tmp/plan.test" -test.run '^$' -test.bench "$regexp" -test.cpu 2 "$@" >>"$tmp/out" || {
      cat "$tmp/out" >&2
      exit 1
    }
  done
}

# medians KEY... prints the median of each metric over the lines of benchmarks in $tmp/out, separated by blanks.
medians() {
  awk -v keys="$*" '
    /^Benchmark/ { for (i = 3; i < NF; i += 2) { unit = $(i + 1); n[unit]++; v[unit, n[unit]] = $i } }
    END {
      count = split(keys, want, " ")
      for (k = 1; k <= count; k++) {
        unit = want[k]
        for (i = 2; i <= n[unit]; i++) # few values
          for (j = i; j > 1 && v[unit, j - 1] + 0 > v[unit, j] + 0; j--) { t = v[unit, j]; v[unit, j] = v[unit, j - 1]; v[unit, j - 1] = t }
        printf "%s ", v[unit, int((n[unit] + 1) / 2)]
      }
      print ""
    }' "$tmp/out"
}

echo
echo "1,000,000 users, 250,000 groups, 8,000,000 memberships; 5 s and 1,500 MB are asked"
printf '%-9s %7s %7s %7s %8s %9s %7s %7s %7s %8s %9s %9s\n' case build links scope mapping matching plan all CPU MB "all/5 s" "MB/1500"
for case in equal changed empty; do
  bench "^BenchmarkLargest\$/^$case\$" -test.benchtime 1x
  medians build-s links-s scope-s mapping-s matching-s plan-s all-s cpu-s peak-MB |
    awk -v name="$case" '{ printf "%-9s %7.2f %7.2f %7.2f %8.2f %9.2f %7.2f %7.2f %7.2f %8.0f %8.0f%% %8.0f%%\n", name, $1, $2, $3, $4, $5, $6, $7, $8, $9, 100 * $7 / 5, 100 * $9 / 1500 }'
done

echo
echo "10,000 users, 1,000 groups, 100,000 memberships, in ms, reading not included"
echo "(idp-scim-sync v0.45.1 and ssosync 21bd7da: measured on 23 November 2026 on the same kind of machine; ssosync's first plan also asks the target 100,000 times)"
printf '%-18s %9s %7s %14s %7s %9s %7s\n' "" rollcall asked idp-scim-sync times ssosync times
peers() { # NAME BENCHMARK ASKED IDP-SCIM-SYNC SSOSYNC
  bench "^BenchmarkPeers\$/^$2"
  medians ns/op |
    awk -v name="$1" -v asked="$3" -v idp="$4" -v sso="$5" '{ ms = $1 / 1e6; printf "%-18s %9.1f %7s %14s %7.1f %9s %7.1f\n", name, ms, asked, idp, idp / ms, sso, sso / ms }'
}
peers "first plan" first_plan "< 100" 1629 28.7
peers "nothing changed" nothing_changed "" 1135 51.0 # idp-scim-sync: what it takes to hash its inputs
peers "10 + 10 changes" 10_users "< 50" 1674 48.7
