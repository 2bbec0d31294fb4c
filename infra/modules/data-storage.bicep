@description('What Parcours keeps: its tables, and nothing else. The app makes them; some hold one week and are dropped whole.')
param name string
param location string
param tags object

@description('How many copies there are, and where.')
param redundancy string
param privateNetworking bool

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: privateNetworking ? 'Deny' : 'Allow', bypass: 'None' }
  }
}

output id string = account.id
output tablesUrl string = account.properties.primaryEndpoints.table
