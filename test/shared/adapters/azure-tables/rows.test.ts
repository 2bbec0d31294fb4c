import { afterAll, beforeAll } from "@jest/globals";
import { azureTableRows } from "../../../../shared/adapters/azure-tables/rows.ts";
import { rowsContract } from "../../../contracts/rows-contract.ts";
import { rowsModel } from "../../../contracts/rows-model.ts";
import { type Azurite, startAzurite } from "../../../support/azurite.ts";

let azurite: Azurite | undefined;
beforeAll(async () => {
  azurite = await startAzurite();
}, 300_000);
afterAll(() => azurite?.stop());

async function open() {
  return azureTableRows({ connectionString: azurite?.connectionString ?? "", timeoutMs: 60_000 });
}

rowsContract("azure-tables, on Azurite", open);
rowsModel("azure-tables, on Azurite", open, 25);
