#!/usr/bin/env bash
# Checks the synthesised template with cfn-lint, in a virtual environment that is thrown away afterwards.
# Usage: .ci/lint-template.sh [template.json]   (without an argument it synthesises one)
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v python3 >/dev/null || ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
  echo "cfn-lint skipped: there is no python3 with venv here"
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH="$PWD/node_modules/.bin:$PATH"

if [ $# -gt 0 ]; then
  template=$1
else
  cat >"$work/synth.mjs" <<EOF
import { synthesize } from '$PWD/infra/synth.ts';
console.log(synthesize({ outdir: '$work/cdk.out' }));
EOF
  template=$(node "$work/synth.mjs" | tail -n 1)
fi

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'cfn-lint==1.58.0'
# W3005: CDK names a function's role in DependsOn although the function refers to it.
"$work/venv/bin/cfn-lint" --ignore-checks W3005 --non-zero-exit-code error --template "$template"
echo "cfn-lint: $(basename "$template") is clean"
