import { describe, expect, it } from "@jest/globals";
import { liquidTemplates } from "../../../../shared/adapters/liquid/templates.ts";
import type { TemplateScope } from "../../../../shared/ports/templates.ts";
import { french } from "./scope.ts";

const templates = liquidTemplates();

async function html(template: string, scope: TemplateScope = french): Promise<string> {
  return (await templates.render({ subject: "x", html: template }, scope)).html;
}
async function text(template: string): Promise<string> {
  return (await templates.render({ subject: "x", html: "x", text: template }, french)).text;
}

describe("what a value prints", () => {
  it("escapes values in HTML and leaves them as they are in text and subject", async () => {
    const mail = await templates.render(
      { subject: "{{ event.title }}", html: "<b>{{ event.title }}</b>", text: "{{ event.title }}" },
      french,
    );
    expect(mail).toEqual({
      subject: "Panne <urgente>",
      html: "<b>Panne &lt;urgente&gt;</b>",
      text: "Panne <urgente>",
    });
  });

  it("prints an option's label in the reader's language, and its number where there is no label", async () => {
    expect(await html("{{ event.statecode }}/{{ event.prioritycode }}/{{ related.customerid.industrycode }}")).toBe(
      "Résolu/2/Bâtiment",
    );
    expect(await html("{{ survey.ask.satisfaction | upcase }} {{ event.statecode | append: '!' }}")).toBe(
      "INSATISFAIT Résolu!",
    );
    expect(await html("{{ event.statecode | value }} {{ event.statecode | plus: 1 }}")).toBe("1 2");
  });

  it("prints the words for yes and no", async () => {
    expect(await html("{{ event.followup }}/{{ event.blocked }}/{{ event.isescalated }}")).toBe("Oui/Non/false");
  });

  it("prints several options with commas between", async () => {
    expect(await html("{{ event.channels }}")).toBe("Courriel, Téléphone");
    expect(await html("{% for c in event.channels %}[{{ c }}]{% endfor %}")).toBe("[Courriel][Téléphone]");
  });

  it("prints a reference's name, and nothing where it has none", async () => {
    expect(await html("{{ event.customerid }}|{{ record.ownerid }}|{{ event.customerid.name }}")).toBe(
      "O&#39;Brien &amp; Fils||O&#39;Brien &amp; Fils",
    );
    expect(await html("{{ event.customerid | value }} {{ event.customerid.table }}")).toBe("aaaa account");
  });

  it("prints a moment as the reader's local date", async () => {
    expect(await html("{{ event.createdon }}")).toBe("2 mars 2026");
    expect(await html("{{ event.createdon }}", { ...french, language: "en", timeZone: "America/New_York" })).toBe(
      "Mar 1, 2026",
    );
    expect(await html("{{ event.createdon | moment: 'full' }}")).toBe("lundi 2 mars 2026");
    expect(await text("{{ event.createdon | moment: 'long', 'short' }}")).toBe("2 mars 2026 à 00:30");
    expect(await html("{{ event.createdon | date: '%d/%m/%Y %H:%M' }}")).toBe("02/03/2026 00:30");
  });

  it("never shifts a date without time by a day", async () => {
    const far = { ...french, timeZone: "Pacific/Honolulu" };
    expect(await html("{{ event.duedate }} {{ event.duedate | date: '%d/%m' }}", far)).toBe("1 mars 2026 01/03");
  });

  it("prints an amount as the reader's language writes it", async () => {
    expect((await text("{{ event.totalamount | money: 'EUR' }}")).replace(/\s/g, " ")).toBe("1 234,50 €");
  });

  it("prints nothing for a missing column, and the default where one is given", async () => {
    expect(await html("[{{ event.absent }}{{ event.nothing }}{{ survey.never.satisfaction }}]")).toBe("[]");
    expect(await html("{{ event.nothing | default: 'rien' }} {{ event.absent | default: 'rien' }}")).toBe("rien rien");
    expect(await html("{{ event.statecode | default: 'rien' }}")).toBe("Résolu");
  });

  it("escapes what capture collected once only", async () => {
    expect(await html("{% capture who %}<i>{{ event.customerid }}</i>{% endcapture %}{{ who }}")).toBe(
      "<i>O&#39;Brien &amp; Fils</i>",
    );
  });

  it("keeps the lines of a text in HTML", async () => {
    const scope = { ...french, event: { ...french.event, description: "a < b\nc" } };
    expect(await html("{{ event.description | newline_to_br }}", scope)).toBe("a &lt; b<br>\nc");
  });

  it("keeps line breaks out of the subject", async () => {
    const scope = { ...french, event: { ...french.event, title: "a\r\nBcc: x@example.org\u2028b" } };
    const { subject } = await templates.render({ subject: " {{ event.title }}\n", html: "x" }, scope);
    expect(subject).toBe("a Bcc: x@example.org b");
  });
});

describe("how a value compares", () => {
  it.each([
    ["event.statecode == 1", true],
    ["1 == event.statecode", true],
    ["event.statecode != 1", false],
    ["event.statecode > before.statecode", true],
    ["event.statecode <= 0", false],
    ["event.statecode == 'Résolu'", false],
    ["event.statecode == null", false],
    ["event.nothing == null", true],
    ["event.absent == null", true],
    ["event.absent == blank", true],
    ["event.isescalated", false],
    ["event.followup", true],
    ["event.blocked", false],
    ["event.blocked == false and event.followup == true", true],
    ["event.followup != event.blocked", true],
    ["event.channels contains 3", true],
    ["event.channels contains 2", false],
    ["event.customerid == 'AAAA'", true],
    ["event.customerid == record.ownerid", false],
    ["event.createdon > '2026-03-01'", true],
    ["event.createdon < event.duedate", false],
    ["event.duedate == '2026-03-01'", true],
    ["event.title contains 'urgente'", true],
    ["event.renewal.title == 'Renouvellement'", true],
  ])("%s is %s", async (condition, holds) => {
    expect(await html(`{% if ${condition} %}yes{% else %}no{% endif %}`)).toBe(holds ? "yes" : "no");
  });

  it("tells options apart by their number in case and unless", async () => {
    const template = "{% case event.statecode %}{% when 0 %}open{% when 1, 2 %}closed{% endcase %}";
    expect(await html(template)).toBe("closed");
    expect(await html("{% unless event.statecode == 0 %}closed{% endunless %}")).toBe("closed");
  });
});

describe("tags", () => {
  const scope: TemplateScope = {
    ...french,
    related: { lines: { name: "Roue" } },
    event: {
      ...french.event,
      list: [
        { table: "product", id: "p1", name: "Roue" },
        { table: "product", id: "p2", name: "Selle" },
      ],
    },
  };

  it.each([
    [
      "{% for l in event.list %}{{ forloop.index }}/{{ forloop.length }} {{ l.name }}{% unless forloop.last %}, {% endunless %}{% endfor %}",
      "1/2 Roue, 2/2 Selle",
    ],
    ["{% for l in event.list reversed limit:1 %}{{ l.name }}{{ forloop.first }}{% endfor %}", "Rouetrue"],
    ["{% for l in event.absent %}x{% else %}none{% endfor %}", "none"],
    ["{% for l in event.channels %}{% if l == 3 %}{% break %}{% endif %}{{ l }}{% endfor %}!", "Courriel!"],
    ["{% for l in event.channels %}{% if l == 1 %}{% continue %}{% endif %}{{ l }}{% endfor %}!", "Téléphone!"],
    [
      "{% for a in (1..2) %}{% for b in event.channels %}{{ a }}{{ forloop.parentloop }}{{ b | value }} {% endfor %}{% endfor %}",
      "11 13 21 23 ",
    ],
    [
      "{% for l in event.channels limit:1 %}{{ l }}{% endfor %}{% for l in event.channels offset:continue %}+{{ l }}{% endfor %}",
      "Courriel+Téléphone",
    ],
    [
      "{% assign n = event.title | size %}{{ n | plus: 1 }} {% assign who = event.customerid %}{{ who.name }}",
      "16 O&#39;Brien &amp; Fils",
    ],
    ["{% if event.isescalated == false and event.statecode == 1 or event.nothing %}a{% elsif true %}b{% endif %}", "a"],
    ["{% if event.nothing %}a{% elsif event.channels.size == 2 %}b{% else %}c{% endif %}", "b"],
    ["{% if not event.nothing and event.title.size > 3 %}a{% endif %}{% echo event.title %}", "aPanne &lt;urgente&gt;"],
    [
      "{{ event.channels | join: '+' }} {{ event.channels | size }} {{ event.channels.first }}",
      "Courriel+Téléphone 2 Courriel",
    ],
    [
      "{{ event.list | map: 'name' }} {{ event.title | truncate: 8, '…' }} {{ event.title | raw }}",
      "Roue, Selle Panne &lt;… Panne <urgente>",
    ],
    ["{% cycle 'a', 'b' %}{% cycle 'a', 'b' %}{% increment n %}{% liquid echo event.statecode %}", "ab0Résolu"],
    ["{% raw %}{{ event.title }}{% endraw %}{% comment %}{{ x }}{% endcomment %}{%- # note -%}", "{{ event.title }}"],
  ])("%s", async (template, printed) => {
    expect(await html(template, scope)).toBe(printed);
  });

  it("leave nothing behind for the mail's other parts", async () => {
    const unset = "{% if false %}{% assign a = 'y' %}{% endif %}[{{ a }}]";
    const mail = await templates.render({ subject: "{% assign a = 'x' %}{{ a }}", html: unset, text: unset }, french);
    expect(mail).toEqual({ subject: "x", html: "[]", text: "[]" });
  });
});

describe("the text part", () => {
  it("is made from the HTML where there is none", async () => {
    const mail = await templates.render(
      { subject: "x", html: '<p>Hi {{ audience.firstname }}</p><p><a href="{{ survey.ask.link }}">Answer</a></p>' },
      french,
    );
    expect(mail.text).toBe("Hi Zoé\n\nAnswer (https://example.org/s/abc)");
  });
});

describe("limits", () => {
  const refused = { code: "TEMPLATE_FAILED", retryable: false };

  it.each([
    ["{% include 'a' %}", /line 1, column 1: tag "include" not found/],
    ["{% render 'a' %}", /"render"/],
    ["{% layout 'a' %}", /"layout"/],
    ["a\n  {{ event.title | nosuch }}", /html, line 2, column \d+: undefined filter: nosuch/],
    ["{% if event.title %}", /not closed/],
    ["{{ event.constructor.name.x }}{{ event.title.constructor }}{{ foo }}", /unknown name "foo"/],
  ])("refuses %s", async (template, message) => {
    await expect(html(template)).rejects.toMatchObject({ ...refused, message: expect.stringMatching(message) });
  });

  it("stops a loop that prints or runs without end", async () => {
    const loops = "{% for a in (1..9999) %}{% for b in (1..9999) %}xxxxxxxxxxxxxxxxxxxx{% endfor %}{% endfor %}";
    await expect(html(loops)).rejects.toMatchObject(refused);
    const doubling = `{% assign a = 'x' %}${"{% assign a = a | append: a %}".repeat(60)}`;
    await expect(html(doubling)).rejects.toMatchObject(refused);
    const captures = `{% assign a = 'x' %}${"{% capture a %}{{ a }}{{ a }}{% endcapture %}".repeat(60)}`;
    await expect(html(captures)).rejects.toMatchObject(refused);
  });

  it("reaches no more than the columns themselves", async () => {
    expect(await html("[{{ event.__proto__ }}{{ event.toString }}{{ event.title.constructor }}]")).toBe("[]");
    expect(await html("{% for c in event.channels %}[{{ c.gt }}{{ c.constructor }}]{% endfor %}")).toBe("[][]");
    expect(await html("[{{ event.statecode.constructor }}{{ event.statecode.valueOf }}]")).toBe("[]");
  });
});

describe("the fields of a variant", () => {
  it("are found in outputs, filters and tags, and each once", () => {
    const found = templates.fields({
      subject: "{{ event.title }}",
      html: `{% if event.statecode == before.statecode and related.customerid.name contains audience.firstname %}
        {{ event.title | default: record.ownerid.name }}{% endif %}
        {% for c in event.channels %}{{ c }}{% endfor %}{% assign t = survey.ask.satisfaction %}{{ t }}
        {% case event.prioritycode %}{% when 1 %}{{ discount["thanks"].code }}{% endcase %}{{ event.renewal.title }}`,
      text: "{{ event.duedate | date: event.format }}",
    });
    expect(found).toEqual({
      kind: "fields",
      fields: [
        "audience.firstname",
        "before.statecode",
        "discount.thanks.code",
        "event.channels",
        "event.duedate",
        "event.format",
        "event.prioritycode",
        "event.renewal.title",
        "event.statecode",
        "event.title",
        "record.ownerid",
        "related.customerid.name",
        "survey.ask.satisfaction",
      ],
    });
  });

  it.each([
    ["{{ firstname }}", 'html, line 1, column 4: unknown name "firstname"; there are event, before'],
    ["a\n{{ event }}", 'html, line 2, column 4: "event" names no column'],
    ["{{ related.customerid }}", 'html, line 1, column 4: "related.customerid" names no column'],
    ["{% assign c = 'a' %}{{ event[c] }}", "is computed: write the column's name"],
    ["{% assign event = record.a %}{{ event.b }}", '"event" can\'t be given another meaning'],
    ["{{ event.title | where_exp: 'i', 'i.a' }}", "undefined filter: where_exp"],
    ["{{ event.title", "not closed"],
  ])("of %j are wrong, and it says where", (template, problem) => {
    expect(templates.fields({ subject: "x", html: template })).toEqual({
      kind: "wrong",
      problem: expect.stringContaining(problem),
    });
  });
});
