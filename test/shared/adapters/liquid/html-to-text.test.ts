import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { htmlToText } from "../../../../shared/adapters/liquid/html-to-text.ts";

describe("text made from HTML", () => {
  it.each([
    ["paragraphs stand apart", "<p>One</p>\n<p>Two<br>three</p>", "One\n\nTwo\nthree"],
    ["headings and blocks end lines", "<h1>Hi</h1><div>a</div><div>b</div>", "Hi\n\na\nb"],
    [
      "a link keeps its address",
      'See <a href="https://a.example/x?y=1&amp;z=2">this page</a>.',
      "See this page (https://a.example/x?y=1&z=2).",
    ],
    [
      "a link that shows its address has it once",
      '<a href="https://a.example">https://a.example</a>',
      "https://a.example",
    ],
    ["a link without words is its address", "<a href='https://a.example'> </a>", "https://a.example"],
    ["a mail address needs no scheme", '<a href="mailto:help@a.example">Help</a>', "Help (help@a.example)"],
    ["an anchor has no address", '<a href="#top">Top</a><a>None</a>', "TopNone"],
    [
      "a link around a picture says what it shows",
      '<a href="https://a.example"><img src="x" alt="Logo"></a>',
      "Logo (https://a.example)",
    ],
    ["list items get a dash", "<ul><li>One</li><li>Two</li></ul>After", "- One\n- Two\n\nAfter"],
    [
      "cells are set apart",
      "<table><tr><td>Wheel</td><td>84.50</td></tr><tr><td>Tyre</td></tr></table>",
      "Wheel 84.50\nTyre",
    ],
    ["white space is one space, a no-break space stays", "a \n\t b&nbsp;c", "a b\u00a0c"],
    ["entities are characters", "&lt;b&gt; &amp;amp; &eacute; &#8364; &#x20AC; &unknown;", "<b> &amp; é € € &unknown;"],
    [
      "nobody reads styles, scripts, the head or comments",
      "<head><title>T</title></head><style>p{a:b}</style><script>if (a<b) c()</script><!-- <p>x</p> -->Yes",
      "Yes",
    ],
    ["a quoted > ends no tag", '<img alt="a > b" src="x">c', "a > bc"],
    ["a lonely < is a character", "1 < 2 and 3 <4", "1 < 2 and 3 <4"],
    ["an upper-case tag is a tag", "<P>One</P><STYLE>x</STYLE><P>Two</P>", "One\n\nTwo"],
  ])("%s", (_, html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  it("leaves escaped text as it was", () => {
    const words = fc.stringMatching(/^[A-Za-z<>&"' é€]{0,40}$/);
    fc.assert(
      fc.property(words, (text) => {
        const escaped = text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
        expect(htmlToText(`<p>${escaped}</p>`)).toBe(text.replace(/ +/g, " ").trim());
      }),
    );
  });

  it("takes any text without failing, and never leaves three line breaks", () => {
    const pieces = fc.constantFrom(
      "<",
      ">",
      "a",
      " ",
      "<p>",
      "</p>",
      "<br>",
      '<a href="',
      '"',
      "</a>",
      "<!--",
      "&amp;",
      "<li>",
      "<style>",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        expect(htmlToText(parts.join(""))).not.toContain("\n\n\n");
      }),
    );
  });

  it("takes time as the text is long, whatever it holds", () => {
    for (const piece of [
      "<",
      "<a ",
      "<!--",
      '<a href="',
      "<style>",
      "&",
      "<a href='https://a'>",
      " ",
      "<td>x",
      "<br>",
      "<p>x",
    ]) {
      const start = performance.now();
      htmlToText(piece.repeat(200_000 / piece.length));
      expect({ piece, fast: performance.now() - start < 1500 }).toEqual({ piece, fast: true });
    }
  });
});
