import { type Call, page, type Reply, redirect } from "./http.ts";
import { linksOf, withTrackedLinks } from "./mail-body.ts";
import type { Mail, MailStore } from "./mail-store.ts";
import { engage, type MailboxParts } from "./mailbox-api.ts";
import { renderMailbox } from "./mailbox-html.ts";
import { languageOf, wordsOf } from "./mailbox-words.ts";

const PAGE_SIZE = 50;

/** No script, no form, nothing fetched but pictures of this machine: a mail is somebody else's HTML. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data: http://localhost:*; sandbox allow-popups allow-popups-to-escape-sandbox";

/** The mailbox for people. Answers undefined for a path that is not its own. */
export function mailboxPage(call: Call, parts: MailboxParts): Reply | undefined {
  const { method } = call.request;
  const [root, id, part, index, ...rest] = call.url.pathname.slice(1).split("/");
  if (root === "" && id === undefined && method === "GET") return overview(call, parts.store);
  if (root !== "messages" || id === undefined || rest.length > 0) return undefined;
  const mail = parts.store.get(id);
  if (mail === undefined) return overview(call, parts.store, { missing: true });
  if (method === "POST" && part === "delete") {
    parts.store.remove(id);
    return redirect("/");
  }
  if (method !== "GET") return undefined;
  if (part === undefined) return overview(call, parts.store, { chosen: mail });
  if (part === "body") return body(mail);
  if (part === "links") return followed(call, mail, Number(index), parts);
  return undefined;
}

function overview(call: Call, store: MailStore, shown: { chosen?: Mail; missing?: true } = {}): Reply {
  const query = call.url.searchParams;
  const to = query.get("to")?.trim() || undefined;
  const from = Math.max(0, Math.trunc(Number(query.get("from")) || 0));
  const { mails, count } = store.newest({ to, limit: PAGE_SIZE, offset: from });
  const at = (offset: number) =>
    `/?${new URLSearchParams({ ...(to === undefined ? {} : { to }), from: String(offset) })}`;
  const language = languageOf(call.request.headers["accept-language"]);
  const view = {
    language,
    mails,
    count,
    to,
    newer: from > 0 ? at(Math.max(0, from - PAGE_SIZE)) : undefined,
    older: from + mails.length < count ? at(from + PAGE_SIZE) : undefined,
    chosen: shown.chosen,
    problem: shown.missing ? wordsOf(language).notFound : undefined,
  };
  return page(shown.missing ? 404 : 200, renderMailbox(view), { vary: "accept-language" });
}

function body(mail: Mail): Reply {
  const tracked = withTrackedLinks(mail.html, (index) => `/messages/${mail.id}/links/${index}`);
  return page(200, tracked, { "content-security-policy": MAIL_POLICY });
}

/** A link of the mail, as the service's tracking rewrites it: counts the click, then leads on. */
function followed(call: Call, mail: Mail, index: number, parts: MailboxParts): Reply | undefined {
  const link = linksOf(mail)[index];
  if (link === undefined) return undefined;
  engage(mail, link, call.request.headers["user-agent"] ?? "", parts);
  return redirect(link);
}
