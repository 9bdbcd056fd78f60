#!/bin/sh
# Puts the same load on rollcall's SCIM endpoint and on two servers of others around public libraries, in turn, and prints
# medians and ratios for each stage: requests a second, processor time of a request, memory. 10,000 users, 20 groups of
# 1,000 members. bench/scim/compare.sh [RUNS]; the load and the other servers are those of $ROLLCALL_SHARED/bench, which are
# built in $ROLLCALL_BENCH, or in a folder that is deleted.
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-3}
shared=${ROLLCALL_SHARED:-../shared}/bench
tmp=$(mktemp -d)
tools=${ROLLCALL_BENCH:-$tmp}/scim
out=$tmp/lines
server=
trap 'test -z "$server" || kill "$server" 2>/dev/null || true; rm -rf "$tmp"' EXIT

if [ ! -x "$tools/scimload" ]; then
  mkdir -p "$tools"
  cp -r "$shared/scimload" "$tools/load"
  cp -r "$shared/elimity-mem" "$tools/elimity-source"
  cp -r "$shared/scimmy-mem" "$tools/scimmy"
  chmod -R u+w "$tools"
  (cd "$tools/load" && go build -o ../scimload .)
  (cd "$tools/elimity-source" && go build -o ../elimity .)
  (cd "$tools/scimmy" && npm install --silent --no-fund --no-audit)
fi
go build -o "$tmp/rollcall" ./bench/scim/server
echo "machine  $(nproc) cores, $(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1), load $(cut -d' ' -f1 /proc/loadavg 2>/dev/null)"
echo "commit   $(git rev-parse --short HEAD), $(go version | cut -d' ' -f3), node $(node --version)"

measure() { # measure NAME BASE AUTHORIZATION LONGEST-STAGE MEMBERS-ADDED COMMAND…
  name=$1 base=$2 auth=$3 most=$4 patches=$5
  shift 5
  "$@" >/dev/null 2>"$tmp/server.log" &
  server=$!
  until curl -s -o "$tmp/answer" "$base/Users?count=1"; do :; done
  "$tools/scimload" -label "$name" -base "$base" -auth "$auth" -pid "$server" -max "$most" -n 6000 -patches "$patches" >>"$out"
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
}

for _ in $(seq "$runs"); do
  measure rollcall http://127.0.0.1:8646/scim/v2/bench "Bearer rc_bench_secret-of-everybody" 40s 4000 "$tmp/rollcall" -listen 127.0.0.1:8646
  measure elimity http://127.0.0.1:8647 "" 40s 4000 "$tools/elimity" -addr 127.0.0.1:8647 -index -patch204
  measure scimmy http://127.0.0.1:8648/scim "Bearer bench" 25s 100 node "$tools/scimmy/server.mjs" 8648 index
done
python3 bench/scim/compare.py "$out"
