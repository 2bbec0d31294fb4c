# Before Azure is asked for anything: the app registration that people sign in with.
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Set-Location (Join-Path $PSScriptRoot '../..')
node scripts/ensure-installed.mjs
npm exec --no '--' node infra/hooks/sign-in.ts prepare
exit $LASTEXITCODE
