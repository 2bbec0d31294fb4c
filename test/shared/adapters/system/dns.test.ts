import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { publicDns } from "../../../../shared/adapters/system/dns.ts";

/** Answers by the first label of the name: a TXT in two parts, a CNAME, no such name, no such record. */
function reply(question: Buffer): Buffer {
  const first = question[12] ?? 0;
  const label = question.subarray(13, 13 + first).toString();
  const end = question.indexOf(0, 12) + 5;
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(label === "gone" ? 0x8183 : 0x8180, 2);
  header.writeUInt16BE(label === "text" || label === "alias" ? 1 : 0, 6);
  header.fill(0, 8);
  const type = label === "text" ? 16 : 5;
  const data =
    label === "text"
      ? Buffer.concat([Buffer.from([7]), Buffer.from("v=spf1 "), Buffer.from([4]), Buffer.from("-all")])
      : Buffer.from([5, ...Buffer.from("other"), 7, ...Buffer.from("example"), 0]);
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(type, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(60, 6);
  record.writeUInt16BE(data.length, 10);
  const answers = label === "text" || label === "alias" ? [record, data] : [];
  return Buffer.concat([header, question.subarray(12, end), ...answers]);
}

describe("the public DNS", () => {
  let server: Socket;
  let address: string;
  beforeAll(async () => {
    server = createSocket("udp4");
    server.on("message", (question, from) => server.send(reply(question), from.port, from.address));
    server.bind(0, "127.0.0.1");
    await once(server, "listening");
    address = `127.0.0.1:${server.address().port}`;
  });
  afterAll(() => {
    server.close();
  });

  it("gives texts whole, and what a name is another name for", async () => {
    const dns = publicDns([address]);
    expect(await dns.lookUp("TXT", "text.example")).toEqual(["v=spf1 -all"]);
    expect(await dns.lookUp("CNAME", "alias.example")).toEqual(["other.example"]);
  });

  it("gives nothing for a name that does not exist, or has no such record", async () => {
    const dns = publicDns([address]);
    expect(await dns.lookUp("TXT", "gone.example")).toEqual([]);
    expect(await dns.lookUp("TXT", "bare.example")).toEqual([]);
  });

  it("says that it could not ask, which is not the same as nothing", async () => {
    const nobody = createSocket("udp4");
    nobody.bind(0, "127.0.0.1");
    await once(nobody, "listening");
    const closed = `127.0.0.1:${nobody.address().port}`;
    nobody.close();
    expect(await publicDns([closed]).lookUp("TXT", "text.example")).toBeNull();
    expect(await publicDns([address]).lookUp("MX", "text.example")).toBeNull();
  });
});
