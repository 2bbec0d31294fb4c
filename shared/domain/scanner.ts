/**
 * Programs that open what is in a mail before, or instead of, its reader: filters that look where links lead, previews of
 * chats and mail programs. They say so in the user agent, which is all that a report tells of who acted. One that
 * pretends to be a browser can't be told from a reader by a single report, and counts as one.
 */
const SCANNERS =
  /bot\b|crawl|spider|slurp|scan|preview|prefetch|proofpoint|mimecast|barracuda|ironport|messagelabs|symantec|trend ?micro|fortinet|forcepoint|zscaler|checkpoint|sophos|cloudmark|urldefense|safelinks|headless|phantomjs|python-requests|python-urllib|aiohttp|curl\/|wget|go-http-client|okhttp|java\/|libwww|httpclient|skypeuripreview|facebookexternalhit|whatsapp|telegrambot/i;

/** Whether a click was a program's. Without a user agent it was: browsers send one. */
export function isScanner(userAgent: string | null): boolean {
  return userAgent === null || userAgent.trim() === "" || SCANNERS.test(userAgent);
}
