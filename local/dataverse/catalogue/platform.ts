import { choice, entityName, guid, integer, lookup, memo, states, text, when, yesNo } from "./columns.ts";
import { table } from "./table.ts";

/** The tables with which one registers for events, and the jobs that deliver them. */
export const serviceEndpoint = table({
  name: "serviceendpoint",
  schemaName: "ServiceEndpoint",
  set: "serviceendpoints",
  typeCode: 4618,
  names: [
    "Service Endpoint",
    "Point de terminaison de service",
    "Service Endpoints",
    "Points de terminaison de service",
  ],
  primaryName: "name",
  ownership: "OrganizationOwned",
  steps: false,
  columns: [
    text("name", "Name", "Nom", 160),
    text("description", "Description", "Description"),
    text("url", "URL", "URL", 2000),
    choice("contract", "Contract", "Contrat", [
      [1, "OneWay", "OneWay"],
      [2, "Queue", "File d'attente"],
      [3, "Rest", "Rest"],
      [4, "TwoWay", "TwoWay"],
      [5, "Topic", "Rubrique"],
      [6, "Queue (Persistent)", "File d'attente (persistante)"],
      [7, "Event Hub", "Event Hub"],
      [8, "Webhook", "Webhook"],
      [9, "Event Grid", "Event Grid"],
    ]),
    choice("authtype", "Auth Type", "Type d'authentification", [
      [0, "Not Specified", "Non spécifié"],
      [1, "ACS", "ACS"],
      [2, "SAS Key", "Clé SAS"],
      [3, "SAS Token", "Jeton SAS"],
      [4, "Webhook Key", "Clé de webhook"],
      [5, "Http Header", "En-tête HTTP"],
      [6, "Http Query String", "Chaîne de requête HTTP"],
    ]),
    text("authvalue", "Auth Value", "Valeur d'authentification", 2048, { readable: false }),
    choice(
      "messageformat",
      "Message Format",
      "Format du message",
      [
        [1, "Binary XML", "XML binaire"],
        [2, "Json", "Json"],
        [3, "Text XML", "XML texte"],
      ],
      { default: 2 },
    ),
    choice(
      "connectionmode",
      "Connection Mode",
      "Mode de connexion",
      [
        [1, "Normal", "Normal"],
        [2, "Federated", "Fédéré"],
      ],
      { default: 1 },
    ),
    choice(
      "userclaim",
      "User Claim",
      "Revendication de l'utilisateur",
      [
        [1, "None", "Aucune"],
        [2, "UserId", "UserId"],
      ],
      { default: 1 },
    ),
    yesNo("isauthvalueset", "Is Auth Value Set", "Valeur d'authentification définie", { writable: false }),
    yesNo("ismanaged", "Is Managed", "Est géré", { writable: false }),
  ],
});

export const sdkMessage = table({
  name: "sdkmessage",
  schemaName: "SdkMessage",
  set: "sdkmessages",
  typeCode: 4606,
  names: ["SDK Message", "Message SDK", "SDK Messages", "Messages SDK"],
  primaryName: "name",
  ownership: "OrganizationOwned",
  steps: false,
  columns: [text("name", "Name", "Nom", 256), yesNo("isprivate", "Is Private", "Est privé")],
});

export const sdkMessageFilter = table({
  name: "sdkmessagefilter",
  schemaName: "SdkMessageFilter",
  set: "sdkmessagefilters",
  typeCode: 4607,
  names: ["SDK Message Filter", "Filtre de message SDK", "SDK Message Filters", "Filtres de message SDK"],
  primaryName: "name",
  ownership: "OrganizationOwned",
  steps: false,
  columns: [
    text("name", "Name", "Nom", 256),
    entityName("primaryobjecttypecode", "Primary Object Type", "Type d'objet principal"),
    entityName("secondaryobjecttypecode", "Secondary Object Type", "Type d'objet secondaire"),
    yesNo("iscustomprocessingstepallowed", "Custom Step Allowed", "Étape personnalisée autorisée"),
    integer("availability", "Availability", "Disponibilité", { default: 2 }),
    lookup("sdkmessageid", "SDK Message", "Message SDK", [["sdkmessage", "sdkmessageid_sdkmessagefilter"]]),
  ],
});

export const step = table({
  name: "sdkmessageprocessingstep",
  schemaName: "SdkMessageProcessingStep",
  set: "sdkmessageprocessingsteps",
  typeCode: 4608,
  names: ["SDK Message Processing Step", "Étape de traitement", "SDK Message Processing Steps", "Étapes de traitement"],
  primaryName: "name",
  ownership: "OrganizationOwned",
  steps: false,
  columns: [
    text("name", "Name", "Nom", 256),
    text("description", "Description", "Description", 256),
    choice(
      "mode",
      "Execution Mode",
      "Mode d'exécution",
      [
        [0, "Synchronous", "Synchrone"],
        [1, "Asynchronous", "Asynchrone"],
      ],
      { default: 0 },
    ),
    choice("stage", "Execution Stage", "Phase d'exécution", [
      [10, "Pre-validation", "Prévalidation"],
      [20, "Pre-operation", "Préopération"],
      [40, "Post-operation", "Postopération"],
    ]),
    integer("rank", "Execution Order", "Ordre d'exécution"),
    choice(
      "supporteddeployment",
      "Deployment",
      "Déploiement",
      [
        [0, "Server Only", "Serveur uniquement"],
        [1, "Outlook Client Only", "Client Outlook uniquement"],
        [2, "Both", "Les deux"],
      ],
      { default: 0 },
    ),
    yesNo("asyncautodelete", "Asynchronous Automatic Delete", "Suppression automatique asynchrone"),
    memo("filteringattributes", "Filtering Attributes", "Attributs de filtrage", 100000),
    memo("configuration", "Configuration", "Configuration", 1073741823),
    lookup("eventhandler", "Event Handler", "Gestionnaire d'événements", [
      ["plugintype", "plugintype_sdkmessageprocessingstep"],
      ["serviceendpoint", "serviceendpoint_sdkmessageprocessingstep"],
    ]),
    lookup("sdkmessageid", "SDK Message", "Message SDK", [["sdkmessage", "sdkmessageid_sdkmessageprocessingstep"]]),
    lookup("sdkmessagefilterid", "SdkMessage Filter", "Filtre de message SDK", [
      ["sdkmessagefilter", "sdkmessagefilterid_sdkmessageprocessingstep"],
    ]),
    lookup("impersonatinguserid", "Impersonating User", "Utilisateur emprunté", ["systemuser"]),
    yesNo("ismanaged", "Is Managed", "Est géré", { writable: false }),
    ...states([
      [0, "Enabled", "Activé", [[1, "Enabled", "Activé"]]],
      [1, "Disabled", "Désactivé", [[2, "Disabled", "Désactivé"]]],
    ]),
  ],
});

export const stepImage = table({
  name: "sdkmessageprocessingstepimage",
  schemaName: "SdkMessageProcessingStepImage",
  set: "sdkmessageprocessingstepimages",
  typeCode: 4615,
  names: ["Step Image", "Image d'étape", "Step Images", "Images d'étape"],
  primaryName: "name",
  ownership: "OrganizationOwned",
  steps: false,
  columns: [
    text("name", "Name", "Nom", 256),
    text("entityalias", "Entity Alias", "Alias de l'entité", 256),
    choice("imagetype", "Image Type", "Type d'image", [
      [0, "PreImage", "PreImage"],
      [1, "PostImage", "PostImage"],
      [2, "Both", "Les deux"],
    ]),
    text("messagepropertyname", "Message Property Name", "Nom de la propriété du message", 256),
    memo("attributes", "Attributes", "Attributs", 100000),
    lookup("sdkmessageprocessingstepid", "Step", "Étape", [
      ["sdkmessageprocessingstep", "sdkmessageprocessingstepid_sdkmessageprocessingstepimage"],
    ]),
  ],
});

export const asyncOperation = table({
  name: "asyncoperation",
  schemaName: "AsyncOperation",
  set: "asyncoperations",
  typeCode: 4700,
  names: ["System Job", "Tâche système", "System Jobs", "Tâches système"],
  primaryName: "name",
  changeTracking: false,
  steps: false,
  columns: [
    text("name", "System Job Name", "Nom de la tâche système", 256),
    choice("operationtype", "System Job Type", "Type de tâche système", [
      [1, "System Event", "Événement système"],
      [10, "Workflow", "Flux de travail"],
    ]),
    text("messagename", "Message Name", "Nom du message", 160),
    entityName("primaryentitytype", "Primary Entity Type", "Type d'entité principale"),
    memo("message", "Message", "Message", 1073741823),
    memo("friendlymessage", "Friendly message", "Message convivial", 1073741823),
    integer("errorcode", "Error Code", "Code d'erreur"),
    integer("retrycount", "Retry Count", "Nombre de tentatives"),
    integer("depth", "Depth", "Profondeur"),
    guid("correlationid", "Correlation Id", "ID de corrélation"),
    guid("requestid", "Request ID", "ID de la demande"),
    when("startedon", "Started On", "Démarré le"),
    when("completedon", "Completed On", "Terminé le"),
    lookup("regardingobjectid", "Regarding", "Concernant", []),
    lookup("owningextensionid", "Owning Extension", "Extension propriétaire", [
      ["sdkmessageprocessingstep", "SdkMessageProcessingStep_AsyncOperations"],
    ]),
    ...states([
      [0, "Ready", "Prêt", [[0, "Waiting For Resources", "En attente de ressources"]]],
      [1, "Suspended", "Suspendu", [[10, "Waiting", "En attente"]]],
      [
        2,
        "Locked",
        "Verrouillé",
        [
          [20, "In Progress", "En cours"],
          [21, "Pausing", "Pause en cours"],
          [22, "Canceling", "Annulation en cours"],
        ],
      ],
      [
        3,
        "Completed",
        "Terminé",
        [
          [30, "Succeeded", "Réussi"],
          [31, "Failed", "Échoué"],
          [32, "Canceled", "Annulé"],
        ],
      ],
    ]),
  ],
});
