import { liquidTemplates } from "../shared/adapters/liquid/templates.ts";
import { HTML, SUBJECT, scope, TEXT } from "./.prof-mail.ts";

const t = liquidTemplates();
const v = { subject: SUBJECT.liquid, html: HTML.liquid, text: TEXT.liquid };
const s = performance.now();
for (let i = 0; i < 400000; i++) void t.render(v, scope);
console.log(((performance.now() - s) / 400000) * 1000, "us");
