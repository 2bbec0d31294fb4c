@description('Who is told when something is wrong, and of what: alerts.json. Each alert has a page in docs/runbooks of its name.')
param location string
param tags object
param logAnalyticsId string
param appInsightsId string
param serviceBusId string
param actionGroupId string

@description('Where the runbooks can be read, without a slash at the end.')
param runbooks string = 'docs/runbooks'

var alerts = loadJsonContent('alerts.json')
var ofThisApp = '| where _ResourceId =~ \'${appInsightsId}\''

resource rules 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in alerts: {
    name: 'parcours-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Parcours: ${alert.title}'
      description: '${runbooks}/${alert.name}.md'
      severity: alert.severity
      enabled: true
      scopes: [logAnalyticsId]
      evaluationFrequency: alert.frequency
      windowSize: alert.window
      autoMitigate: true
      // The tables are there only once the first measurements have come.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: join(concat(take(alert.query, 1), [ofThisApp], skip(alert.query, 1)), '\n')
            timeAggregation: alert.aggregate
            ...(alert.aggregate == 'Count' ? {} : { metricMeasureColumn: 'Value' })
            operator: alert.operator
            threshold: alert.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [actionGroupId] }
    }
  }
]

// The bus itself counts these: what crashes a consumer again and again never reaches our own counters.
resource deadLetters 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: 'parcours-dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: '${runbooks}/dead-letters.md'
    severity: 1
    enabled: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead-letters'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          dimensions: [{ name: 'EntityName', operator: 'Include', values: ['*'] }]
          timeAggregation: 'Average'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: [{ actionGroupId: actionGroupId }]
  }
}
