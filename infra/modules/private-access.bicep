@description('The network and a private endpoint for each service that has one.')
param networkName string
param endpointPrefix string
param location string
param tags object
param addressPrefix string
param hostStorageId string
param dataStorageId string
param vaultId string
param serviceBusId string

@description('Whether histories lie in the host\'s storage: then its queues and tables are needed too.')
param durableInStorage bool

var zones = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  vault: 'privatelink.vaultcore.azure.net'
  namespace: 'privatelink.servicebus.windows.net'
}
var always = [
  { name: 'host-blob', id: hostStorageId, group: 'blob' }
  { name: 'data-table', id: dataStorageId, group: 'table' }
  { name: 'vault', id: vaultId, group: 'vault' }
  { name: 'bus', id: serviceBusId, group: 'namespace' }
]
var ofDurable = [
  { name: 'host-queue', id: hostStorageId, group: 'queue' }
  { name: 'host-table', id: hostStorageId, group: 'table' }
]
var doors = concat(always, durableInStorage ? ofDurable : [])

module network 'network.bicep' = {
  params: {
    name: networkName
    location: location
    tags: tags
    addressPrefix: addressPrefix
    zones: zones
    groups: concat(['blob', 'table', 'vault', 'namespace'], durableInStorage ? ['queue'] : [])
  }
}

module endpoints 'private-endpoint.bicep' = [
  for door in doors: {
    name: 'endpoint-${door.name}'
    params: {
      name: '${endpointPrefix}${door.name}'
      location: location
      tags: tags
      subnetId: network.outputs.endpointSubnetId
      serviceId: door.id
      group: door.group
      zone: zones[door.group]
    }
  }
]

output appSubnetId string = network.outputs.appSubnetId
