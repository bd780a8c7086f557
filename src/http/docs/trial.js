"use strict";
// The access token lives here and nowhere else: it is gone when the page is closed.
let token = "";
// More of an answer is not shown.
const LONGEST = 200000;

const text = (element, words) => { element.textContent = words; };
const make = (name, words, kind) => { const element = document.createElement(name); text(element, words); if (kind) element.className = kind; return element; };

async function ask(form) {
  const basic = btoa(encodeURIComponent(form.client.value.trim()) + ":" + encodeURIComponent(form.secret.value.trim()));
  const answer = await fetch("/oauth/token", { method: "POST", headers: { Authorization: "Basic " + basic, "Content-Type": "application/x-www-form-urlencoded" }, body: "grant_type=client_credentials" });
  const body = await answer.json();
  token = body.access_token || "";
  const until = new Date(Date.now() + 1000 * (body.expires_in || 0)).toLocaleTimeString();
  text(document.getElementById("token-state"), token ? "✓ Valid until " + until + (body.scope ? ", scope " + body.scope : "") + "." : "✗ " + (body.error_description || body.detail || answer.status));
}

// What a form asks for: address, headers, body.
function wanted(form) {
  let path = form.dataset.path;
  const query = [], headers = {};
  for (const field of form.querySelectorAll("[data-in]")) {
    if (!field.value) continue;
    if (field.dataset.in === "path") path = path.replace("{" + field.name + "}", encodeURIComponent(field.value));
    if (field.dataset.in === "query") query.push(encodeURIComponent(field.name) + "=" + encodeURIComponent(field.value));
    if (field.dataset.in === "header") headers[field.name] = field.value;
  }
  if (token && path !== "/oauth/token") headers.Authorization = "Bearer " + token;
  if (form.media) headers["Content-Type"] = form.media.value;
  return { address: path + (query.length ? "?" + query.join("&") : ""), headers, body: form.body ? form.body.value : undefined };
}

const quoted = (words) => "'" + words.replaceAll("'", "'\\''") + "'";

function curl(method, request) {
  const lines = ["curl -X " + method + " " + quoted(location.origin + request.address)];
  for (const [name, value] of Object.entries(request.headers)) lines.push("-H " + quoted(name + ": " + (name === "Authorization" ? "Bearer $TOKEN" : value)).replace("'Authorization: Bearer $TOKEN'", '"Authorization: Bearer $TOKEN"'));
  if (request.body) lines.push("--data-binary " + quoted(request.body));
  return lines.join(" \\\n  ");
}

function pretty(body) {
  try { return JSON.stringify(JSON.parse(body), null, 2); } catch { return body; }
}

// Shows an answer as it comes: a stream of events is not waited for.
async function show(answer, start, outcome) {
  outcome.append(make("p", answer.status + " " + answer.statusText + " · " + Math.round(performance.now() - start) + " ms", "status s" + String(answer.status)[0]));
  const names = ["content-type", "etag", "location", "link", "retry-after", "idempotency-replayed", "x-request-id"];
  outcome.append(make("p", names.filter((name) => answer.headers.has(name)).map((name) => name + ": " + answer.headers.get(name)).join("\n"), "quiet"));
  const place = outcome.appendChild(make("pre", ""));
  if (!answer.body) return;
  const reader = answer.body.getReader(), decoder = new TextDecoder();
  let body = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    body += decoder.decode(value, { stream: true });
    text(place, body.slice(0, LONGEST));
    if (body.length > LONGEST) { await reader.cancel(); body = body.slice(0, LONGEST) + "\n… cut here"; break; }
  }
  text(place, body.length > LONGEST ? body : pretty(body));
}

async function send(form) {
  const request = wanted(form), outcome = form.querySelector(".outcome"), button = form.querySelector("button");
  text(form.querySelector(".curl"), curl(form.dataset.method, request));
  outcome.replaceChildren();
  button.disabled = true;
  try {
    const start = performance.now();
    await show(await fetch(request.address, { method: form.dataset.method, headers: request.headers, body: request.body }), start, outcome);
  } catch (fault) {
    outcome.append(make("p", String(fault), "status s5"));
  }
  button.disabled = false;
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.id === "token") ask(event.target).catch((fault) => text(document.getElementById("token-state"), "✗ " + fault));
  else if (event.target.matches(".try")) send(event.target);
});

document.addEventListener("change", (event) => {
  if (event.target.name === "media") event.target.form.body.value = event.target.selectedOptions[0].dataset.example;
});

// A link to what is folded unfolds it.
function unfold() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") { target.open = true; target.scrollIntoView(); }
}
addEventListener("hashchange", unfold);
unfold();
if (matchMedia("(max-width:60rem)").matches) document.querySelector(".contents>details").open = false;

// The rules are searched without regard to accents and case.
const search = document.getElementById("search");
if (search) {
  const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  // Not in the examples, which hold what many rules are about.
  const words = (card) => [...card.children].filter((part) => !part.matches("details")).map((part) => part.textContent).join(" ");
  const cards = [...document.querySelectorAll(".rule")].map((card) => [card, plain(words(card))]);
  const filter = () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const [card, known] of cards) { card.hidden = !words.every((word) => known.includes(word)); count += card.hidden ? 0 : 1; }
    text(document.getElementById("found"), count + " / " + cards.length);
  };
  search.addEventListener("input", filter);
  filter();
}
