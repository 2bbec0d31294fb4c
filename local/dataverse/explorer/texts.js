/** The page's own words. Names of tables, columns and options come from metadata. */
const TEXTS = {
  en: {
    rows: "Rows",
    newLead: "New lead",
    import: "Import",
    jobs: "Failed jobs",
    table: "Table",
    search: "Search",
    more: "More",
    none: "Nothing found.",
    save: "Save",
    saved: "Saved.",
    unchanged: "Nothing was changed.",
    remove: "Delete",
    removed: "Deleted.",
    sure: "Delete this row?",
    resolve: "Resolve case",
    resolution: "Resolution",
    resolveAs: "As",
    resolved: "The case is resolved.",
    reactivate: "Reactivate",
    empty: "(empty)",
    unnamed: "(no name)",
    changedOn: "changed",
    create: "Create",
    created: "Created.",
    lines: "Rows as CSV: the first line names the columns",
    sample: "A hundred made-up rows",
    importThem: "Import",
    imported: (count) => `${count} rows imported.`,
    tooFew: "There is nothing to import.",
    noJobs: "No job has failed.",
    language: "Français",
  },
  fr: {
    rows: "Lignes",
    newLead: "Nouveau prospect",
    import: "Importer",
    jobs: "Tâches échouées",
    table: "Table",
    search: "Rechercher",
    more: "Suite",
    none: "Rien trouvé.",
    save: "Enregistrer",
    saved: "Enregistré.",
    unchanged: "Rien n'a été modifié.",
    remove: "Supprimer",
    removed: "Supprimé.",
    sure: "Supprimer cette ligne ?",
    resolve: "Résoudre l'incident",
    resolution: "Résolution",
    resolveAs: "Comme",
    resolved: "L'incident est résolu.",
    reactivate: "Réactiver",
    empty: "(vide)",
    unnamed: "(sans nom)",
    changedOn: "modifié le",
    create: "Créer",
    created: "Créé.",
    lines: "Lignes en CSV : la première nomme les colonnes",
    sample: "Cent lignes inventées",
    importThem: "Importer",
    imported: (count) => `${count} lignes importées.`,
    tooFew: "Il n'y a rien à importer.",
    noJobs: "Aucune tâche n'a échoué.",
    language: "English",
  },
};

const asked =
  new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("language") ?? navigator.language;

/** `en` or `fr`: by `?lang=`, by what was chosen before, by the browser. */
export const language = asked.startsWith("fr") ? "fr" : "en";
export const texts = TEXTS[language];

const CODES = { en: 1033, fr: 1036 };

/** A label of metadata in the page's language. */
export function labelOf(label) {
  const all = label?.LocalizedLabels ?? [];
  return (all.find((each) => each.LanguageCode === CODES[language]) ?? all[0])?.Label ?? "";
}

export function switchLanguage() {
  localStorage.setItem("language", language === "fr" ? "en" : "fr");
  const address = new URL(location.href);
  address.searchParams.delete("lang");
  location.replace(address);
  location.reload();
}

export function moment(text) {
  return text ? new Date(text).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" }) : "";
}
