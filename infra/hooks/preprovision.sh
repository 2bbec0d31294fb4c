#!/bin/sh
# Before Azure is asked for anything: the app registration that people sign in with.
set -eu
cd "$(dirname "$0")/../.."
node scripts/ensure-installed.mjs
npm exec --no -- node infra/hooks/sign-in.ts prepare
