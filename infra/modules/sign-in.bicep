@description('Sign-in with Entra ID in front of the app. What has a key or a signed token of its own is let through.')
param siteName string

@description('Client id of the app registration; empty: nobody can sign in, and what needs a role answers 403.')
param clientId string

resource site 'Microsoft.Web/sites@2025-03-01' existing = {
  name: siteName
}

resource auth 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: !empty(clientId) }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'RedirectToLoginPage'
      redirectToProvider: 'azureactivedirectory'
      // A test compares them with the routes whose role is `everybody` or `keyed`.
      excludedPaths: loadJsonContent('../open-paths.json')
    }
    httpSettings: { requireHttps: true }
    login: { tokenStore: { enabled: false } }
    identityProviders: empty(clientId)
      ? {}
      : {
          azureActiveDirectory: {
            enabled: true
            registration: {
              clientId: clientId
              openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
              // Names the setting with the managed identity's client id, which takes the place of a secret.
              clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
            }
            validation: { allowedAudiences: [clientId, 'api://${clientId}'] }
          }
        }
  }
}
