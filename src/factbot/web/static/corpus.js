// The behaviour of the Corpus tab. Gradio runs this once, with the tab as `element`: `server.act` asks the server to do
// something, and what comes back are pieces of HTML, each for the slot of its name.

const one = (selector, root = element) => root.querySelector(selector);
const inCorpus = () => location.hash === "#corpus";
const slots = new Map(); // the HTML that was put into each slot last
const view = { words: "", shown: "all", sort: "title", descending: false, page: 0 }; // of the table
const side = one(".side");
const adding = one("[data-adding]");
const POLL = { busy: 700, idle: 3000 }; // ms between two looks at the index
const SENT_AT_ONCE = { files: 50, bytes: 500e6 }; // by one request
const LONGEST = 250_000; // characters of a text that is pasted
const READING = 500; // ms between two looks at what is being read
const LISTED = 4000; // ms between two new tables while a job runs
let draft = ""; // id of what is to be added
let sending = 0; // which of the person's attempts to add is the present one
let opened = ""; // key of what opened the side, and gets the focus back
let version = ""; // of the corpus that the table shows
let listed = 0; // when it was shown

async function ask(what, values = {}) {
  let reply;
  try {
    reply = await server.act({ do: what, ...values });
  } catch {
    reply = null;
  }
  if (!reply) throw new Error("no answer");
  if (reply.error) {
    say(reply.error);
    return { problem: true };
  }
  if (reply.role) one(".corpus").classList.toggle("for-readers", reply.role !== "editor");
  if (reply.problem) tell(reply.problem);
  else fill(reply);
  return reply;
}

// Ask for what a person wants; say so where the server does not answer.
async function wish(what, values) {
  try {
    return await ask(what, values);
  } catch {
    say("factbot does not answer; is it still running?");
    return { problem: true };
  }
}

// Put HTML into its slots, where it is new; the focus stays on the button that it was on.
function fill(reply) {
  for (const [name, html] of Object.entries(reply)) {
    if (typeof html !== "string" || slots.get(name) === html) continue;
    const slot = document.querySelector(`[data-slot="${name}"]`);
    if (!slot) continue;
    slots.set(name, html);
    const focused = slot.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    const open = [...slot.querySelectorAll("details")].map((fold) => fold.open);
    slot.innerHTML = html;
    slot.querySelectorAll("details").forEach((fold, at) => { fold.open = open[at] ?? false; });
    if (focused) focus(focused, slot);
    if (name === "table") slot.removeAttribute("aria-busy");
  }
}

const keyed = (key, root = element) => [...root.querySelectorAll("[data-key]")].find((e) => e.dataset.key === key);

function focus(key, root = element) {
  const found = keyed(key, root);
  found?.focus({ preventScroll: true });
  return Boolean(found);
}

// A notice stands where the person looks: in the side where it is open.
function tell(html) {
  fill(side.hidden ? { notice: html } : { problem: html });
}

function say(words) {
  const box = document.createElement("div");
  box.className = "notice problem";
  box.textContent = words;
  tell(box.outerHTML);
}

// -- the table, and looking at the index again and again ----------------------------------------------------

async function list(values = {}) {
  Object.assign(view, values);
  listed = Date.now();
  await wish("rows", { ...view });
}

async function look() {
  let pause = POLL.idle;
  try {
    if (!document.hidden) {
      const reply = await ask("look");
      pause = reply.busy ? POLL.busy : POLL.idle;
      const isNew = reply.version !== version && (!reply.busy || Date.now() - listed > LISTED);
      if (isNew && inCorpus()) {
        version = reply.version;
        await list();
      }
    }
  } catch {
    // Gradio itself says when the connection is lost; it may come back.
  }
  setTimeout(look, pause);
}
look();

addEventListener("hashchange", () => {
  guard();
  if (inCorpus()) list();
});

let typing = 0;
one(".toolbar").addEventListener("input", ({ target }) => {
  clearTimeout(typing);
  typing = setTimeout(() => list({ [target.name]: target.value, page: 0 }), target.name === "words" ? 200 : 0);
});
one(".toolbar").addEventListener("submit", (event) => event.preventDefault());

// -- buttons ------------------------------------------------------------------------------------------------

element.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { sort, page, open, more, start, version: number, of, remove, restore } = button.dataset;
  if (sort) {
    await list({ sort, descending: view.sort === sort && !view.descending, page: 0 });
  } else if (page !== undefined) {
    await list({ page: +page });
    one(".shelf").scrollTop = 0;
  } else if (more !== undefined) {
    const reply = await wish("more", { id: more, start: +start, ...(number && { version: +number }) });
    if (reply.more) {
      const next = document.createElement("template");
      next.innerHTML = reply.more;
      button.replaceWith(next.content);
      one(".article").focus({ preventScroll: true });
    }
  } else if (number !== undefined) {
    await show("version", { id: of, version: +number });
  } else if (open !== undefined) {
    if (!side.contains(button)) opened = button.dataset.key;
    await show("article", { id: open });
    fill({ history: "" });
    await wish("history", { id: open });
  } else if (remove !== undefined) {
    button.disabled = true;
    const reply = await wish("remove", { id: remove });
    button.disabled = false;
    if (!reply.problem) {
      close();
      await list();
      focus("undo");
    }
  } else if (restore !== undefined) {
    const reply = await wish("restore", { id: restore });
    if (!reply.problem) {
      close();
      await list();
      one("[data-slot=notice] button")?.focus();
    }
  } else if (button.dataset.do) {
    await DOING[button.dataset.do]?.(button);
  }
});

const DOING = {
  adding: () => { opened = "adding"; begin(); },
  close: () => close(),
  dismiss: (button) => fill({ [button.closest("[data-slot]").dataset.slot]: "" }),
  confirm: () => { confirming(true); one("[data-do=rebuild]").focus(); },
  keep: () => { confirming(false); focus("confirm"); },
  rebuild: async () => { confirming(false); await start("rebuild"); },
  sync: () => start("sync"),
  resume: () => start("resume"),
  cancel: () => start("cancel"),
  add: async (button) => {
    button.disabled = true;
    const reply = await wish("add", { draft });
    button.disabled = false;
    if (reply.problem) return;
    draft = "";
    close();
  },
  discard: async () => {
    const given = draft;
    begin();
    await wish("discard", { draft: given });
  },
};

async function start(what) {
  await wish(what);
  if (!focus("cancel")) focus("sync");
}

function confirming(is) {
  one("[data-confirm]").hidden = !is;
}

// -- the side: an article, or what is to be added -----------------------------------------------------------

async function show(what, values) {
  const reply = await wish(what, values);
  if (reply.problem) return;
  fill({ problem: "" });
  adding.hidden = true;
  openSide();
  one("[data-slot=panel] h2").focus({ preventScroll: true });
}

function openSide() {
  side.hidden = false;
  one(".corpus").classList.add("side-open");
  one(".scroller", side).scrollTop = 0;
  guard();
}

function close() {
  if (side.hidden) return;
  side.hidden = true;
  one(".corpus").classList.remove("side-open");
  sending += 1;
  if (draft) wish("discard", { draft });
  draft = "";
  guard();
  fill({ panel: "", kicker: "", problem: "" });
  if (!focus(opened)) focus("adding");
}

// On a phone the side covers the table: nothing under it can be reached until it is closed.
const phone = matchMedia("(max-width: 860px)");
function guard() {
  const covered = phone.matches && !side.hidden;
  one(".shelf").toggleAttribute("inert", covered);
  if (!inCorpus()) return;
  for (const selector of ["#masthead", "#status"]) document.querySelector(selector)?.toggleAttribute("inert", covered);
}
phone.addEventListener("change", guard);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || side.hidden || !inCorpus()) return;
  event.preventDefault();
  close();
});

// -- adding -------------------------------------------------------------------------------------------------

function begin() {
  sending += 1;
  draft = "";
  fill({ panel: "", kicker: "", problem: "" });
  adding.hidden = false;
  openSide();
  one("h2", adding).focus({ preventScroll: true });
}

async function read(values) {
  const mine = sending;
  let reply = await wish("read", values);
  if (reply.problem) return false;
  if (mine !== sending) {
    wish("discard", { draft: reply.draft });
    return false;
  }
  draft = reply.draft;
  fill({ problem: "" });
  adding.hidden = true;
  one("[data-slot=panel] h2").focus({ preventScroll: true });
  while (reply.reading && mine === sending) {
    await new Promise((done) => setTimeout(done, READING));
    if (mine === sending) reply = await wish("draft", { draft });
  }
  return true;
}

async function send(files) {
  if (!files.length) return;
  const most = +adding.dataset.most;
  const largest = +adding.dataset.largest;
  if (files.length > most) return say(`${files.length} files are too many; add at most ${most} at once, or a zip.`);
  const mine = sending;
  const large = files.filter((file) => file.size > largest);
  const small = files.filter((file) => file.size <= largest);
  const sent = [];
  const lost = large.map((file) => `${file.name} is larger than ${Math.floor(largest / 1e6)} MB.`);
  while (small.length && mine === sending) {
    progress(`Sending ${sent.length + 1} of ${sent.length + small.length}: ${small[0].name}`);
    const some = [];
    let bytes = 0;
    while (small.length && some.length < SENT_AT_ONCE.files && (!some.length || bytes + small[0].size <= SENT_AT_ONCE.bytes)) {
      bytes += small[0].size;
      some.push(small.shift());
    }
    const paths = await upload(some);
    some.forEach((file, at) => {
      if (paths[at]) sent.push({ path: paths[at], name: file.name });
      else lost.push(`${file.name} could not be sent.`);
    });
  }
  progress("");
  const reading = sent.length && mine === sending ? read({ files: sent }) : null;
  if (lost.length) say(`Left out: ${lost.join(" ")}`);
  await reading;
}

// The places of files on the server, which they are sent to by one request; none where it refuses them.
async function upload(files) {
  const form = new FormData();
  // Each under a name of its own: two people may send the same file at once.
  for (const file of files) form.append("files", file, [...crypto.getRandomValues(new Uint32Array(4))].join("-"));
  const { root, api_prefix: prefix } = window.gradio_config;
  for (;;) {
    const response = await fetch(`${root}${prefix}/upload`, { method: "POST", body: form }).catch(() => null);
    if (response?.status !== 429) return response?.ok ? response.json() : [];
    progress("The server asks for a pause…");
    await new Promise((done) => setTimeout(done, 10_000));
  }
}

function progress(words) {
  one(".sending").textContent = words;
}

one("#files").addEventListener("change", async ({ target }) => {
  const files = [...target.files];
  await send(files);
  target.value = "";
});

for (const form of element.querySelectorAll("[data-form]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (new FormData(form).get("text")?.length > LONGEST) {
      say(`The text is longer than ${LONGEST.toLocaleString("en")} characters; save it as a file and add that.`);
      return;
    }
    if (await read(Object.fromEntries(new FormData(form)))) form.reset();
  });
}

// Files may be dropped anywhere in the view.
const hasFiles = (event) => inCorpus() && event.dataTransfer?.types.includes("Files");
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    one(".corpus").classList.add("dropping");
  });
}
document.addEventListener("dragleave", ({ relatedTarget }) => {
  if (!relatedTarget) one(".corpus").classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  one(".corpus").classList.remove("dropping");
  opened = "adding";
  if (draft) wish("discard", { draft });
  begin();
  send([...event.dataTransfer.files]);
});
