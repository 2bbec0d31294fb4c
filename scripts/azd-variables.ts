import { readFileSync, writeFileSync } from "node:fs";
import { VARIABLES } from "../shared/config.ts";

/** Settings that the templates work out themselves, and those that belong to one's own machine. */
const NOT_ASKED = new Set([
  "APPLICATIONINSIGHTS_CONNECTION_STRING",
  "AZURE_CLIENT_ID",
  "COMMUNICATION_CONNECTION",
  "COMMUNICATION_ENDPOINT",
  "PARCOURS_MAIL_DOMAIN_ID",
  "PARCOURS_OPEN",
  "PARCOURS_PUBLIC_URL",
  "PARCOURS_SENDER",
  "PARCOURS_SIGN_IN",
  "PARCOURS_SQLITE_FILE",
  "PARCOURS_TABLES_CONNECTION",
  "PARCOURS_TABLES_URL",
  "ServiceBus",
  "ServiceBus__fullyQualifiedNamespace",
]);
/** Keys lie in the vault. */
const KEY = /_KEY(_PREVIOUS)?$/;
/** Not Parcours's, but worth a choice: they are read by OpenTelemetry's library. */
const OTHERS = ["OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"];
/** Read by a hook alone. */
const OF_HOOKS = ["SIGN_IN"];

/**
 * Takes what shared/config.ts reads over into the three places where azd wants to know it: the templates' parameters,
 * azure.yaml, and the workflow that deploys.
 */
export function writeVariables(): void {
  const settings = [...VARIABLES.filter((name) => !NOT_ASKED.has(name) && !KEY.test(name)), ...OTHERS];
  const parameters = replaceIn(
    "infra/main.parameters.json",
    /("settings": \{\n {6}"value": \{\n).*?(\n {6}\})/s,
    settings.map((name) => `        "${name}": "\${${name}}"`).join(",\n"),
  );
  const asked = [...parameters.matchAll(/\$\{([A-Z_]+)/g)].flatMap(([, name]) => (name === undefined ? [] : [name]));
  const variables = [...asked.filter((name) => !name.startsWith("AZURE_")), ...OF_HOOKS];
  replaceIn("azure.yaml", /( {2}variables:\n).*$()/s, variables.map((name) => `    - ${name}\n`).join(""));
  replaceIn(
    ".github/workflows/azure-dev.yml",
    /(An empty one takes its default\.\n).*?( {4}steps:\n)/s,
    variables.map((name) => `      ${name}: \${{ vars.${name} }}\n`).join(""),
  );
}

/** Puts text between what a pattern begins and ends with. */
function replaceIn(file: string, between: RegExp, text: string): string {
  const before = readFileSync(file, "utf8");
  if (!between.test(before)) throw new Error(`${file} is not as expected: ${between}`);
  const after = before.replace(between, (_, begin: string, end: string) => `${begin}${text}${end}`);
  writeFileSync(file, after);
  return after;
}
