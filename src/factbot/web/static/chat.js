// The page's behaviour. Gradio runs this once, with the masthead as `element`; `trigger` sends an event
// to the server: "example", "again", "stop", "clear" or "evidence".

const one = (selector, root = document) => root.querySelector(selector);
const phone = matchMedia("(max-width: 860px)");
const touch = matchMedia("(hover: none)");
let opener = null; // what opened the panel, and gets the focus back
let opened = ""; // the panel that was last shown
let turns = 0; // in the conversation
let following = true; // whether the conversation scrolls along with what is new
const folds = new Map(); // which parts of the conversation the person has unfolded (true) or folded

document.addEventListener("click", (event) => {
  const fold = event.target.closest("summary")?.closest("[data-fold]");
  if (fold) folds.set(fold.dataset.fold, !fold.open);
  const button = event.target.closest("button");
  if (!button) return;
  const { turn, example, again, copy, close, stop, clear } = button.dataset;
  if (turn !== undefined) {
    opener = button;
    const numbers = Object.entries(button.dataset).filter(([name]) => name !== "shown");
    trigger("evidence", Object.fromEntries(numbers.map(([name, number]) => [name, +number])));
  } else if (again !== undefined) {
    trigger("again", { again: +again });
    toQuestion();
  } else if (example !== undefined) {
    trigger("example", { example: +example });
    toQuestion();
  } else if (copy !== undefined) {
    copyText(copy).then((done) => say(button, done ? "Copied" : "The browser does not allow it"));
  } else if (close !== undefined) {
    closePanel();
  } else if (stop !== undefined) {
    trigger("stop", {});
    toQuestion();
  } else if (clear !== undefined) {
    trigger("clear", {});
    opener = null;
    folds.clear();
    closePanel();
    toQuestion();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("panel-open") && !inCorpus()) {
    event.preventDefault();
    closePanel();
  }
});

phone.addEventListener("change", guard);

// The address says which view is shown, so that the browser's own "back" leads from one to the other.
const inCorpus = () => document.body.classList.contains("in-corpus");
addEventListener("hashchange", switchView);
switchView();

function switchView() {
  const name = location.hash === "#corpus" ? "corpus" : "chat";
  document.body.classList.toggle("in-corpus", name === "corpus");
  for (const link of document.querySelectorAll("[data-view]")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  guard();
}

// Gradio writes the server's HTML into the page piece by piece; this follows it.
new MutationObserver(() => {
  const panel = one("#panel .evidence");
  if (panel && panel.dataset.opened !== opened) {
    opened = panel.dataset.opened;
    openPanel(panel);
  }
  keep();
  follow();
}).observe(document.body, { childList: true, subtree: true, characterData: true, attributeFilter: ["data-opened"] });

function openPanel(panel) {
  document.body.classList.add("panel-open");
  guard();
  const scroller = one(".scroller", panel);
  const found = one("mark", scroller) || one(".passage", scroller);
  scroller.scrollTop = 0;
  if (found) {
    const above = found.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTop = above - scroller.clientHeight / 4;
  }
  document.querySelectorAll("[data-shown]").forEach((button) => button.removeAttribute("data-shown"));
  keep();
  one("h2", panel).focus({ preventScroll: true });
}

// What the person has unfolded, and which number is shown in the panel, is not in the HTML that the server sends.
function keep() {
  for (const fold of document.querySelectorAll("#transcript [data-fold]")) {
    const open = folds.get(fold.dataset.fold);
    if (open !== undefined && fold.open !== open) fold.open = open;
  }
  if (document.body.classList.contains("panel-open")) opener?.toggleAttribute("data-shown", true);
}

function closePanel() {
  if (!document.body.classList.contains("panel-open")) return;
  document.body.classList.remove("panel-open");
  guard();
  document.querySelectorAll("[data-shown]").forEach((button) => button.removeAttribute("data-shown"));
  if (opener && opener.isConnected) opener.focus();
}

// On a phone the panel covers the page: nothing under it can be reached until it is closed.
function guard() {
  const covered = phone.matches && document.body.classList.contains("panel-open") && !inCorpus();
  for (const selector of ["#chat", "#masthead", "#status"]) one(selector)?.toggleAttribute("inert", covered);
}

// A new turn is scrolled to, and followed while it grows, until the person scrolls away; its beginning is
// never pushed out of sight.
function follow() {
  const conversation = one("#conversation");
  const all = document.querySelectorAll("#transcript .turn");
  if (all.length !== turns) following = true;
  turns = all.length;
  if (!turns || !following) return;
  const above = all[turns - 1].getBoundingClientRect().top - conversation.getBoundingClientRect().top;
  conversation.scrollTop += above;
}

document.addEventListener("scroll", ({ target }) => {
  if (target.id !== "conversation") return;
  following = target.scrollHeight - target.clientHeight - target.scrollTop < 8;
}, { capture: true, passive: true });

function toQuestion() {
  if (!touch.matches) one("#question textarea")?.focus();
}

function say(button, words) {
  const before = button.textContent;
  button.textContent = words;
  setTimeout(() => { button.textContent = before; }, 2000);
}

// The clipboard is there on https and localhost alone; elsewhere an older way is tried.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
