@description('''
Every role that anything of Parcours has, in one place: the least that does the work, on the narrowest scope there is.
The tests hold the same list; a role more or less fails them.
''')
param appPrincipalId string
param reportsPrincipalId string
param hostStorageName string
param deadLetterContainer string
param dataStorageName string
param serviceBusName string
param communicationName string
param emailName string
param mailDomainName string
param vaultName string
param appInsightsName string

@description('Empty where histories lie in the host\'s storage.')
param schedulerName string
param taskHub string

@description('Whether the host may read how long the queues are, which scales exactly, but lets the app change its topics.')
param exactScaling bool

var ids = loadJsonContent('../roles.json')

func grant(principalId string, roleId string) {
  principalId: string
  principalType: 'ServicePrincipal'
  roleDefinitionId: string
} => {
  principalId: principalId
  principalType: 'ServicePrincipal'
  roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
}

var durableInStorage = empty(schedulerName)

resource hostStorage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: hostStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource deadLetters 'containers' existing = {
      name: deadLetterContainer
    }
  }
}

resource dataStorage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: dataStorageName
}

resource bus 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: serviceBusName

  resource triggerEvents 'topics' existing = {
    name: 'trigger-events'

    resource journeys 'subscriptions' existing = {
      name: 'journeys'
    }

    resource decisions 'subscriptions' existing = {
      name: 'decisions'
    }
  }

  resource mailReports 'topics' existing = {
    name: 'mail-reports'

    resource deliveries 'subscriptions' existing = {
      name: 'deliveries'
    }
  }
}

resource communication 'Microsoft.Communication/communicationServices@2026-03-18' existing = {
  name: communicationName
}

resource email 'Microsoft.Communication/emailServices@2026-03-18' existing = {
  name: emailName

  resource domain 'domains' existing = {
    name: mailDomainName
  }
}

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = {
  name: vaultName
}

resource appInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: appInsightsName
}

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = if (!durableInStorage) {
  name: durableInStorage ? 'none' : schedulerName

  resource hub 'taskHubs' existing = {
    name: taskHub
  }
}

// The host: packages, leases, its own keys.
resource hostBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hostStorage
  name: guid(hostStorage.id, 'app', ids.storageBlobDataOwner)
  properties: grant(appPrincipalId, ids.storageBlobDataOwner)
}

// Durable Functions on Azure Storage: control queues, work items, histories.
resource hostQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (durableInStorage) {
  scope: hostStorage
  name: guid(hostStorage.id, 'app', ids.storageQueueDataContributor)
  properties: grant(appPrincipalId, ids.storageQueueDataContributor)
}

resource hostTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (durableInStorage) {
  scope: hostStorage
  name: guid(hostStorage.id, 'app', ids.storageTableDataContributor)
  properties: grant(appPrincipalId, ids.storageTableDataContributor)
}

// Or on Durable Task Scheduler.
resource taskHubData 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!durableInStorage) {
  scope: scheduler::hub
  name: guid(scheduler::hub.id, 'app', ids.durableTaskDataContributor)
  properties: grant(appPrincipalId, ids.durableTaskDataContributor)
}

// Parcours's own tables: it makes and drops them.
resource dataTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: dataStorage
  name: guid(dataStorage.id, 'app', ids.storageTableDataContributor)
  properties: grant(appPrincipalId, ids.storageTableDataContributor)
}

resource sendEvents 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!exactScaling) {
  scope: bus::triggerEvents
  name: guid(bus::triggerEvents.id, 'app', ids.serviceBusDataSender)
  properties: grant(appPrincipalId, ids.serviceBusDataSender)
}

resource receiveJourneys 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!exactScaling) {
  scope: bus::triggerEvents::journeys
  name: guid(bus::triggerEvents::journeys.id, 'app', ids.serviceBusDataReceiver)
  properties: grant(appPrincipalId, ids.serviceBusDataReceiver)
}

resource receiveDecisions 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!exactScaling) {
  scope: bus::triggerEvents::decisions
  name: guid(bus::triggerEvents::decisions.id, 'app', ids.serviceBusDataReceiver)
  properties: grant(appPrincipalId, ids.serviceBusDataReceiver)
}

resource receiveDeliveries 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!exactScaling) {
  scope: bus::mailReports::deliveries
  name: guid(bus::mailReports::deliveries.id, 'app', ids.serviceBusDataReceiver)
  properties: grant(appPrincipalId, ids.serviceBusDataReceiver)
}

resource ownTriggerEvents 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (exactScaling) {
  scope: bus::triggerEvents
  name: guid(bus::triggerEvents.id, 'app', ids.serviceBusDataOwner)
  properties: grant(appPrincipalId, ids.serviceBusDataOwner)
}

resource ownMailReports 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (exactScaling) {
  scope: bus::mailReports
  name: guid(bus::mailReports.id, 'app', ids.serviceBusDataOwner)
  properties: grant(appPrincipalId, ids.serviceBusDataOwner)
}

// The narrowest built-in role that sends mail. It may list keys too, which open nothing: local authentication is off.
resource sendMail 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: communication
  name: guid(communication.id, 'app', ids.communicationAndEmailServiceOwner)
  properties: grant(appPrincipalId, ids.communicationAndEmailServiceOwner)
}

// Deliverability: the state of the domain and its DNS records.
resource readMailDomain 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: email::domain
  name: guid(email::domain.id, 'app', ids.reader)
  properties: grant(appPrincipalId, ids.reader)
}

resource readKeys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, 'app', ids.keyVaultSecretsUser)
  properties: grant(appPrincipalId, ids.keyVaultSecretsUser)
}

resource sendTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: appInsights
  name: guid(appInsights.id, 'app', ids.monitoringMetricsPublisher)
  properties: grant(appPrincipalId, ids.monitoringMetricsPublisher)
}

// Event Grid, by the system topic's own identity.
resource bringReports 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: bus::mailReports
  name: guid(bus::mailReports.id, 'reports', ids.serviceBusDataSender)
  properties: grant(reportsPrincipalId, ids.serviceBusDataSender)
}

resource layDownReports 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hostStorage::blobs::deadLetters
  name: guid(hostStorage::blobs::deadLetters.id, 'reports', ids.storageBlobDataContributor)
  properties: grant(reportsPrincipalId, ids.storageBlobDataContributor)
}
