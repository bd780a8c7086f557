"use strict";
// What all pages do. Without it they can be read as they are.
const english = document.documentElement.lang === "en";
const said = (vietnamese, other) => english ? other : vietnamese;
const text = (element, words) => { element.textContent = words; };
const make = (name, words, kind) => { const element = document.createElement(name); text(element, words); if (kind) element.className = kind; return element; };

// A link to what is folded unfolds it.
function unfold() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") { target.open = true; target.scrollIntoView(); }
}
addEventListener("hashchange", unfold);
unfold();
if (matchMedia("(max-width:60rem)").matches) document.querySelector(".contents>details").open = false;

// Small letters without accents, letter by letter, so that places in the text stay what they are.
const letter = (one) => { const bare = one.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase(); return bare.length === one.length ? bare : one; };
const plain = (words) => [...words.normalize("NFC")].map(letter).join("");
const asked = (field) => plain(field.value).split(/\s+/).filter(Boolean);

// What is searched is searched here, and sent nowhere.
document.addEventListener("submit", (event) => { if (event.target.matches(".search")) event.preventDefault(); });

// The rules are searched without regard to accents and case.
const search = document.getElementById("search");
if (search) {
  // Not in the examples, which hold what many rules are about.
  const words = (card) => [...card.children].filter((part) => !part.matches("details")).map((part) => part.textContent).join(" ");
  const cards = [...document.querySelectorAll(".rule")].map((card) => [card, plain(words(card))]);
  const filter = () => {
    const words = asked(search);
    let count = 0;
    for (const [card, known] of cards) { card.hidden = !words.every((word) => known.includes(word)); count += card.hidden ? 0 : 1; }
    text(document.getElementById("found"), count + " / " + cards.length);
  };
  search.addEventListener("input", filter);
  filter();
}

// A guide is searched by its sections: those that hold every word stay, and the words are marked.
const find = document.getElementById("find");
if (find) {
  const sections = [...document.querySelectorAll("main>section")].map((section) => [section, plain(section.textContent)]);
  const texts = (section) => { const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT), found = []; while (walker.nextNode()) found.push(walker.currentNode); return found; };
  const places = (node, words) => {
    const known = plain(node.data), found = [];
    if (known.length !== node.data.length) return found;
    for (const word of words) for (let at = known.indexOf(word); at >= 0; at = known.indexOf(word, at + word.length)) {
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, at + word.length);
      found.push(range);
    }
    return found;
  };
  const links = [...document.querySelectorAll(".contents a[href^='#']")];
  const home = (link) => { const place = document.getElementById(decodeURIComponent(link.hash.slice(1))); return place && place.closest("section"); };
  const filter = () => {
    const words = asked(find.words);
    let count = 0;
    const marks = [];
    for (const [section, known] of sections) {
      section.hidden = !words.every((word) => known.includes(word));
      if (section.hidden) continue;
      count += 1;
      if (words.length) marks.push(...texts(section).flatMap((node) => places(node, words)));
    }
    for (const link of links) { const section = home(link); link.hidden = Boolean(section && section.hidden); }
    if (globalThis.Highlight) CSS.highlights.set("found", new Highlight(...marks));
    text(find.querySelector("span"), words.length ? count + " / " + sections.length + said(" mục", " sections") : "");
    return marks;
  };
  find.hidden = false;
  find.words.addEventListener("input", filter);
  find.addEventListener("submit", () => {
    const [first] = filter();
    if (first && find.words.value) first.startContainer.parentElement.scrollIntoView({ block: "center" });
  });
}

// Code can be copied as it stands, where the browser lets a page write to the clipboard.
function copyButton(block) {
  const button = make("button", said("Chép", "Copy"), "copy");
  button.type = "button";
  button.addEventListener("click", async () => {
    await copy(block.querySelector("code").textContent);
    text(button, said("Đã chép", "Copied"));
    setTimeout(() => text(button, said("Chép", "Copy")), 2000);
  });
  const frame = document.createElement("div");
  frame.className = "copied";
  block.replaceWith(frame);
  frame.append(block, button);
}
// A page that did not come over TLS or from this machine has no clipboard of its own, and a browser may refuse it to
// others; a selection can be copied anywhere.
async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    return;
  } catch { /* By the selection, then. */ }
  const field = make("textarea", words, "aside");
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
document.querySelectorAll("pre.code").forEach(copyButton);
