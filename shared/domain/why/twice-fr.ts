import type { TwicePhrases } from "./twice-phrases.ts";

export const frenchTwice: TwicePhrases = {
  records: (who, journey, one, other) =>
    `${who}\u00a0: deux entrées dans ${journey}, pour deux enregistrements\u00a0: ${one} et ${other}.`,
  events: (who, journey, trigger) =>
    `${who}\u00a0: deux entrées dans ${journey}, car ${trigger} est arrivé deux fois sans désigner d’enregistrement.`,
  always: (who, journey) =>
    `${who}\u00a0: deux entrées dans ${journey}, par deux modifications, et son réglage permet d’entrer à nouveau.`,
  people: (journey, count) =>
    `${count} fiches de personnes sont entrées dans ${journey}, une pour chaque fiche qui a cette adresse.`,
  journeys: (who, one, other) => `Deux parcours pour ${who}\u00a0: ${one} et ${other}.`,
  reset: (who, journey, row) => `${who}\u00a0: deux entrées dans ${journey} pour ${row}, car un opérateur l’a permis.`,
  once: (who, journey, when) => `Une seule fois\u00a0: entrée dans ${journey} pour ${who} le ${when}.`,
  never: (who, journey) =>
    `Pas une fois\u00a0: aucune entrée pour ${who}${journey === null ? "" : ` dans ${journey}`}.`,
  entry: (journey, when) => `Entrée dans ${journey} le ${when}`,
  mendRecords: "Une entrée «\u00a0plus jamais\u00a0», ou un délai entre deux entrées, dans les réglages du parcours.",
  mendAlways: "Une entrée «\u00a0une fois par enregistrement\u00a0», ou un délai plus long entre deux entrées.",
  mendPeople: "Fusionner les fiches dans Dynamics\u00a0: une personne, une fiche.",
  members: (journey, row) =>
    `${row}\u00a0: deux personnes sont entrées dans ${journey}, car la fiche en a désigné une autre entre-temps.`,
  loop: (who, journey, mail) =>
    `${who} est arrivé deux fois à ${mail} dans un même passage de ${journey}\u00a0: ses étapes y ramènent.`,
  mendMembers: "Un filtre d’entrée qui demande plus que le statut de la fiche.",
  mendLoop: "Une condition ou une attente avant l’étape qui y ramène.",
  mendJourneys: "Un filtre d’entrée qui écarte qui est dans l’autre parcours, ou une limite d’e-mails par personne.",
};
