import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Table } from "../catalogue/types.ts";
import { badRequest } from "../errors.ts";
import type { RowStore } from "../store/row-store.ts";
import { numberOf, referenceOf, type Values } from "../store/values.ts";

/** What Dataverse refuses when one registers for events; refused here too, so that it is found before Azure. */
export class RegistrationRules {
  readonly #store: RowStore;
  readonly #catalogue: Catalogue;

  constructor(store: RowStore, catalogue: Catalogue) {
    this.#store = store;
    this.#catalogue = catalogue;
  }

  /** @throws ODataError 400 */
  check(table: Table, now: Values): void {
    if (table.name === "serviceendpoint") this.#endpoint(now);
    if (table.name === "sdkmessageprocessingstep") this.#step(now);
    if (table.name === "sdkmessageprocessingstepimage") this.#image(now);
  }

  /** @throws ODataError 400 while steps use the endpoint */
  checkDelete(table: Table, id: string): void {
    if (table.name !== "serviceendpoint") return;
    const steps = this.#catalogue.table("sdkmessageprocessingstep");
    if (this.#store.count(steps, "t.eventhandler = ?", [id]) > 0)
      throw badRequest("The service endpoint has registered steps. Delete them before the endpoint.", "0x80040216");
  }

  #endpoint(now: Values): void {
    if (now.contract !== 8) throw badRequest("Only webhooks (contract 8) are served here.", "0x80050200");
    if (typeof now.url !== "string" || !/^https?:\/\//i.test(now.url))
      throw badRequest("The webhook's url must be an absolute http or https address.", "0x80050201");
    if (![4, 5, 6].includes(numberOf(now.authtype) ?? -1))
      throw badRequest("Invalid authentication type for a webhook: 4, 5 or 6.", "0x80050202");
  }

  #step(now: Values): void {
    if (!referenceOf(now.sdkmessageid)) throw badRequest("The step has no sdkmessageid.", "0x80040203");
    if (!referenceOf(now.eventhandler)) throw badRequest("The step has no eventhandler.", "0x80040203");
    if (now.mode === 1 && now.stage !== 40)
      throw badRequest("Asynchronous steps are only allowed in stage 40 (post-operation).", "0x80040203");
    const filter = referenceOf(now.sdkmessagefilterid);
    const found = filter && this.#store.get(this.#catalogue.table("sdkmessagefilter"), filter.id);
    if (!found) return;
    if (found.values.iscustomprocessingstepallowed !== true)
      throw badRequest("Custom processing steps are not allowed on this message and table.", "0x8004418d");
    if (referenceOf(found.values.sdkmessageid)?.id !== referenceOf(now.sdkmessageid)?.id)
      throw badRequest("The message of the step is not that of its filter.", "0x80040203");
  }

  #image(now: Values): void {
    const step = referenceOf(now.sdkmessageprocessingstepid);
    const row = step && this.#store.get(this.#catalogue.table("sdkmessageprocessingstep"), step.id);
    if (!row) throw badRequest("The image has no step.", "0x80040203");
    const message = referenceOf(row.values.sdkmessageid);
    const name = message && this.#store.nameOf("sdkmessage", message.id);
    const type = numberOf(now.imagetype);
    if (name === "Create" && type !== 1)
      throw badRequest("PreImage is not supported for message Create.", "0x8004416f");
    if (name === "Delete" && type !== 0)
      throw badRequest("PostImage is not supported for message Delete.", "0x8004416f");
    const property = name === "Create" ? "Id" : "Target";
    if (now.messagepropertyname !== property)
      throw badRequest(
        `Message property name '${String(now.messagepropertyname)}' is not valid for message ${name}.`,
        "0x8004416e",
      );
  }
}
