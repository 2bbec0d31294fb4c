import { escaped, type Sample } from "./sample.ts";

/** For any POSIX shell. What it sends says no key and no time: the same again on the same day counts once. */
export function curl(it: Sample): string {
  const event = {
    person: { email: it.email },
    ...(it.record !== null && { record: it.record }),
    attributes: Object.fromEntries(it.attributes.map(({ name, value }) => [name, value])),
  };
  // The text stands in single quotes, which a shell knows no escape in.
  const body = JSON.stringify(event, null, 2).replaceAll("'", escaped("'"));
  return `# Tells Parcours: ${it.title}. The key stands in the environment variable PARCOURS_KEY.
curl --silent --show-error --fail-with-body --request POST '${it.url.replaceAll("'", "%27")}' \\
  --header "x-parcours-key: $PARCOURS_KEY" \\
  --header 'content-type: application/json' \\
  --data '${body}'
`;
}
