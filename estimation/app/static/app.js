"use strict";
// Sends forms with the header that every change must have, takes dropped files, and asks how far a run is.
const secret = document.querySelector("meta[name=mse-change]").content;
const lost = document.querySelector("meta[name=mse-lost]").content;
const reading = document.querySelector("meta[name=mse-reading]").content;
const live = document.getElementById("said");
const speak = (words) => { live.textContent = words; };

async function send(place, body, headers = {}) {
  try {
    return await fetch(place, { method: "POST", body, headers: { "X-Mse-Change": secret, ...headers } });
  } catch {
    fail();
    return null;
  }
}

function fail() {
  const main = document.getElementById("main");
  if (main.querySelector(".lost")) return;
  const words = document.createElement("p");
  words.className = "problems lost";
  words.setAttribute("role", "alert");
  words.textContent = lost;
  main.prepend(words);
}

// What somebody entered stands in the form again where it was refused.
function refill(action, fields) {
  const form = [...document.forms].find((each) => each.getAttribute("action") === action && each.elements.length > 1);
  if (!form) return;
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.tagName === "BUTTON") continue;
    const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (values.length) field.value = values[values.length - 1];
  }
}

async function show(answer, action, fields) {
  if (!answer) return;
  const go = answer.headers.get("X-Mse-Go");
  if (go) { location.assign(go); return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("main");
  if (!fresh) { fail(); return; }
  document.title = page.title;
  document.getElementById("main").replaceWith(document.adoptNode(fresh));
  if (fields && answer.status === 422) refill(action, fields);
  const first = document.getElementById("problems") || fresh;
  first.focus();
  scrollTo(0, 0);
  arrange();
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.sending) return;
  if (form.method === "get") { location.assign(`${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`); return; }
  form.dataset.sending = "1";
  form.setAttribute("aria-busy", "true");
  const fields = [...new FormData(form, event.submitter)].filter(([, value]) => typeof value === "string");
  const answer = await send(form.getAttribute("action"), JSON.stringify(fields), { "Content-Type": "application/json" });
  delete form.dataset.sending;
  form.removeAttribute("aria-busy");
  await show(answer, form.getAttribute("action"), fields);
});

async function take(file) {
  if (!file) return;
  speak(`${reading} ${file.name}`);
  const words = document.createElement("p");  // seen where reading takes a while
  words.className = "notice";
  const name = words.appendChild(document.createElement("bdi"));
  name.textContent = file.name;
  words.prepend(`${reading} `);
  document.getElementById("main").querySelector("h1").after(words);
  document.body.classList.add("busy");
  const answer = await send("/take", file, { "X-File-Name": encodeURIComponent(file.name), "Content-Type": "application/octet-stream" });
  document.body.classList.remove("busy");
  if (!answer) words.remove();
  await show(answer);
}

function arrange() {
  const input = document.getElementById("dropped");
  if (input) {
    input.addEventListener("change", async () => {
      const [file] = input.files;
      await take(file);
      input.value = "";  // so that the same file can be chosen again
    });
  }
  const state = document.getElementById("run-state");
  if (state && state.dataset.poll) setTimeout(poll, 60);
  for (const form of document.querySelectorAll("form[data-picture]")) follow(form);
}

function follow(form) {  // a picture of what is being typed, drawn anew when the typing pauses
  const image = document.getElementById(form.dataset.picture);
  let pause;
  image.addEventListener("error", () => { image.hidden = true; });
  image.addEventListener("load", () => { image.hidden = false; });
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => { image.src = `${image.dataset.place}?${new URLSearchParams(new FormData(form))}`; }, 200);
  });
}

let told = -1;
let polls = 0;
async function poll() {
  const state = document.getElementById("run-state");
  if (!state) return;
  let answer;
  try { answer = await fetch(state.dataset.poll); } catch { fail(); return; }
  const text = await answer.text();
  const page = new DOMParser().parseFromString(text, "text/html");
  const bar = page.getElementById("progress");
  const old = document.getElementById("progress");
  if (!bar || !old) {
    const results = page.querySelector("a[href^='/results']");
    location.assign(results ? results.getAttribute("href") : location.pathname);
    return;
  }
  old.value = bar.value;
  for (const part of [".doing", ".answers"]) {
    const fresh = page.querySelector(part);
    const there = state.querySelector(part);
    if (fresh && there) there.replaceWith(document.adoptNode(fresh));
    else if (fresh) state.append(document.adoptNode(fresh));
  }
  const step = Math.floor(bar.value / 5) * 5;
  if (step !== told) { told = step; speak(`${step} %`); }
  setTimeout(poll, polls++ < 40 ? 80 : 250);
}

for (const name of ["dragover", "dragenter"]) {
  document.addEventListener(name, (event) => { event.preventDefault(); document.body.classList.add("over"); });
}
document.addEventListener("dragleave", () => document.body.classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("over");
  take(event.dataTransfer.files[0]);
});

setInterval(() => { send("/alive", ""); }, 60000);
arrange();
