import { literal, quoted, type Sample } from "./sample.ts";

/** A program of one file for .NET 8 and later, or the body of a console project's Program.cs. */
export function csharp(it: Sample): string {
  const attributes = it.attributes
    .map(({ name, value }) => `        [${quoted(name)}] = ${literal(value)},\n`)
    .join("");
  const record =
    it.record === null
      ? ""
      : `    ["record"] = new JsonObject { ["table"] = ${quoted(it.record.table)}, ["id"] = ${quoted(it.record.id)} },\n`;
  return `// Tells Parcours: ${it.title}. The key stands in the environment variable PARCOURS_KEY.
using System.Text;
using System.Text.Json.Nodes;

var sent = new JsonObject
{
    ["person"] = new JsonObject { ["email"] = ${quoted(it.email)} },
    ["occurredAt"] = DateTimeOffset.UtcNow.ToString("O"),
    // Give an id of your own: sent twice, it counts once.
    ["idempotencyKey"] = Guid.NewGuid().ToString(),
${record}    ["attributes"] = new JsonObject
    {
${attributes}    },
};

using var http = new HttpClient();
http.DefaultRequestHeaders.Add("x-parcours-key", Environment.GetEnvironmentVariable("PARCOURS_KEY"));
using var content = new StringContent(sent.ToJsonString(), Encoding.UTF8, "application/json");
using var response = await http.PostAsync(${quoted(it.url)}, content);
Console.WriteLine(await response.Content.ReadAsStringAsync());
response.EnsureSuccessStatusCode();
`;
}
