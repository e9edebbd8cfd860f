#!/usr/bin/env bash
# Packs the built program, installs the package in a folder of its own without development tools, and uses it there as
# somebody would who has never seen this repository: command line, promises, Effect programs.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
export PATH="$root/node_modules/.bin:$PATH"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm pack --ignore-scripts --silent --pack-destination "$work" "$root" > "$work/name"
tarball="$work/$(tail -n 1 "$work/name")"
listed=$(tar -tzf "$tarball")
for path in dist/main.js dist/index.js dist/index.d.ts schemas/policy.schema.json pipelines/law/recording-consent.yaml; do
  grep -qx "package/$path" <<< "$listed" || { echo "The package lacks $path." >&2; exit 1; }
done
if unwanted=$(grep -E '\.(pem|key)$|^package/(src|test)/|/(reports|keys|\.earshot)/' <<< "$listed"); then
  printf 'The package holds what it must not:\n%s\n' "$unwanted" >&2
  exit 1
fi

mkdir "$work/elsewhere"
cd "$work/elsewhere"
npm init --yes >/dev/null
npm install --no-audit --no-fund --prefer-offline --silent --omit=dev "$tarball"
for tool in typescript esbuild tsx vitest; do
  if [ -e "node_modules/$tool" ]; then echo "The package installs the development tool $tool." >&2; exit 1; fi
done

earshot() { node node_modules/earshot/dist/main.js "$@"; }
earshot --help >/dev/null
earshot simulate --contacts 60 --seed 5 --out estate >/dev/null
earshot run estate/pipeline.yaml --as-of 2026-07-01T00:00:00Z
report=$(find estate/reports -maxdepth 1 -type d -name '20*' | head -n 1)
earshot verify "$report" --key estate/keys/pipeline.pub
echo " " >> "$report/summary.md"
code=0
earshot verify "$report" --key estate/keys/pipeline.pub > changed.txt || code=$?
if [ "$code" -ne 4 ] || ! grep -q summary.md changed.txt; then echo "A changed file was not refused." >&2; exit 1; fi

cat > use.mjs <<'MODULE'
import * as Effect from "effect/Effect"
import { audit, verify } from "earshot"
import * as programs from "earshot/effect"
const flags = { asOf: "2026-07-01T00:00:00Z", out: "library-reports" }
const { folder, summary } = await audit({ pipeline: "estate/pipeline.yaml", flags })
const checked = await verify({ path: folder, keys: ["estate/keys/pipeline.pub"] })
const again = await Effect.runPromise(programs.verify({ path: folder, keys: ["estate/keys/pipeline.pub"] }))
if (!summary.trust.trustworthy || !checked.ok || !again.ok) throw new Error("the library does not do what the command line does")
MODULE
node use.mjs
echo "The package installs and works."
