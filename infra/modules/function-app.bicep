@description('The app: one Flex Consumption plan, one site, and every setting that it has.')
param name string
param planName string
param location string
param tags object
param identityId string
param identityClientId string

@allowed(['22', '24'])
param nodeVersion string

@allowed([512, 2048, 4096])
param instanceMemoryMB int

@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('Requests that one instance works on at once.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int

@description('Instances that are up all the time, by what they serve: {name: http | durable | function:NAME, instanceCount}.')
param alwaysReady { name: string, instanceCount: int }[]
param zoneRedundant bool

@description('Empty: no network of its own.')
param subnetId string
param hostStorageName string
param packagesUrl string
param tablesUrl string
param serviceBusHost string
param mailEndpoint string
param mailSender string
param mailDomainId string
param vaultUri string
param appInsightsConnectionString string

@description('Whether histories lie in the host\'s storage; else in the scheduler of that endpoint.')
param durableInStorage bool
param schedulerEndpoint string
param taskHub string

@description('Whether people sign in through the platform, in front of the app.')
param signIn bool

@description('Address that customers and Dataverse know the app by; empty for the one that Azure gives it.')
param publicUrl string

@description('The remaining settings, by the names that shared/config.ts reads. An empty one is one that is not set.')
param settings object

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // How azd finds where to deploy the service of that name.
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packagesUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReady
        triggers: { http: { perInstanceConcurrency: httpConcurrency } }
      }
    }
  }
}

resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: site
  name: 'ftp'
  properties: { allow: false }
}

resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: site
  name: 'scm'
  properties: { allow: false }
}

var url = empty(publicUrl) ? 'https://${site.properties.defaultHostName}' : publicUrl

var ofTheHost = {
  AzureWebJobsStorage__accountName: hostStorageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsDisableHomepage: 'true'
  APPLICATIONINSIGHTS_CONNECTION_STRING: appInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  ServiceBus__credential: 'managedidentity'
  ServiceBus__clientId: identityClientId
}
var ofTheScheduler = durableInStorage
  ? {}
  : {
      DURABLE_TASK_SCHEDULER: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId}'
      DURABLE_TASK_HUB: taskHub
    }
// The sign-in proves the app's identity by a token of the managed identity: there is no client secret.
var ofTheSignIn = signIn ? { OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identityClientId } : {}
// Without a version, so that a rotated key is found without a deployment.
var ofTheVault = mapValues(
  {
    PARCOURS_WEBHOOK_KEY: 'webhook-key'
    PARCOURS_WEBHOOK_KEY_PREVIOUS: 'webhook-key-previous'
    PARCOURS_SIGNING_KEY: 'signing-key'
    PARCOURS_SIGNING_KEY_PREVIOUS: 'signing-key-previous'
    PARCOURS_INGESTION_KEY: 'ingestion-key'
    PARCOURS_INGESTION_KEY_PREVIOUS: 'ingestion-key-previous'
    PARCOURS_BROWSER_KEY: 'browser-key'
    PARCOURS_BROWSER_KEY_PREVIOUS: 'browser-key-previous'
    PARCOURS_ADDRESS_KEY: 'address-key'
  },
  secret => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${secret}/)'
)
var ofTheDeployment = {
  AZURE_CLIENT_ID: identityClientId
  ServiceBus__fullyQualifiedNamespace: serviceBusHost
  COMMUNICATION_ENDPOINT: mailEndpoint
  PARCOURS_TABLES_URL: tablesUrl
  PARCOURS_SENDER: mailSender
  PARCOURS_MAIL_DOMAIN_ID: mailDomainId
  PARCOURS_PUBLIC_URL: url
  PARCOURS_SIGN_IN: signIn ? 'platform' : ''
}

resource appSettings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'appsettings'
  properties: union(settings, ofTheHost, ofTheScheduler, ofTheSignIn, ofTheVault, ofTheDeployment)
}

output url string = url
output defaultUrl string = 'https://${site.properties.defaultHostName}'
