import { afterAll } from "@jest/globals";
import { azureTableRows } from "../../../shared/adapters/azure-tables/rows.ts";
import { rowsContract } from "../../contracts/rows-contract.ts";
import { type Azurite, startAzurite } from "../../support/azurite.ts";

let azurite: Azurite | undefined;
afterAll(() => azurite?.stop());

rowsContract("azure-tables, on Azurite", async () => {
  azurite = await startAzurite();
  return azureTableRows({ connectionString: azurite.connectionString, timeoutMs: 60_000 });
});
