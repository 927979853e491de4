(() => {
  "use strict";
  const { questions, words, digits } = JSON.parse(document.getElementById("data").textContent);
  const place = document.body.dataset.place;
  const who = document.getElementById("who");
  const status = document.getElementById("status");
  let answers = {};
  let history = [];
  let at = 0;
  let isKept = true;  // whether this browser stores answers
  let isSaved = true;

  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const write = (key, value) => { try { localStorage.setItem(key, value); } catch { isKept = false; } };
  const number = (value) => String(value).replace(/\d/g, (digit) => digits[digit]);
  const say = (english, given = {}) => (words[english] || english).replace(/\{(\w+)\}/g, (_, name) => given[name]);
  const answer = { same: say("Same person"), different: say("Different people"), unsure: say("Unsure") };
  const loss = () => (isKept ? "" : ` ${say("Answers are lost with this page until they are saved as CSV.")}`);
  const key = () => `mse-review ${place} ${who.value.trim().toLowerCase()}`;
  const section = (index) => document.getElementById(`q${questions[index].question}`);
  const why = (index) => document.getElementById(`w${questions[index].question}`);
  const announce = (text) => { status.textContent = text; };
  const answered = () => questions.filter((each) => answers[each.question]).length;

  const show = (index) => {
    if (!questions.length) return;
    at = Math.min(Math.max(index, 0), questions.length - 1);
    questions.forEach((_, number) => { section(number).hidden = number !== at; });
    draw();
    window.scrollTo(0, 0);
  };

  const draw = () => {
    const question = questions[at].question;
    const given = answers[question];
    document.getElementById(`a${question}`).textContent = given ? say("Your answer: {answer}", { answer: answer[given.answer] }) : "";
    document.querySelectorAll("[data-answer]").forEach((button) => {
      button.setAttribute("aria-pressed", String(Boolean(given) && given.answer === button.dataset.answer));
    });
    const counts = { number: number(at + 1), all: number(questions.length), answered: number(answered()) };
    announce(`${say("Question {number} of {all}; {answered} answered.", counts)}${loss()}`);
  };

  const store = () => { isSaved = false; write(key(), JSON.stringify({ answers, history })); };

  const load = () => {
    let stored = null;
    try { stored = JSON.parse(read(key()) || "null"); } catch { stored = null; }
    answers = (stored && stored.answers) || {};
    history = (stored && stored.history) || [];
    questions.forEach((each, index) => { why(index).value = (answers[each.question] || {}).why || ""; });
  };

  const isNamed = () => {
    const named = who.value.trim() !== "";
    who.classList.toggle("needed", !named);
    if (!named) { who.focus(); announce(say("Write who is reviewing, then answer.")); }
    return named;
  };

  const open = (from) => {
    for (let step = 1; step <= questions.length; step += 1) {
      const index = (from + step) % questions.length;
      if (!answers[questions[index].question]) return index;
    }
    return -1;
  };

  const decide = (chosen) => {
    if (!questions.length || !isNamed()) return;
    const question = questions[at].question;
    history.push({ question, before: answers[question] || null });
    answers[question] = { answer: chosen, why: why(at).value.trim(), when: new Date().toISOString().slice(0, 19) };
    store();
    const following = open(at);
    if (following < 0) {
      draw();
      const all = number(questions.length);
      announce(`${say("All {all} questions are answered: save them as CSV.", { all })}${loss()}`);
      return;
    }
    show(following);
  };

  const undo = () => {
    const last = history.pop();
    if (!last) { announce(say("There is nothing to undo.")); return; }
    if (last.before) answers[last.question] = last.before; else delete answers[last.question];
    store();
    show(questions.findIndex((each) => each.question === last.question));
    announce(say("Undone: question {number}", { number: number(last.question) }));
  };

  const cell = (value) => {
    let text = String(value);
    if (/^'*[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^[+-]?\d[\d,]*(\.\d*)?$/.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  const save = () => {
    if (!isNamed()) return;
    const rows = [["question", "first list", "first sheet", "first row", "second list", "second sheet", "second row", "decision", "who", "when", "why", "first file", "second file"]];
    questions.forEach((each) => {
      const given = answers[each.question];
      if (given) each.pairs.forEach(([one, other], k) => rows.push([each.question, ...one, ...other, given.answer, who.value.trim(), given.when, given.why, ...each.files[k]]));
    });
    const text = `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    link.download = `decisions_${who.value.trim().replace(/[^\p{L}\p{N}]+/gu, "_")}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    isSaved = true;
    const saved = { number: number(answered()), file: `\u2068${link.download}\u2069` };
    announce(say("{number} answers are saved as {file}", saved));
  };

  const [forward, back] = document.dir === "rtl" ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
  const keys = {
    s: () => decide("same"), d: () => decide("different"), u: () => decide("unsure"),
    n: () => show(at + 1), [forward]: () => show(at + 1), p: () => show(at - 1), [back]: () => show(at - 1),
    z: undo, e: save,
  };
  // Where the keyboard writes other letters (Persian, Cyrillic), the key in the place of the Latin one is meant.
  const pressed = (event) => {
    if (event.key.length > 1) return event.key;
    return /[a-z]/i.test(event.key) ? event.key.toLowerCase() : event.code.replace(/^Key/, "").toLowerCase();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches("input, textarea")) { event.target.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea")) return;
    const action = keys[pressed(event)];
    if (action) { event.preventDefault(); action(); }
  });
  window.addEventListener("beforeunload", (event) => { if (!isKept && !isSaved) event.preventDefault(); });
  document.querySelectorAll("[data-answer]").forEach((button) => button.addEventListener("click", () => decide(button.dataset.answer)));
  document.getElementById("next").addEventListener("click", () => show(at + 1));
  document.getElementById("previous").addEventListener("click", () => show(at - 1));
  document.getElementById("undo").addEventListener("click", undo);
  document.getElementById("save").addEventListener("click", save);
  who.addEventListener("change", () => { write(`mse-review ${place}`, who.value.trim()); load(); show(Math.max(open(-1), 0)); });
  who.addEventListener("keydown", (event) => { if (event.key === "Enter") who.blur(); });
  questions.forEach((each, index) => why(index).addEventListener("change", () => {
    if (answers[each.question]) { answers[each.question].why = why(index).value.trim(); store(); }
  }));

  who.value = read(`mse-review ${place}`) || "";
  if (questions.length) { load(); show(Math.max(open(-1), 0)); } else { announce(""); }
})();
