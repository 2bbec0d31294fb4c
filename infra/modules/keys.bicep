@description('''
Parcours's own keys, each with the one before it; that of addresses never changes. Made once: a secret that is there is never written again, so that a
deployment can neither change a key nor undo a rotation. A fresh `-previous` is a value that nobody knows, so that every
reference resolves and nothing is accepted that should not be. See docs/decisions/own-keys.md.
''')
param vaultName string

@secure()
param webhook string = newGuid()
@secure()
param webhookPrevious string = newGuid()
@secure()
param signing string = newGuid()
@secure()
param signingPrevious string = newGuid()
@secure()
param ingestion string = newGuid()
@secure()
param ingestionPrevious string = newGuid()
@secure()
param browser string = newGuid()
@secure()
param browserPrevious string = newGuid()
@secure()
param address string = newGuid()

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = {
  name: vaultName
}

var names = [
  'webhook-key'
  'webhook-key-previous'
  'signing-key'
  'signing-key-previous'
  'ingestion-key'
  'ingestion-key-previous'
  'browser-key'
  'browser-key-previous'
  'address-key'
]
var values = [
  webhook
  webhookPrevious
  'k1:${signing}'
  'k0:${signingPrevious}'
  ingestion
  ingestionPrevious
  browser
  browserPrevious
  address
]

@onlyIfNotExists()
resource keys 'Microsoft.KeyVault/vaults/secrets@2026-05-15' = [
  for (name, i) in names: {
    parent: vault
    name: name
    properties: {
      value: replace(values[i], '-', '')
      contentType: 'text/plain'
      attributes: { enabled: true }
    }
  }
]
