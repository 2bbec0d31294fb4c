import { sqliteRows } from "../../../../shared/adapters/sqlite/rows.ts";
import { rowsContract } from "../../../contracts/rows-contract.ts";
import { rowsModel } from "../../../contracts/rows-model.ts";

const now = () => 1_790_000_000_000;

rowsContract("sqlite, in memory", async () => sqliteRows({ file: ":memory:", now }));
rowsContract("sqlite, in short pages", async () => sqliteRows({ file: ":memory:", now, pageSize: 2 }));
rowsModel("sqlite, in memory", async () => sqliteRows({ file: ":memory:", now }), 300);
rowsModel("sqlite, in short pages", async () => sqliteRows({ file: ":memory:", now, pageSize: 2 }), 100);
