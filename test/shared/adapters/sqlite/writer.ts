import { sqliteRows } from "../../../../shared/adapters/sqlite/rows.ts";

/**
 * A process of its own that raises the counter of the file by one again and again, each time with a row that says so;
 * prints each number it has reached once it is committed. Arguments: file, name, how often.
 */
const [file = "", name = "", times = "0"] = process.argv.slice(2);
const rows = sqliteRows({ file, now: Date.now });

for (let done = 0; done < Number(times); ) {
  const count = await rows.get<number>("Counts", "p", "count");
  const next = (count?.value ?? 0) + 1;
  const answer = await rows.commit("Counts", "p", [
    { kind: "insert", row: `by~${String(next).padStart(8, "0")}`, value: name },
    count === undefined
      ? { kind: "insert", row: "count", value: next }
      : { kind: "replace", row: "count", value: next, etag: count.etag },
  ]);
  if (answer.kind === "conflict") continue;
  done++;
  console.log(next);
}
rows.close();
