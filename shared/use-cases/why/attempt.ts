import { ParcoursError } from "../../errors.ts";

/** What Dataverse answers; undefined where it does not, or refuses: an answer to "why?" then says what it can't tell. */
export async function attempt<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (fault) {
    if (fault instanceof ParcoursError && fault.code.startsWith("DATAVERSE_")) return undefined;
    throw fault;
  }
}
