"use strict";
// The access token lives here and nowhere else: it is gone when the page is closed.
let token = "";
// More of an answer is not shown.
const LONGEST = 200000;

async function ask(form) {
  const basic = btoa(encodeURIComponent(form.client.value.trim()) + ":" + encodeURIComponent(form.secret.value.trim()));
  const answer = await fetch("/oauth/token", { method: "POST", headers: { Authorization: "Basic " + basic, "Content-Type": "application/x-www-form-urlencoded" }, body: "grant_type=client_credentials" });
  const body = await answer.json();
  token = body.access_token || "";
  const until = new Date(Date.now() + 1000 * (body.expires_in || 0)).toLocaleTimeString();
  text(document.getElementById("token-state"), token ? "✓ Valid until " + until + (body.scope ? ", scope " + body.scope : "") + "." : "✗ " + (body.error_description || body.detail || answer.status));
}

// How files of these names are sent; what a name ends with beside may say how it is compressed.
const CODINGS = { gz: "gzip", zst: "zstd" };
const MEDIA = {
  csv: "text/csv", json: "application/json", ndjson: "application/x-ndjson", jsonl: "application/x-ndjson", xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

function kind(file) {
  const endings = file.name.toLowerCase().split(".").slice(1).reverse();
  const coding = CODINGS[endings[0]];
  return { coding, media: MEDIA[endings[coding ? 1 : 0]] };
}

const chosen = (form) => form.upload && form.upload.files[0];

// Another file: what it is, and its name where the operation wants to know it.
function take(form) {
  const file = chosen(form);
  form.body.disabled = Boolean(file);
  if (!file) return;
  const { media } = kind(file);
  if ([...form.media.options].some((option) => option.value === media)) form.media.value = media;
  for (const name of ["fileName", "file"]) {
    const field = form.querySelector("[data-in=query][name=" + name + "]");
    if (field) field.value = file.name;
  }
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
  const file = chosen(form);
  if (form.media) headers["Content-Type"] = form.media.value;
  if (file && kind(file).coding) headers["Content-Encoding"] = kind(file).coding;
  return { address: path + (query.length ? "?" + query.join("&") : ""), headers, body: file || (form.body ? form.body.value : undefined) };
}

const quoted = (words) => "'" + words.replaceAll("'", "'\\''") + "'";

function curl(method, request) {
  const lines = ["curl -X " + method + " " + quoted(location.origin + request.address)];
  for (const [name, value] of Object.entries(request.headers)) lines.push("-H " + quoted(name + ": " + (name === "Authorization" ? "Bearer $TOKEN" : value)).replace("'Authorization: Bearer $TOKEN'", '"Authorization: Bearer $TOKEN"'));
  if (request.body) lines.push("--data-binary " + quoted(request.body instanceof File ? "@" + request.body.name : request.body));
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
  if (!answer.body) return;
  if (/sheet|excel|zip/.test(answer.headers.get("content-type") || "")) return outcome.append(download(await answer.blob(), answer));
  const place = outcome.appendChild(make("pre", ""));
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

// What is no text is given as a file.
function download(blob, answer) {
  const link = make("a", "Tải về · Download (" + blob.size + " bytes)");
  const [, name] = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") || "") || [];
  link.download = name || "answer.xlsx";
  link.href = URL.createObjectURL(blob);
  return link;
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
  if (event.target.name === "media" && !chosen(event.target.form)) event.target.form.body.value = event.target.selectedOptions[0].dataset.example;
  if (event.target.name === "upload") take(event.target.form);
});
