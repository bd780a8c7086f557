"use strict";
// Comfort only: every page works without it.

// A page whose work is not done is asked for again, and its content put in place.
const EVERY = 1000;
const SLOWER = 5000;

async function follow() {
  const main = document.querySelector("main[data-waits]");
  if (!main) return;
  let pause = EVERY;
  try {
    const answer = await fetch(location.href, { redirect: "manual", headers: { Accept: "text/html" } });
    if (answer.type === "opaqueredirect") return location.reload();
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      replace(main, page.querySelector("main"));
    } else pause = SLOWER;
  } catch { pause = SLOWER; }
  setTimeout(follow, pause);
}

// While it waits only what changes is exchanged, so that readers of the screen hear that alone.
function replace(main, next) {
  if (!next) return;
  const state = document.getElementById("state"), fresh = next.querySelector("#state");
  if (next.hasAttribute("data-waits") && state && fresh) {
    if (state.innerHTML !== fresh.innerHTML) state.replaceChildren(...fresh.childNodes);
    return;
  }
  if (state && fresh) { state.replaceChildren(...fresh.childNodes); fresh.replaceWith(state); }
  main.replaceChildren(...next.childNodes);
  main.toggleAttribute("data-waits", next.hasAttribute("data-waits"));
  prepare(main);
}

function prepare(root) {
  for (const form of root.querySelectorAll("form")) form.addEventListener("submit", once);
  for (const zone of root.querySelectorAll(".drop")) accept(zone);
}

// Nothing is sent twice by a second press of the button.
function once(event) {
  const form = event.currentTarget;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
}

function accept(zone) {
  const field = zone.querySelector("input[type=file]");
  const over = (is) => (event) => { event.preventDefault(); zone.classList.toggle("over", is); };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer.files.length) field.files = event.dataTransfer.files;
  });
}

// A page that the browser kept is as it was left: its forms may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) { delete form.dataset.sent; form.removeAttribute("aria-busy"); }
});
prepare(document);
if (document.querySelector("main[data-waits]")) setTimeout(follow, EVERY);
