#!/bin/sh
# Measures the live program against Entra and Atlassian in miniature on this machine, without a limit of requests: the
# first cycle of a company of 100,000 users, 5,000 groups and 1,000,000 memberships, one in which nothing changed, and
# why about five people of a recorded company of that size with 100 ms for every request. The services take CPU too.
# bench/live.sh; the recorded company is kept in $ROLLCALL_BENCH if that names a folder.
set -eu
cd "$(dirname "$0")/.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
world=${ROLLCALL_BENCH:-$tmp/world}

go build -o "$tmp" ./bench/gen ./bench/live ./cmd/rollcall
echo "machine  $(nproc) cores, $(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1), $(sed -n 's/^MemTotal: *//p' /proc/meminfo 2>/dev/null), load $(cut -d' ' -f1 /proc/loadavg 2>/dev/null)"
echo "commit   $(git rev-parse --short HEAD), $(go version | cut -d' ' -f3)"

echo
"$tmp/live" -rollcall "$tmp/rollcall" initial

[ -f "$world/bundle.json" ] || "$tmp/gen" -users 100000 -memberships 1000000 -out "$world"
echo
echo "why, 100 ms for every request"
sed -n '/"userPrincipalName"/{s/.*"userPrincipalName":"\([^"]*\)".*/\1/p;}' "$world/entra/users.json" | sed -n '500p;1000p;2022p;60001p;90001p' |
  xargs "$tmp/live" -rollcall "$tmp/rollcall" why -bundle "$world" -latency 100ms
