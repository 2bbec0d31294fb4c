import { describe, expect, it } from "@jest/globals";
import { renderSurvey } from "../../../functions/pages/survey-page.ts";
import { surveyView } from "./samples.ts";

describe("the survey page", () => {
  it("asks each rating as a named group of radio buttons and each comment as a labelled field", () => {
    const text = renderSurvey(surveyView());
    expect(text).toContain("<legend>How satisfied are you with our answer?</legend>");
    expect(text.match(/type="radio" name="satisfaction"/g)).toHaveLength(5);
    expect(text).toContain('<input type="radio" name="satisfaction" value="1" required> Very dissatisfied');
    expect(text).toContain('<label for="answer-comment">');
    expect(text).toContain('<form method="post" action="/survey/abc.def">');
  });

  it("is in the language of the view, its own words included", () => {
    const french = renderSurvey(surveyView("fr"));
    expect(french).toContain('<html lang="fr">');
    expect(french).toContain("Envoyer ma réponse");
    expect(renderSurvey(surveyView("en"))).toContain("Send my answer");
  });

  it("shows the answers given so far and says which one is missing", () => {
    const text = renderSurvey({
      ...surveyView(),
      answers: { satisfaction: "2", comment: "\nNo </textarea> here" },
      missing: ["recommend"],
    });
    expect(text).toContain('name="satisfaction" value="2" required checked');
    expect(text).toContain("\n\nNo &lt;/textarea&gt; here</textarea>");
    expect(text).toContain('aria-describedby="missing-recommend"');
    expect(text).toContain('id="missing-recommend">Please choose an answer.');
  });

  it("loads nothing and runs no script", () => {
    const text = renderSurvey(surveyView());
    expect(text).not.toMatch(/<script|<link|<img|src=|@import|url\(/);
  });

  it.each([
    ["thanks", "Thank you!", "Merci\u00a0!"],
    ["already", "You have already answered", "Vous avez déjà répondu"],
    ["invalid", "This link does not work any more", "Ce lien ne fonctionne plus"],
  ] as const)("says %s in both languages, and without a form", (kind, english, french) => {
    expect(renderSurvey({ kind, language: "en" })).toContain(`<h1>${english}</h1>`);
    expect(renderSurvey({ kind, language: "fr" })).toContain(`<h1>${french}</h1>`);
    expect(renderSurvey({ kind, language: "en" })).not.toContain("<form");
  });

  it("says thanks in the author's words where there are some", () => {
    const text = renderSurvey({ kind: "thanks", language: "en", title: "Cheers", message: "A code is on its way." });
    expect(text).toContain("<h1>Cheers</h1><p>A code is on its way.</p>");
  });

  it("escapes whatever an author or a link brings", () => {
    const evil = `"><script>alert('x')</script>&`;
    const text = renderSurvey({
      kind: "question",
      language: "en",
      title: evil,
      intro: evil,
      questions: [
        { kind: "rating", id: evil, text: evil, options: [{ value: evil, label: evil }] },
        { kind: "comment", id: evil, text: evil },
      ],
      action: evil,
      answers: { [evil]: evil },
      missing: [evil],
    });
    expect(text).not.toContain("<script");
    expect(text).not.toContain(`"">`);
    expect(text).toContain("&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;");
  });
});
