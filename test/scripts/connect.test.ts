import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { runConnect } from "../../scripts/connect/run.ts";
import { type Api, type Json, openApi } from "../local/dataverse/api.ts";
import { openReceiver, type Receiver, targetOf } from "../local/dataverse/webhook-receiver.ts";

const KEY = "k1:the webhook's key";
const CLIENT_ID = "5c0e1f1a-0000-4000-8000-00000000b001";

/** An azd that keeps its environment in a file beside it, and says what it was asked. */
const AZD = `#!/usr/bin/env node
const { appendFileSync, readFileSync, writeFileSync } = require("node:fs");
const [, , ...args] = process.argv;
const file = __dirname + "/environment.json";
appendFileSync(__dirname + "/asked.txt", args.filter((arg, at) => arg !== "--cwd" && args[at - 1] !== "--cwd").join(" ") + "\\n");
const values = JSON.parse(readFileSync(file, "utf8"));
if (args[1] === "get-values") console.log(JSON.stringify(values));
if (args[1] === "set") writeFileSync(file, JSON.stringify({ ...values, [args[2]]: args[3] }));
`;

describe("npm run connect", () => {
  let api: Api;
  let receiver: Receiver;
  let folder: string;
  let environment: string;
  let said: string[];
  beforeEach(async () => {
    api = await openApi();
    receiver = await openReceiver();
    folder = mkdtempSync(join(tmpdir(), "connect-"));
    environment = new URL(api.dataverse.url).origin;
    said = [];
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await receiver.close();
    await api.close();
  });

  const settingsFile = () => join(folder, "settings.json");
  const settings = (): Json => JSON.parse(readFileSync(settingsFile(), "utf8")).Values;
  const noAzd = { PATH: "/nowhere", PARCOURS_WEBHOOK_KEY: KEY };

  async function connect(args: readonly string[] = [], env: NodeJS.ProcessEnv = noAzd, at = environment) {
    said = [];
    const say = (line: string) => void said.push(stripVTControlCharacters(line));
    const rest = args.some((arg) => arg.startsWith("--webhook")) ? args : ["--webhook", receiver.url, ...args];
    return runConnect(["--environment", at, "--settings", settingsFile(), ...rest], env, say, folder);
  }
  /** The marks and what they stand at. */
  const marks = () => said.flatMap((line) => /^(\S) ([a-z ]+):/.exec(line)?.slice(1, 3).join(" ") ?? []);
  const registered = async () => ({
    endpoints: await api.rows("serviceendpoints?$select=name,url,authtype,description,isauthvalueset"),
    steps: await api.rows("sdkmessageprocessingsteps?$select=name,statecode"),
  });

  it("writes the settings, sees a test change arrive, and registers the endpoint", async () => {
    expect(await connect()).toBe(0);
    expect(marks()).toEqual(["✓ environment", "✓ user", "✓ privileges", "+ settings", "✓ test change", "+ endpoint"]);
    expect(settings()).toEqual({
      DATAVERSE_URL: api.dataverse.url,
      PARCOURS_ORGANIZATION_ID: api.dataverse.organizationId,
    });
    const { endpoints, steps } = await registered();
    expect(endpoints).toMatchObject([{ name: "Parcours", url: receiver.url, authtype: 5, isauthvalueset: true }]);
    expect(steps).toEqual([]);
    expect(receiver.deliveries).toHaveLength(1);
    const [delivery] = receiver.deliveries;
    expect(delivery?.headers["x-parcours-key"]).toBe(KEY);
    expect(delivery?.url).toBe("/hook");
    expect(delivery?.context).toMatchObject({ MessageName: "Update", PrimaryEntityName: "systemuser" });
    expect(targetOf(delivery?.context ?? {})).toMatchObject({ LogicalName: "systemuser" });
  });

  it("changes nothing the second time", async () => {
    await connect();
    const before = { settings: readFileSync(settingsFile(), "utf8"), registered: await registered() };
    const names = async () =>
      (await api.rows("systemusers?$select=nickname,fullname")).map(({ nickname, fullname }) => [nickname, fullname]);
    const users = await names();
    expect(await connect()).toBe(0);
    expect(marks()).toEqual(["✓ environment", "✓ user", "✓ privileges", "✓ settings", "✓ test change", "✓ endpoint"]);
    expect({ settings: readFileSync(settingsFile(), "utf8"), registered: await registered() }).toEqual(before);
    expect(await names()).toEqual(users);
  });

  it("keeps the other settings of the file", async () => {
    writeFileSync(settingsFile(), JSON.stringify({ IsEncrypted: false, Values: { PARCOURS_OPEN: "local" } }));
    await connect();
    expect(settings()).toMatchObject({ PARCOURS_OPEN: "local", DATAVERSE_URL: api.dataverse.url });
    expect(JSON.parse(readFileSync(settingsFile(), "utf8")).IsEncrypted).toBe(false);
  });

  it("only looks with --check", async () => {
    expect(await connect(["--check"])).toBe(0);
    expect(marks()).toEqual(["✓ environment", "✓ user", "✓ privileges", "– settings", "– test change", "– endpoint"]);
    expect(existsSync(settingsFile())).toBe(false);
    expect(await registered()).toEqual({ endpoints: [], steps: [] });
    expect(receiver.deliveries).toEqual([]);
  });

  it("names each privilege that is missing, on which table and what for, and changes nothing", async () => {
    api.dataverse.setFault({ lacks: { "*": ["prvCreateServiceEndpoint", "prvReadContact", "prvReadIncident"] } });
    expect(await connect(["--tables", "incident,new_nothing"])).toBe(1);
    expect(marks()).toEqual(["✓ environment", "✓ user", "✗ privileges"]);
    const text = said.join("\n");
    expect(text).toContain(
      "prvCreateServiceEndpoint: create on serviceendpoint, for the webhook's address and its key",
    );
    expect(text).toContain("prvReadContact: read on contact");
    expect(text).toContain("prvReadIncident: read on incident, for triggers are about it");
    expect(text).toContain("this environment has no new_nothing");
    expect(text).toContain("security role");
    expect(await registered()).toEqual({ endpoints: [], steps: [] });
    expect(existsSync(settingsFile())).toBe(false);
  });

  it("goes on without what is only useful, and says what that is", async () => {
    api.dataverse.setFault({ lacks: { "*": ["prvReadAuditSummary"] } });
    expect(await connect(["--check"])).toBe(0);
    expect(said.join("\n")).toContain("Useful for backtests, and not there: prvReadAuditSummary.");
  });

  it("checks the application user that the app's identity is, not whoever runs the command", async () => {
    expect(await connect(["--client-id", CLIENT_ID])).toBe(1);
    expect(said.join("\n")).toContain(`no application user stands for ${CLIENT_ID}`);
    expect(said.join("\n")).toContain("New app user");
    const user = await api.create("systemusers", { firstname: "Parcours", lastname: "App", applicationid: CLIENT_ID });
    api.dataverse.setFault({ lacks: { [user]: ["prvReadAsyncOperation"] } });
    expect(await connect(["--client-id", CLIENT_ID])).toBe(1);
    expect(said.join("\n")).toContain("prvReadAsyncOperation: read on asyncoperation");
    api.dataverse.setFault({});
    expect(await connect(["--client-id", CLIENT_ID])).toBe(0);
    await api.call("PATCH", `systemusers(${user})`, { isdisabled: true });
    expect(await connect(["--client-id", CLIENT_ID])).toBe(1);
    expect(said.join("\n")).toContain("is disabled in Dataverse");
  });

  it("says that nobody answers at a wrong address, and what an address looks like", async () => {
    const port = await closedPort();
    expect(await connect([], noAzd, `http://localhost:${port}`)).toBe(1);
    expect(marks()).toEqual(["✗ environment"]);
    expect(said.join("\n")).toMatch(/does not answer as a Dataverse environment: .*ECONNREFUSED/);
    expect(said.join("\n")).toContain("https://<name>.crm4.dynamics.com");
  });

  it("says that whoever answers is no Dataverse environment", async () => {
    const page = createServer((_request, response) => response.end("<html>A shop</html>"));
    await new Promise<void>((done) => page.listen(0, done));
    const at = `http://localhost:${(page.address() as AddressInfo).port}`;
    expect(await connect([], noAzd, at)).toBe(1);
    expect(marks()).toEqual(["✗ environment"]);
    await new Promise((done) => page.close(done));
  });

  it("says that the webhook can't be reached, and takes the test's registration away again", async () => {
    const port = await closedPort();
    expect(await connect(["--webhook", `http://localhost:${port}/hook`])).toBe(1);
    expect(marks().slice(-2)).toEqual(["✗ test change", "– endpoint"]);
    expect(said.join("\n")).toMatch(/and it was not taken: The webhook call failed/);
    expect(await registered()).toEqual({ endpoints: [], steps: [] });
  });

  it("leaves an endpoint that works where the key or the address of today does not", async () => {
    await connect();
    const before = await registered();
    receiver.answer(401);
    expect(await connect([], { ...noAzd, PARCOURS_WEBHOOK_KEY: "k2:mistyped" })).toBe(1);
    expect(await connect(["--webhook", `http://localhost:${await closedPort()}/hook`])).toBe(1);
    expect(marks().slice(-2)).toEqual(["✗ test change", "– endpoint"]);
    expect(await registered()).toEqual(before);
  });

  it.each([401, 403, 500])("says what the app's answer %s means", async (status) => {
    receiver.answer(status);
    expect(await connect()).toBe(1);
    expect(said.join("\n")).toContain(`Status: ${status}`);
    expect(said.join("\n")).toContain("Unauthorized or 401: the app has another key than this command");
  });

  it("mends an endpoint that shows another key, or posts elsewhere", async () => {
    await connect();
    expect(await connect([], { ...noAzd, PARCOURS_WEBHOOK_KEY: "k2:another key" })).toBe(0);
    expect(marks()).toContain("+ endpoint");
    expect(receiver.deliveries.at(-1)?.headers["x-parcours-key"]).toBe("k2:another key");
    expect((await registered()).endpoints).toHaveLength(1);
  });

  it("leaves the endpoint alone where it does not know the key or the address", async () => {
    expect(await connect([], { PATH: "/nowhere" })).toBe(0);
    expect(marks().at(-1)).toBe("– endpoint");
    expect(said.join("\n")).toContain("set PARCOURS_WEBHOOK_KEY");
    expect(await registered()).toEqual({ endpoints: [], steps: [] });
  });

  it("takes the deployment's address and identity from azd, writes its settings there, and provisions once", async () => {
    await api.create("systemusers", { firstname: "Parcours", lastname: "App", applicationid: CLIENT_ID });
    writeFileSync(join(folder, "azd"), AZD);
    chmodSync(join(folder, "azd"), 0o755);
    const base = receiver.url.replace(/\/hook$/, "");
    const kept = { AZURE_ENV_NAME: "test", PARCOURS_URL: base, PARCOURS_IDENTITY_CLIENT_ID: CLIENT_ID };
    writeFileSync(join(folder, "environment.json"), JSON.stringify(kept));
    const env = { PARCOURS_WEBHOOK_KEY: KEY, PATH: `${folder}${delimiter}${process.env.PATH}` };
    const say = (line: string) => void said.push(stripVTControlCharacters(line));
    const again = () => runConnect(["--environment", environment], env, say, folder);
    expect(await again()).toBe(0);
    expect(said.join("\n")).toContain("written to the azd environment test");
    expect(receiver.deliveries.map(({ url }) => url)).toEqual(["/api/dataverse/webhook"]);
    said = [];
    expect(await again()).toBe(0);
    expect(marks()).toEqual(["✓ environment", "✓ user", "✓ privileges", "✓ settings", "✓ test change", "✓ endpoint"]);
    expect(readFileSync(join(folder, "asked.txt"), "utf8").trim().split("\n")).toEqual([
      "env get-values --output json",
      `env set DATAVERSE_URL ${api.dataverse.url}`,
      `env set PARCOURS_ORGANIZATION_ID ${api.dataverse.organizationId}`,
      "provision --no-prompt",
      "env get-values --output json",
    ]);
  });

  it.each([
    [[], /--environment takes the environment's address/],
    [["--environment", "http://org.crm4.dynamics.com"], /takes https/],
    [["--environment", "https://org.crm4.dynamics.com", "--client-id", "me"], /takes a GUID/],
    [["--environment", "https://org.crm4.dynamics.com", "--tables", "in-cident"], /no logical name/],
    [["--environment", "https://org.crm4.dynamics.com", "--colour", "red"], /--colour/],
  ])("refuses a command line that makes no sense: %j", async (args, problem) => {
    expect(await runConnect(args, noAzd, (line) => void said.push(line), folder)).toBe(2);
    expect(said.join("\n")).toMatch(problem);
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
