@description('Durable Task Scheduler: where runs wait, when it is chosen over Azure Storage.')
param name string
param location string
param tags object
param taskHub string

@allowed(['Consumption', 'Dedicated'])
param sku string

@description('Units; Dedicated only.')
param capacity int

@description('Days that the history of an ended run is kept.')
param historyDays int

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    // An empty list would let nobody in. The door is the role: there are no keys.
    ipAllowlist: ['0.0.0.0/0']
    sku: sku == 'Dedicated' ? { name: sku, capacity: capacity } : { name: sku }
  }
}

resource hub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  parent: scheduler
  name: taskHub
}

resource retention 'Microsoft.DurableTask/schedulers/retentionPolicies@2026-02-01' = {
  parent: scheduler
  name: 'default'
  properties: {
    retentionPolicies: [
      for state in ['Completed', 'Failed', 'Canceled', 'Terminated']: {
        orchestrationState: state
        retentionPeriodInDays: historyDays
      }
    ]
  }
}

output endpoint string = scheduler.properties.endpoint
