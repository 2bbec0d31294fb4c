import { describe, expect, it } from "@jest/globals";
import { isScanner } from "../../../shared/domain/scanner.ts";

describe("whoever clicks", () => {
  it.each([
    "",
    null,
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (Windows NT 10.0) SkypeUriPreview Preview/0.5",
    "Barracuda Sentinel (EE)",
    "python-requests/2.32",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0.0.0 Safari/537.36",
  ])("is a program: %s", (userAgent) => {
    expect(isScanner(userAgent)).toBe(true);
  });

  it.each([
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:121.0) Gecko/20100101 Firefox/121.0",
    "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
  ])("is taken for a reader: %s", (userAgent) => {
    expect(isScanner(userAgent)).toBe(false);
  });
});
