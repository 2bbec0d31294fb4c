import { arrive, element, notice } from "./dom.js";
import { importPage, newLeadPage } from "./import.js";
import { jobsPage, rowsPage } from "./lists.js";
import { rowPage } from "./row-form.js";
import { language, switchLanguage, texts } from "./texts.js";

const MENU = [
  ["#/", texts.rows],
  ["#/new/lead", texts.newLead],
  ["#/import", texts.import],
  ["#/jobs", texts.jobs],
];

/** `#/incidents`, `#/incidents/<id>`, `#/new/lead`, `#/import`, `#/jobs` */
function pageOf([first, second]) {
  if (first === "new") return newLeadPage();
  if (first === "import") return importPage();
  if (first === "jobs") return jobsPage();
  return second ? rowPage(first, second) : rowsPage(first);
}

async function show() {
  const hash = location.hash || "#/";
  const main = document.getElementById("main");
  const links = MENU.map(([href, text]) =>
    element("a", { href, ...(href === hash ? { "aria-current": "page" } : {}) }, text),
  );
  document.getElementById("menu").replaceChildren(...links);
  try {
    main.replaceChildren(...(await pageOf(hash.replace(/^#\/?/, "").split("/"))));
  } catch (error) {
    notice(error.message, true);
  }
}

document.documentElement.lang = language;
const toggle = document.getElementById("language");
toggle.textContent = texts.language;
toggle.onclick = switchLanguage;
window.addEventListener("hashchange", (event) => {
  if (event.newURL) arrive();
  show();
});
show();
