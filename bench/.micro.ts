import { liquidTemplates } from "../shared/adapters/liquid/templates.ts";
import { HTML, SUBJECT, scope, TEXT } from "./.prof-mail.ts";

const t = liquidTemplates();
const frame = HTML.liquid.replace(/\{\{.*?\}\}|\{%.*?%\}/g, "");
const cases: Record<string, { subject: string; html: string; text: string }> = {
  nothing: { subject: "x", html: "x", text: "x" },
  subject: { subject: SUBJECT.liquid, html: "x", text: "x" },
  text: { subject: "x", html: "x", text: TEXT.liquid },
  html: { subject: "x", html: HTML.liquid, text: "x" },
  frame: { subject: "x", html: frame, text: "x" },
  noMoney: { subject: "x", html: HTML.liquid.replace(/\{\{[^}]*money[^}]*\}\}/g, ""), text: "x" },
  noMoments: { subject: "x", html: HTML.liquid.replace(/\{\{[^}]*moment[^}]*\}\}/g, ""), text: "x" },
  noFor: { subject: "x", html: HTML.liquid.replace(/\{% for.*endfor %\}/g, ""), text: "x" },
  noOut: { subject: "x", html: HTML.liquid.replace(/\{\{.*?\}\}/g, ""), text: "x" },
  noTags: { subject: "x", html: HTML.liquid.replace(/\{%.*?%\}/g, ""), text: "x" },
  plain10: { subject: "x", html: "a{{ event.ticketnumber }}".repeat(10), text: "x" },
  option10: { subject: "x", html: "a{{ event.statecode }}".repeat(10), text: "x" },
  moment10: { subject: "x", html: "a{{ event.createdon }}".repeat(10), text: "x" },
  momentf10: { subject: "x", html: "a{{ event.createdon | moment: 'long' }}".repeat(10), text: "x" },
  money10: { subject: "x", html: "a{{ event.amount | money: 'EUR' }}".repeat(10), text: "x" },
  default10: { subject: "x", html: "a{{ audience.salutation | default: audience.firstname }}".repeat(10), text: "x" },
  if10: { subject: "x", html: "{% if event.statuscode == 5 %}x{% endif %}".repeat(10), text: "x" },
  for10: {
    subject: "x",
    html: "{% for channel in event.channels %}<li>{{ channel }}</li>{% endfor %}".repeat(10),
    text: "x",
  },
  all: { subject: SUBJECT.liquid, html: HTML.liquid, text: TEXT.liquid },
};
for (let round = 0; round < 2; round++)
  for (const [name, v] of Object.entries(cases)) {
    const best = Math.min(
      ...Array.from({ length: 7 }, () => {
        const s = performance.now();
        for (let i = 0; i < 3000; i++) void t.render(v, scope);
        return (performance.now() - s) / 3;
      }),
    );
    if (round) console.log(name.padEnd(12), best.toFixed(2), "us");
  }
const r = new Intl.DateTimeFormat("fr", { dateStyle: "long", timeZone: "Europe/Paris" });
{
  const s = performance.now();
  for (let i = 0; i < 30000; i++) r.format(1772407800000 + i);
  console.log("Intl date", ((performance.now() - s) / 30).toFixed(2));
}
const m = new Intl.NumberFormat("fr", { style: "currency", currency: "EUR" });
{
  const s = performance.now();
  for (let i = 0; i < 30000; i++) m.format(84.5);
  console.log("Intl money", ((performance.now() - s) / 30).toFixed(2));
}
