import type { Client } from "../client.ts";

/** A run as the API shows it, as far as the story looks. */
export interface Run {
  readonly row: {
    readonly state: {
      readonly run: string;
      readonly entry: { readonly record: { readonly id: string } | null };
      readonly ended: { readonly as: string; readonly name: string | null; readonly at: number } | null;
    };
  };
}

interface Page {
  readonly runs: readonly { readonly run: string }[];
  readonly next: string | null;
}

const STATES = ["live", "goal", "held", "completed", "exit", "stopped"];

/** The run that a journey has for this record and person, whatever became of it. */
export async function runAbout(
  client: Client,
  journey: string,
  contact: string,
  record: string,
): Promise<Run | undefined> {
  for (const state of STATES)
    for (let next = ""; ; ) {
      const page = await client.api<Page>("GET", `/api/runs?journey=${journey}&state=${state}${next}`);
      for (const { run } of page.runs) {
        if (!run.startsWith(`contact:${contact}~`)) continue;
        const shown = await client.api<Run>("GET", `/api/runs/${encodeURIComponent(run)}`);
        if (shown.row.state.entry.record?.id === record) return shown;
      }
      if (page.next === null) break;
      next = `&next=${encodeURIComponent(page.next)}`;
    }
  return undefined;
}

/** The page that shows a run to people. */
export function pageOf(client: Client, run: Run): string {
  return `${client.at.app}/runs/${encodeURIComponent(run.row.state.run)}`;
}
