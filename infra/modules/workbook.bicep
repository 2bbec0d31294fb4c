@description('What happens in Parcours, on one page of the portal. Its content is workbook.json.')
param location string
param tags object
param logAnalyticsId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(logAnalyticsId, 'parcours')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Parcours'
    category: 'workbook'
    sourceId: logAnalyticsId
    serializedData: loadTextContent('workbook.json')
    version: 'Notebook/1.0'
  }
}

output workbookId string = workbook.id
