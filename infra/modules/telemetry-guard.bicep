@description('''
Takes out of telemetry, before it is kept, what opens a page: the host tells the addresses of requests, and the path of a
survey's or a preference page is a signed token. Only functions that transformations know are used
(learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-transformations-kql): there is no replacing, so
that a text ends where a token would begin.
''')
param name string
param workspaceName string
param location string
param tags object
param workspaceProperties object

// In group 1 stands what may be kept: up to a path that is a token, or to a key in a query.
var secret = '(?is)^(.*?(/(survey|unsubscribe)/|[?&]code=))'

func cut(column string, pattern string) string =>
  '${column} = iif(${column} matches regex @\'${pattern}\', strcat(extract(@\'${pattern}\', 1, ${column}), \'...\'), ${column})'

func emptied(column string, pattern string) string =>
  '${column} = iif(tostring(${column}) matches regex @\'${pattern}\', parse_json(\'{}\'), ${column})'

var tables = [
  { name: 'AppRequests', texts: ['Name', 'OperationName', 'Url'], bags: ['Properties'] }
  { name: 'AppDependencies', texts: ['Name', 'OperationName', 'Data'], bags: ['Properties'] }
  { name: 'AppTraces', texts: ['OperationName', 'Message'], bags: ['Properties'] }
  {
    name: 'AppExceptions'
    texts: ['OperationName', 'OuterMessage', 'InnermostMessage']
    bags: ['Properties', 'Details']
  }
]

resource rule 'Microsoft.Insights/dataCollectionRules@2024-03-11' = {
  name: name
  location: location
  tags: tags
  kind: 'WorkspaceTransforms'
  properties: {
    // Refused without.
    dataSources: {}
    destinations: {
      logAnalytics: [
        {
          name: 'workspace'
          workspaceResourceId: resourceId('Microsoft.OperationalInsights/workspaces', workspaceName)
        }
      ]
    }
    dataFlows: [
      for table in tables: {
        streams: ['Microsoft-Table-${table.name}']
        destinations: ['workspace']
        transformKql: 'source | extend ${join(concat(map(table.texts, one => cut(one, secret)), map(table.bags, one => emptied(one, secret))), ', ')}'
      }
    ]
  }
}

// The rule names the workspace and the workspace the rule: so it is written a second time, as it is to be.
resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: union(workspaceProperties, { defaultDataCollectionRuleResourceId: rule.id })
}
