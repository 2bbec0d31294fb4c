# Once the app's address and identity are known: where sign-in returns to, and what proves who the app is.
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Set-Location (Join-Path $PSScriptRoot '../..')
npm exec --no '--' node infra/hooks/sign-in.ts finish
exit $LASTEXITCODE
