#!/bin/sh
# Measures the program on a made-up company and prints the machine, the commit and the size of the world beside the
# figures. bench/run.sh [USERS [MEMBERSHIPS [RUNS]]]; the company is kept in $ROLLCALL_BENCH if that names a folder.
set -eu
cd "$(dirname "$0")/.."
users=${1:-100000}
memberships=${2:-1000000}
runs=${3:-3}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
world=${ROLLCALL_BENCH:-$tmp/world}

go build -o "$tmp" ./bench/gen ./bench/load ./bench/measure ./cmd/rollcall
[ -f "$world/bundle.json" ] || "$tmp/gen" -users "$users" -memberships "$memberships" -out "$world"
somebody=$(sed -n '/"userPrincipalName"/{s/.*"userPrincipalName":"\([^"]*\)".*/\1/p;}' "$world/entra/users.json" | sed -n '500p')

echo "machine  $(nproc) cores, $(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1), $(sed -n 's/^MemTotal: *//p' /proc/meminfo 2>/dev/null), load $(cut -d' ' -f1 /proc/loadavg 2>/dev/null)"
echo "commit   $(git rev-parse --short HEAD), $(go version | cut -d' ' -f3)"
echo "world    $users users, $memberships memberships, seed 1, $(du -sm "$world" | cut -f1) MB"

measure() {
  title=$1
  shift
  printf '%-22s' "$title"
  "$tmp/measure" -n "$runs" -quiet -- "$@"
}
measure "load everything" "$tmp/load" -bundle "$world"
measure "load for one person" "$tmp/load" -bundle "$world" "$somebody"
measure "rollcall check" "$tmp/rollcall" check --bundle "$world"
measure "rollcall why" "$tmp/rollcall" why --bundle "$world" "$somebody"
measure "rollcall plan" "$tmp/rollcall" plan --bundle "$world" --method rollcall
measure "rollcall plan --json" "$tmp/rollcall" plan --bundle "$world" --method rollcall --json
