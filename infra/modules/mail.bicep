@description('Mail: the service, its sending domain with engagement tracking, and the source of its reports.')
param communicationName string
param emailName string
param reportsName string
param tags object

@description('Where mails and addresses are kept at rest, in the words of Communication Services: Europe, France, United States …')
param dataLocation string

@description('Own domain; empty for the one that Azure manages.')
param customDomain string

@description('Whether its DNS records are in place and verified. Only then can mail go out from it.')
param customDomainVerified bool

@description('The part of the sender\'s address before the @.')
param senderName string

// The resources of Communication Services are global; where data lies is dataLocation's.
var everywhere = 'global'
var custom = !empty(customDomain)
var sendsFromCustom = custom && customDomainVerified

resource email 'Microsoft.Communication/emailServices@2026-03-18' = {
  name: emailName
  location: everywhere
  tags: tags
  properties: { dataLocation: dataLocation }
}

// Opens and clicks can't be tracked on a managed domain (Microsoft's quickstart on custom domains, table of the two kinds).
resource managed 'Microsoft.Communication/emailServices/domains@2026-03-18' = {
  parent: email
  name: 'AzureManagedDomain'
  location: everywhere
  tags: tags
  properties: { domainManagement: 'AzureManaged', userEngagementTracking: 'Disabled' }
}

resource own 'Microsoft.Communication/emailServices/domains@2026-03-18' = if (custom) {
  parent: email
  name: custom ? customDomain : 'unused.example.com'
  location: everywhere
  tags: tags
  properties: { domainManagement: 'CustomerManaged', userEngagementTracking: 'Enabled' }
}

// `donotreply` is there from the start, and managed domains take no other.
resource sender 'Microsoft.Communication/emailServices/domains/senderUsernames@2026-03-18' = if (sendsFromCustom && toLower(senderName) != 'donotreply') {
  parent: own
  name: senderName
  properties: { username: senderName, displayName: senderName }
}

resource communication 'Microsoft.Communication/communicationServices@2026-03-18' = {
  name: communicationName
  location: everywhere
  tags: tags
  properties: {
    dataLocation: dataLocation
    disableLocalAuth: true
    linkedDomains: [sendsFromCustom ? own.id : managed.id]
  }
}

resource reports 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: reportsName
  location: everywhere
  tags: tags
  // Behind a firewall, only a system-assigned identity may deliver.
  identity: { type: 'SystemAssigned' }
  properties: {
    source: communication.id
    topicType: 'Microsoft.Communication.CommunicationServices'
  }
}

output endpoint string = 'https://${communication.properties.hostName}'
output sender string = sendsFromCustom
  ? '${senderName}@${customDomain}'
  : 'donotreply@${managed.properties.mailFromSenderDomain}'
// The one that somebody sets up, even before mail goes out from it: its DNS records are what they want to see.
output domainId string = custom ? own.id : managed.id
output domainName string = custom ? customDomain : managed.name
output reportsPrincipalId string = reports.identity.principalId
