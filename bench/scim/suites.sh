#!/bin/sh
# Runs the suites of others against rollcall serve, with a fresh store for each: Microsoft's collection (newman), Okta's test,
# the forms of Entra and Okta, scim2-cli, scim-sanity. Two of them contradict the others:
# Microsoft's collection wants 204 for every PATCH, scim-sanity 200, and both add members that are not there. The
# configuration has settings for that, which are off elsewhere. bench/scim/suites.sh; the suites are read from $ROLLCALL_SHARED/suites,
# npm's and PyPI's are installed into $ROLLCALL_BENCH, or into a folder that is deleted.
set -eu
cd "$(dirname "$0")/../.."
suites=${ROLLCALL_SHARED:-../shared}/suites
tmp=$(mktemp -d)
tools=${ROLLCALL_BENCH:-$tmp}
port=${PORT:-8645}
base=http://127.0.0.1:$port/scim/v2/bench
config=$tmp/home/rollcall.yaml
token=
server=
trap 'test -z "$server" || kill "$server"; rm -rf "$tmp"' EXIT

fresh() { # fresh SETTING…: an endpoint without anything in it, and a token for it
  test -z "$server" || { kill "$server"; wait "$server" 2>/dev/null || true; }
  rm -rf "$tmp/home"
  mkdir "$tmp/home"
  echo 'connections: [{name: bench, method: entra-scim}]' >"$config"
  echo 'inbound:' >>"$config"
  printf '  %s\n' "listen: 127.0.0.1:$port" 'directories: [{id: bench}]' "$@" >>"$config"
  "$tmp/rollcall" token create bench --config "$config" --json >"$tmp/token"
  token=$(sed -n 's/.*"token": *"\(.*\)".*/\1/p' "$tmp/token")
  "$tmp/rollcall" serve --config "$config" >>"$tmp/server.log" 2>&1 &
  server=$!
  until curl -s -o "$tmp/answer" "$base"; do :; done
}

[ -x "$tools/venv/bin/scim2" ] || { python3 -m venv "$tools/venv"; "$tools/venv/bin/pip" -q install scim2-cli scim-sanity; }
go build -o "$tmp/rollcall" ./cmd/rollcall
failed=0

echo "== Microsoft's collection: 103 assertions"
fresh "patch: 204" "unknown_members: skip"
npx --yes newman@6.2.2 run "$suites/microsoft-scim-postman.json" --env-var Protocol=http --env-var Server=127.0.0.1 --env-var "Port=:$port" \
  --env-var Api=scim/v2/bench --env-var "token=$token" --folder "Endpoint tests" --folder "User tests" --folder "Group tests" \
  --folder "ComplexAttribute tests" --folder "User tests with garbage" --folder "Group tests with garbage" --folder "Teardown garbage" \
  --reporter-cli-no-success-assertions >"$tmp/newman" || failed=1
grep -a 'assertions\|AssertionError' "$tmp/newman"

echo "== Okta's test: 52 assertions"
fresh
curl -s -o "$tmp/answer" -H "Authorization: Bearer $token" -H "Content-Type: application/scim+json" "$base/Users" \
  -d '{"userName":"first@example.com","name":{"givenName":"F","familyName":"I"},"emails":[{"value":"first@example.com","primary":true}],"active":true}'
node "$suites/runscope-run.mjs" "$suites/okta-scim-2.0-spec-test.json" "$base" "Bearer $token" || failed=1

echo "== Forms of Entra and Okta: 46"
fresh
python3 "$suites/entra-forms.py" "$base" "Bearer $token" | tee "$tmp/forms" | grep -v '^ok' || true
grep -q '^46 of 46$' "$tmp/forms" || failed=1

echo "== scim2-cli"
fresh
"$tools/venv/bin/scim2" --url "$base" --header "Authorization: Bearer $token" test >"$tmp/scim2" 2>&1 || failed=1
awk '/^[A-Z]+ check/ {n[$1]++} END {for (k in n) print n[k], k}' "$tmp/scim2"
if grep -q '^\(ERROR\|CRITICAL\)' "$tmp/scim2"; then grep -A3 '^\(ERROR\|CRITICAL\)' "$tmp/scim2"; failed=1; fi

echo "== scim-sanity"
fresh "patch: 200" "unknown_members: skip"
"$tools/venv/bin/python3" -m scim_sanity probe "$base" --token "$token" --i-accept-side-effects --json-output >"$tmp/sanity" || failed=1
python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["summary"])' "$tmp/sanity"
exit $failed
