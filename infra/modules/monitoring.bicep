@description('Where telemetry goes, and who is told. Alerts and workbook build on this.')
param workspaceName string
param guardName string
param componentName string
param actionGroupName string
param location string
param tags object

@description('Days that logs and telemetry are kept.')
param retentionDays int

@description('Mail addresses that alerts go to.')
param alertAddresses string[]

var ofTheWorkspace = {
  sku: { name: 'PerGB2018' }
  retentionInDays: retentionDays
  features: { disableLocalAuth: true }
}

// Once: written again it would be without its guard for a while.
@onlyIfNotExists()
resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: ofTheWorkspace
}

module guard 'telemetry-guard.bicep' = {
  dependsOn: [workspace]
  params: {
    name: guardName
    workspaceName: workspaceName
    location: location
    tags: tags
    workspaceProperties: ofTheWorkspace
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'parcours'
    emailReceivers: [
      for (address, i) in alertAddresses: {
        name: 'alert-${i + 1}'
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
  }
}

output logAnalyticsId string = workspace.id
output appInsightsId string = component.id
output appInsightsConnectionString string = component.properties.ConnectionString
output actionGroupId string = actionGroup.id
