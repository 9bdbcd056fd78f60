# What .ci/run and .ci/nightly share. Sourced from the repository's root with `set -euo pipefail`.
# shellcheck shell=bash

export DEBIAN_FRONTEND=noninteractive
export ROLLCALL_SHARED="${ROLLCALL_SHARED:-$(dirname "$PWD")/shared}"
export ROLLCALL_REQUIRE=shared # what is absent fails a test instead of skipping it
# One set of build flags for every step, or each would compile everything anew; -race needs cgo and overrides.
export CGO_ENABLED=0
export GOFLAGS="-trimpath ${GOFLAGS:-}"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0 skipped="" timings="" current="" started=0 broken=""

say() { printf '  $ %s\n' "$*"; }

# run prints a command and runs it without anybody at the keyboard.
run() {
  say "$@"
  "$@" </dev/null
}

die() {
  echo "${current:-start}: $*" >&2
  exit 1
}

# install PACKAGE puts a Debian package in place, where there is apt and we are root.
install() {
  command -v apt-get >/dev/null && [[ $(id -u) == 0 ]] || die "please install $1"
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "$1"
}

need_gcc() {
  if ! command -v gcc >/dev/null; then
    install gcc
    install libc6-dev
  fi
}

need_go() {
  if ! command -v go >/dev/null && [[ -x /usr/local/go/bin/go ]]; then
    export PATH="$PATH:/usr/local/go/bin"
  fi
  command -v go >/dev/null || install golang-go # go.mod makes it fetch the toolchain it names
  go version
}

# fingerprint names every file of the work tree with its contents.
fingerprint() { git ls-files -z -co --exclude-standard | xargs -0 sha256sum 2>/dev/null | sort -k2; }

# readme_example COMMAND STATUS finds "$ COMMAND" in README.md, runs the command and compares what it prints with
# what the README shows below it, up to the closing fence.
readme_example() {
  local command=$1 want=$2 status=0
  awk -v first="\$ $command" '$0 == first {on=1; next} on && /^```/ {found=1; exit} on {print} END {exit !found}' \
    README.md >"$tmp/shown" || die "README.md has no example '$ $command'"
  say "$command"
  bash -c "$command" </dev/null >"$tmp/printed" 2>"$tmp/complaint" || status=$?
  cat "$tmp/printed" "$tmp/complaint"
  [[ $status == "$want" ]] || die "exit status $status, want $want"
  diff -u --label README.md --label printed "$tmp/shown" "$tmp/printed" || die "README.md shows something else"
}

# tests ARGS... runs go test uncached, in random order, prints the ok lines and adds to passed, failed and skipped. It
# ends the step if a test failed.
tests() {
  local out=$tmp/tests.json status=0
  say "go test -count=1 -shuffle=on -json $* (CGO_ENABLED=$CGO_ENABLED)" | cut -c 1-160
  go test -count=1 -shuffle=on -timeout "${TEST_TIMEOUT:-15m}" -json "$@" </dev/null >"$out" 2>"$tmp/tests.err" || status=$?
  grep -o '"Output":"\(ok  \|FAIL\|?   \)[^"]*' "$out" | sed 's/^"Output":"//; s/\\n$//; s/\\t/\t/g' | grep -v '^FAIL$' || true
  passed=$((passed + $(grep -c '"Action":"pass".*"Test":' "$out" || true)))
  failed=$((failed + $(grep -c '"Action":"fail".*"Test":' "$out" || true)))
  skipped+=$(grep '"Action":"skip".*"Test":' "$out" | sed 's/.*"Package":"\([^"]*\)","Test":"\([^"]*\)".*/ \1:\2/' || true)
  if ((status != 0)); then
    failures "$out"
    cat "$tmp/tests.err"
    die "go test failed"
  fi
}

# failures FILE prints what the failed tests of go test -json said.
failures() {
  local key
  grep '"Action":"\(fail\|build-fail\)"' "$1" | grep -o '"\(Package\|ImportPath\)":"[^"]*"\(,"Test":"[^"]*"\)\?' | sort -u | while read -r key; do
    grep -F -- "$key" "$1" | grep '"Action":"\(build-\)\?output"' | sed 's/.*"Output":"//; s/"}$//; s/\\n$//; s/\\t/\t/g; s/\\"/"/g'
  done | awk '!seen[$0]++' | head -n 200
}

# all_ran fails where a test was skipped: whoever passes a gate is to know that everything ran.
all_ran() {
  [[ -z $skipped ]] || die "tests were skipped, and all of them must run:$skipped"
}

# fuzz_all TIME runs every fuzz target of the repository for that long, whatever becomes of the others. Seeds and found
# inputs in testdata/fuzz already ran with the tests.
fuzz_all() {
  local file name count=0 bad=""
  while IFS=: read -r file name; do
    count=$((count + 1))
    fuzz_one "./$(dirname "$file")" "$name" "$1" || bad+=" $name"
  done < <(git ls-files -z -co --exclude-standard '*_test.go' | xargs -0 grep -oE '^func Fuzz[A-Za-z0-9_]+\(f \*testing\.F\)' /dev/null | sed -E 's/:func (Fuzz[A-Za-z0-9_]+).*/:\1/' | sort)
  ((count > 0)) || die "found no fuzz target: the search is broken"
  echo "  $count fuzz targets, $1 each"
  [[ -z $bad ]] || die "failed:$bad"
}

# fuzz_one DIR NAME TIME. The go command sometimes reports its own deadline as a failure when time is up; such a
# run found nothing and is repeated once.
fuzz_one() {
  local try status
  say "go test -run '^\$' -fuzz '^$2\$' -fuzztime $3 $1"
  for try in 1 2; do
    status=0
    go test -run '^$' -fuzz "^$2\$" -fuzztime "$3" "$1" </dev/null >"$tmp/fuzz" 2>&1 || status=$?
    tail -n 2 "$tmp/fuzz"
    if ((status == 0)); then return 0; fi
    if ((try == 1)) && grep -q 'context deadline exceeded' "$tmp/fuzz" && ! grep -q 'Failing input' "$tmp/fuzz"; then continue; fi
    cat "$tmp/fuzz"
    return 1
  done
}

finish() {
  local status=$?
  rm -rf "$tmp"
  if [[ $status != 0 && -n $current && -z $broken ]]; then
    broken=$current
    note FAILED
  fi
  echo
  [[ -z $timings ]] || printf 'step        seconds  result\n%s%-11s %7d\n' "$timings" all "$SECONDS"
  if ((status != 0)); then
    echo "FAILED in step ${broken:-start}"
    if ((failed == 0)); then failed=1; fi
  fi
  echo "$passed passed, $failed failed"
  exit "$status"
}

# note RESULT keeps how the current step ended, and the seconds since it started.
note() { timings+=$(printf '%-11s %7d  %s' "$current" $((SECONDS - started)) "$1")$'\n'; }

# alone runs the current step so that its failure ends it and not the run, and keeps its counts. It is no condition of
# anything: in a condition bash goes on after a command that fails.
alone() {
  local status
  set +e
  (
    trap 'echo "$passed $failed" >"$tmp/counts"' EXIT
    set -e
    "step_$current"
  )
  status=$?
  set -e
  read -r passed failed <"$tmp/counts"
  if ((status == 0)); then
    note ok
  else
    broken+="${broken:+, }$current"
    note FAILED
  fi
}

# main STEP... runs the functions step_STEP of the named steps, or of the whole list `steps`, in its order. The first that
# fails ends the run, unless `every` is set: then all of them run, and the run fails in the end.
main() {
  if [[ ${1:-} == list ]]; then
    printf '%s\n' "${steps[@]}"
    return
  fi
  trap finish EXIT
  if (($# == 0)); then set -- "${steps[@]}"; fi
  need_go
  local step
  for step in "$@"; do
    [[ " ${steps[*]} " == *" $step "* ]] || die "there is no step $step; steps are: ${steps[*]}"
  done
  for current in "$@"; do
    printf '\n== %s\n' "$current"
    started=$SECONDS
    if [[ -n ${every:-} ]]; then
      alone
    else
      "step_$current"
      note ok
    fi
  done
  current=""
  [[ -z $broken ]]
}
