@description('The bus. Topics and subscriptions are those that functions/ names; a test compares them.')
param name string
param location string
param tags object

@allowed(['Standard', 'Premium'])
param sku string

@description('Messaging units; Premium only.')
param capacity int
param privateNetworking bool

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
  name: name
  location: location
  tags: tags
  sku: sku == 'Premium' ? { name: sku, tier: sku, capacity: capacity } : { name: sku, tier: sku }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
  }
}

resource network 'Microsoft.ServiceBus/namespaces/networkRuleSets@2026-01-01' = if (privateNetworking) {
  parent: namespace
  name: 'default'
  properties: {
    publicNetworkAccess: 'Disabled'
    defaultAction: 'Deny'
    // Event Grid brings the mail reports with its own identity, from outside the network.
    trustedServiceAccessEnabled: true
  }
}

resource triggerEvents 'Microsoft.ServiceBus/namespaces/topics@2026-01-01' = {
  parent: namespace
  name: 'trigger-events'
  properties: {
    defaultMessageTimeToLive: 'P14D'
    // Can be chosen only when the topic is made.
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'PT10M'
    supportOrdering: false
  }
}

var labels = [
  { subscription: 'journeys', label: 'event' }
  { subscription: 'decisions', label: 'change' }
]

resource subscriptions 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2026-01-01' = [
  for it in labels: {
    parent: triggerEvents
    name: it.subscription
    properties: {
      lockDuration: 'PT15S'
      maxDeliveryCount: 20
      defaultMessageTimeToLive: 'P14D'
      deadLetteringOnMessageExpiration: true
      deadLetteringOnFilterEvaluationExceptions: true
    }
  }
]

// Called `$Default`, so that it takes the place of the rule that lets everything through.
resource rules 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2026-01-01' = [
  for (it, i) in labels: {
    parent: subscriptions[i]
    name: '$Default'
    properties: {
      filterType: 'CorrelationFilter'
      correlationFilter: { label: it.label }
    }
  }
]

resource mailReports 'Microsoft.ServiceBus/namespaces/topics@2026-01-01' = {
  parent: namespace
  name: 'mail-reports'
  properties: {
    defaultMessageTimeToLive: 'P14D'
  }
}

resource deliveries 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2026-01-01' = {
  parent: mailReports
  name: 'deliveries'
  properties: {
    lockDuration: 'PT15S'
    maxDeliveryCount: 20
    defaultMessageTimeToLive: 'P14D'
    deadLetteringOnMessageExpiration: true
  }
}

output id string = namespace.id
output host string = replace(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':443/', '')
output mailReportsId string = mailReports.id
