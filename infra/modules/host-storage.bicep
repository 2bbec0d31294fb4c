@description('What the Functions host keeps: packages, leases, its keys and, with that provider, the durable histories.')
param name string
param location string
param tags object

@description('Containers: of the packages, and of the mail reports that could not be delivered.')
param packageContainer string
param deadLetterContainer string

@description('Days that an undeliverable mail report is kept.')
param deadLetterDays int
param privateNetworking bool

@description('Whether it has to outlast a zone, as an app that is spread over zones needs.')
param zoneRedundant bool

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS' }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    // Event Grid is one of the trusted services: it lays down what it could not deliver.
    networkAcls: { defaultAction: privateNetworking ? 'Deny' : 'Allow', bypass: 'AzureServices' }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2026-06-01' = {
  parent: account
  name: 'default'
}

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = [
  for container in [packageContainer, deadLetterContainer]: {
    parent: blobs
    name: container
  }
]

resource expiry 'Microsoft.Storage/storageAccounts/managementPolicies@2026-06-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'undelivered-mail-reports'
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${deadLetterContainer}/'] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: deadLetterDays } } }
          }
        }
      ]
    }
  }
}

output id string = account.id
output packagesUrl string = '${account.properties.primaryEndpoints.blob}${packageContainer}'
