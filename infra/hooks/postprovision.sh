#!/bin/sh
# Once the app's address and identity are known: where sign-in returns to, and what proves who the app is.
set -eu
cd "$(dirname "$0")/../.."
npm exec --no -- node infra/hooks/sign-in.ts finish
