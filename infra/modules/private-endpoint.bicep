@description('A service\'s door into the network, under the service\'s own name.')
param name string
param location string
param tags object
param subnetId string
param serviceId string

@description('The part of the service: blob, queue, table, namespace, vault.')
param group string
param zone string

resource endpoint 'Microsoft.Network/privateEndpoints@2026-03-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: group
        properties: { privateLinkServiceId: serviceId, groupIds: [group] }
      }
    ]
  }
}

resource dns 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: zone
}

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2026-03-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [{ name: group, properties: { privateDnsZoneId: dns.id } }]
  }
}
