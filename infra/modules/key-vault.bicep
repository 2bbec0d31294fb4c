@description('The vault of Parcours\'s own keys. No service key is among them: services know the app by its identity.')
param name string
param location string
param tags object

@description('Whether nobody can purge the vault before its retention is over. Cannot be taken back.')
param purgeProtection bool
param privateNetworking bool

@description('Log Analytics workspace that gets the audit log.')
param logAnalyticsId string

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // Azure refuses an outright false: who does not want it says nothing.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: privateNetworking ? 'Deny' : 'Allow', bypass: 'AzureServices' }
  }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: logAnalyticsId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

output id string = vault.id
output uri string = vault.properties.vaultUri
