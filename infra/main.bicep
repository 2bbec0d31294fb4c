targetScope = 'subscription'

@description('Name of the azd environment; names of resources derive from it.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Region. Flex Consumption must exist there.')
param location string

@description('Client id of the app registration for sign-in; a hook makes it.')
param signInClientId string = ''

@description('Settings of Parcours by the names that shared/config.ts reads; an empty one takes its default there.')
param settings object = {}

@description('Where runs wait. The package must be built for the same one: both read PARCOURS_DURABLE.')
@allowed(['azure-storage', 'durable-task-scheduler'])
param durableProvider string = 'azure-storage'

@description('Consumption: pay for each action. Dedicated: units.')
@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('Units of a dedicated scheduler.')
@minValue(1)
@maxValue(3)
param schedulerCapacity int = 1

@description('Premium: messages up to 100 MB, own capacity, private networking.')
@allowed(['Standard', 'Premium'])
param serviceBusSku string = 'Standard'

@description('Messaging units of a Premium namespace: 1, 2, 4, 8 or 16.')
@allowed([1, 2, 4, 8, 16])
param serviceBusCapacity int = 1

@description('Lets the host see how long the queues are, which scales exactly, at the price of a stronger role on the two topics.')
param exactScaling bool = false

@allowed(['22', '24'])
param nodeVersion string = '22'

@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 100

@minValue(1)
@maxValue(1000)
param httpConcurrency int = 100

@description('Instances that are always up for HTTP: the webhook and the pages.')
@minValue(0)
param alwaysReadyHttp int = 0

@description('Instances that are always up for runs. On Azure Storage one keeps timers punctual.')
@minValue(0)
param alwaysReadyDurable int = 1

@description('Instances that are always up for trigger events.')
@minValue(0)
param alwaysReadyEvents int = 0

@description('Spreads the app over availability zones. Azure then keeps, and charges, two instances always ready for each function that scales by itself.')
param zoneRedundant bool = false

@description('Services are reached through private endpoints only. Needs Service Bus Premium.')
param privateNetworking bool = false

@description('Address space of the network; /23 or wider.')
param networkAddressPrefix string = '10.90.0.0/16'

@description('Address that customers and Dataverse know the app by, if not the one that Azure gives it.')
param publicUrl string = ''

@description('Own domain to send mail from; empty: a domain that Azure manages, good for 10 mails an hour.')
param mailDomain string = ''

@description('Whether the own domain\'s DNS records are verified; until then mail goes out from the managed one.')
param mailDomainVerified bool = false

@description('The part of the sender\'s address before the @; other than donotreply only once Azure raised the domain\'s limits.')
param mailSenderName string = 'donotreply'

@description('Where Communication Services keeps mails at rest.')
param mailDataLocation string = 'Europe'

@description('Days that logs and telemetry are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Days that the durable history of an ended run and an undeliverable mail report are kept.')
@minValue(1)
@maxValue(90)
param historyRetentionDays int = 30

@description('Copies of Parcours\'s tables.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_RAGRS', 'Standard_GZRS', 'Standard_RAGZRS'])
param dataRedundancy string = 'Standard_ZRS'

@description('Tables elsewhere than in the account made here, as after a disaster; the identity needs its role there. Empty: those made here.')
param tablesUrl string = ''

@description('Nobody can purge the vault before 90 days are over: without the signing key no link in a mail works any more.')
param protectKeys bool = true

@description('Mail addresses that alerts go to, separated by commas.')
param alertAddresses string = ''

var abbreviations = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var names = {
  identity: '${abbreviations.managedIdentities}${token}'
  workspace: '${abbreviations.logAnalyticsWorkspaces}${token}'
  appInsights: '${abbreviations.insightsComponents}${token}'
  guard: '${abbreviations.dataCollectionRules}${token}'
  actionGroup: '${abbreviations.actionGroups}${token}'
  hostStorage: '${abbreviations.storageAccounts}host${token}'
  dataStorage: '${abbreviations.storageAccounts}data${token}'
  vault: '${abbreviations.keyVaults}${token}'
  serviceBus: '${abbreviations.serviceBusNamespaces}${token}'
  communication: '${abbreviations.communicationServices}${token}'
  email: '${abbreviations.emailServices}${token}'
  reports: '${abbreviations.systemTopics}${token}'
  scheduler: '${abbreviations.durableTaskSchedulers}${token}'
  network: '${abbreviations.virtualNetworks}${token}'
  endpoints: '${abbreviations.privateEndpoints}${token}-'
  plan: '${abbreviations.serverFarms}${token}'
  app: '${abbreviations.functionApps}${token}'
}
var taskHub = 'parcours'
var packageContainer = 'app-package'
var deadLetterContainer = 'undelivered-mail-reports'
var durableInStorage = durableProvider == 'azure-storage'
var busSku = privateNetworking && serviceBusSku != 'Premium'
  ? fail('privateNetworking needs serviceBusSku Premium: Standard has no private endpoints')
  : serviceBusSku
// Azure takes no single always-ready instance of an app that is spread over zones.
var leastReady = zoneRedundant ? 2 : 1
var ready = map(
  filter(
    [
      { name: 'http', instanceCount: alwaysReadyHttp }
      { name: 'durable', instanceCount: alwaysReadyDurable }
      { name: 'function:trigger-events', instanceCount: alwaysReadyEvents }
    ],
    one => one.instanceCount > 0
  ),
  one => { name: one.name, instanceCount: max(one.instanceCount, leastReady) }
)

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: '${abbreviations.resourceGroups}${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: names.identity, location: location, tags: tags }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: names.workspace
    componentName: names.appInsights
    guardName: names.guard
    actionGroupName: names.actionGroup
    location: location
    tags: tags
    retentionDays: logRetentionDays
    alertAddresses: map(filter(split(alertAddresses, ','), one => !empty(trim(one))), one => trim(one))
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  scope: group
  params: {
    name: names.hostStorage
    location: location
    tags: tags
    packageContainer: packageContainer
    deadLetterContainer: deadLetterContainer
    deadLetterDays: historyRetentionDays
    privateNetworking: privateNetworking
    zoneRedundant: zoneRedundant
  }
}

module dataStorage 'modules/data-storage.bicep' = {
  scope: group
  params: {
    name: names.dataStorage
    location: location
    tags: tags
    redundancy: dataRedundancy
    privateNetworking: privateNetworking
  }
}

module vault 'modules/key-vault.bicep' = {
  scope: group
  params: {
    name: names.vault
    location: location
    tags: tags
    purgeProtection: protectKeys
    privateNetworking: privateNetworking
    logAnalyticsId: monitoring.outputs.logAnalyticsId
  }
}

module keys 'modules/keys.bicep' = {
  scope: group
  dependsOn: [vault]
  params: { vaultName: names.vault }
}

module bus 'modules/service-bus.bicep' = {
  scope: group
  params: {
    name: names.serviceBus
    location: location
    tags: tags
    sku: busSku
    capacity: serviceBusCapacity
    privateNetworking: privateNetworking
  }
}

module mail 'modules/mail.bicep' = {
  scope: group
  params: {
    communicationName: names.communication
    emailName: names.email
    reportsName: names.reports
    tags: tags
    dataLocation: mailDataLocation
    customDomain: mailDomain
    customDomainVerified: mailDomainVerified
    senderName: mailSenderName
  }
}

module scheduler 'modules/durable-scheduler.bicep' = if (!durableInStorage) {
  scope: group
  params: {
    name: names.scheduler
    location: location
    tags: tags
    taskHub: taskHub
    sku: schedulerSku
    capacity: schedulerCapacity
    // Consumption keeps no longer.
    historyDays: schedulerSku == 'Consumption' ? min(historyRetentionDays, 30) : historyRetentionDays
  }
}

module access 'modules/access.bicep' = {
  scope: group
  dependsOn: [hostStorage, dataStorage, bus, vault, monitoring, scheduler]
  params: {
    appPrincipalId: identity.outputs.principalId
    reportsPrincipalId: mail.outputs.reportsPrincipalId
    hostStorageName: names.hostStorage
    deadLetterContainer: deadLetterContainer
    dataStorageName: names.dataStorage
    serviceBusName: names.serviceBus
    communicationName: names.communication
    emailName: names.email
    mailDomainName: empty(mailDomain) ? 'AzureManagedDomain' : mailDomain
    vaultName: names.vault
    appInsightsName: names.appInsights
    schedulerName: durableInStorage ? '' : names.scheduler
    taskHub: taskHub
    exactScaling: exactScaling
  }
}

module mailReports 'modules/mail-reports.bicep' = {
  scope: group
  dependsOn: [access]
  params: {
    systemTopicName: names.reports
    topicId: bus.outputs.mailReportsId
    hostStorageId: hostStorage.outputs.id
    deadLetterContainer: deadLetterContainer
  }
}

module network 'modules/private-access.bicep' = if (privateNetworking) {
  scope: group
  params: {
    networkName: names.network
    endpointPrefix: names.endpoints
    location: location
    tags: tags
    addressPrefix: networkAddressPrefix
    hostStorageId: hostStorage.outputs.id
    dataStorageId: dataStorage.outputs.id
    vaultId: vault.outputs.id
    serviceBusId: bus.outputs.id
    durableInStorage: durableInStorage
  }
}

module app 'modules/function-app.bicep' = {
  scope: group
  // The host asks for its storage and the keys as soon as it is there.
  dependsOn: [access, keys]
  params: {
    name: names.app
    planName: names.plan
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    httpConcurrency: httpConcurrency
    alwaysReady: ready
    zoneRedundant: zoneRedundant
    subnetId: network.?outputs.appSubnetId ?? ''
    hostStorageName: names.hostStorage
    packagesUrl: hostStorage.outputs.packagesUrl
    tablesUrl: empty(tablesUrl) ? dataStorage.outputs.tablesUrl : tablesUrl
    serviceBusHost: bus.outputs.host
    mailEndpoint: mail.outputs.endpoint
    mailSender: mail.outputs.sender
    mailDomainId: mail.outputs.domainId
    vaultUri: vault.outputs.uri
    appInsightsConnectionString: monitoring.outputs.appInsightsConnectionString
    durableInStorage: durableInStorage
    schedulerEndpoint: scheduler.?outputs.endpoint ?? ''
    taskHub: taskHub
    signIn: !empty(signInClientId)
    publicUrl: publicUrl
    settings: settings
  }
}

module signIn 'modules/sign-in.bicep' = {
  scope: group
  dependsOn: [app]
  params: { siteName: names.app, clientId: signInClientId }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    logAnalyticsId: monitoring.outputs.logAnalyticsId
    appInsightsId: monitoring.outputs.appInsightsId
    serviceBusId: bus.outputs.id
    actionGroupId: monitoring.outputs.actionGroupId
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  dependsOn: [monitoring]
  params: {
    location: location
    tags: tags
    // By its name: the workbook's own name derives from it, and a preview wants to know that beforehand.
    logAnalyticsId: resourceId(
      subscription().subscriptionId,
      group.name,
      'Microsoft.OperationalInsights/workspaces',
      names.workspace
    )
  }
}

// For azd's environment, its hooks, and `npm run connect`. Nothing here is secret.
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_APP string = names.app
output AZURE_KEY_VAULT string = names.vault
output AZURE_SERVICE_BUS string = names.serviceBus
output AZURE_COMMUNICATION_SERVICE string = names.communication
output AZURE_EMAIL_SERVICE string = names.email
output AZURE_EMAIL_DOMAIN string = mail.outputs.domainName
output PARCOURS_URL string = app.outputs.url
output PARCOURS_DEFAULT_URL string = app.outputs.defaultUrl
output PARCOURS_IDENTITY_CLIENT_ID string = identity.outputs.clientId
output PARCOURS_IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
