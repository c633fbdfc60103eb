#!/usr/bin/env bash
# What a newcomer does: start, send, query, SQL; then kill -9, start again, and find everything still there.
set -euo pipefail
cd "$(dirname "$0")/.."

dir=$(mktemp -d)
trap 'kill -9 -- "-${group:-0}" 2>/dev/null || true; rm -rf "$dir"' EXIT
set -m

start() {
  npm start -- --dir "$dir/data" --port 0 >"$dir/log" 2>&1 &
  group=$!
  for _ in $(seq 120); do
    grep -q 'Ctrl-C stops' "$dir/log" && return
    sleep 0.5
  done
  cat "$dir/log"
  echo 'first run: it was not ready within 60 seconds'
  exit 1
}
count() {
  npm run --silent sql -- 'select count(*) as n from events' --dir "$dir/data" --format csv | tail -n 1
}

start
npm run --silent smoke -- --dir "$dir/data"
before=$(count)
server=$(grep -oE "[0-9]+" "$dir/data/lock" | head -n 1)
kill -9 -- "-$group"
while kill -0 "$server" 2>/dev/null; do sleep 0.1; done
start
npm run --silent smoke -- --dir "$dir/data"
after=$(count)
[ "$after" -eq $((before + 1)) ] || { echo "first run: $before events before kill -9, $after after it and one more"; exit 1; }
echo "first run: $after events, all found again after kill -9"
