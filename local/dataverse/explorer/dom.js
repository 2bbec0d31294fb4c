/** An element with properties and children; text is never read as HTML. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A control under its label. */
export function field(label, control, wide = false) {
  return element("label", wide ? { className: "wide" } : {}, label, control);
}

/** A list of choices: [value, text]. */
export function choices(all, chosen) {
  const select = element("select", {}, ...all.map(([value, text]) => element("option", { value }, text)));
  select.value = chosen ?? "";
  return select;
}

export function button(text, act, className = "") {
  return element("button", { type: "button", className, onclick: act }, text);
}

export function notice(text, bad = false) {
  const place = document.getElementById("notice");
  place.textContent = text;
  place.className = bad ? "bad" : "";
}

let carried = "";

/** Goes to another page and says there what was done. */
export function leave(hash, text) {
  carried = text;
  location.hash = hash;
}

/** On a new page: what was carried over to it, or nothing. */
export function arrive() {
  notice(carried);
  carried = "";
}

/** Runs what a button does; a refusal is shown, not thrown. */
export function attempt(act) {
  return async (event) => {
    event?.preventDefault();
    try {
      await act();
    } catch (error) {
      notice(error.message, true);
    }
  };
}
