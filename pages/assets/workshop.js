/* The participants' phone: a card is kept here until the server says it has it.

   One storage key per card, so that two tabs of one phone never overwrite each other. No network
   event is trusted: sending is tried again after a pause that grows, and at every sign of life. */
(function () {
  "use strict";

  const CODE = document.body.dataset.code;
  const OPEN = document.body.dataset.open === "1";
  const HOME = "/atelier/" + encodeURIComponent(CODE);
  const PREFIX = "cf-atelier:";
  const MINE = PREFIX + CODE + ":fiche:";
  const DRAFT = PREFIX + CODE + ":brouillon";
  const MOST_BYTES = 120000;
  const SHORTEST_WAIT = 1000;
  const LONGEST_WAIT = 30000;
  const PATIENCE = 12000;
  const DAYS_KEPT = 7;

  const one = (selector, inside) => (inside || document).querySelector(selector);
  const form = one("#fiche");

  /* ---- memory of the phone ------------------------------------------------------------- */

  const memory = new Map(); /* what could not be written: lives as long as this tab */
  let fragile = false;

  function read(key) {
    if (memory.has(key)) return memory.get(key);
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch (_error) {
      return null;
    }
  }

  function write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      memory.delete(key);
      return true;
    } catch (_error) {
      memory.set(key, value);
      return false;
    }
  }

  function forget(key) {
    memory.delete(key);
    try {
      localStorage.removeItem(key);
    } catch (_error) { /* nothing was kept */ }
  }

  function keys(prefix) {
    const found = new Set([...memory.keys()]);
    try {
      for (let i = 0; i < localStorage.length; i += 1) found.add(localStorage.key(i));
    } catch (_error) { /* only memory */ }
    return [...found].filter((key) => key.startsWith(prefix));
  }

  function random() {
    /* crypto.randomUUID needs HTTPS; a hall's Wi-Fi has none. */
    const bytes = crypto.getRandomValues(new Uint8Array(8));
    return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  }

  let phone = read(PREFIX + "telephone");
  if (!/^[0-9a-f]{16,32}$/.test(phone || "")) {
    phone = random();
    write(PREFIX + "telephone", phone);
  }

  /* ---- the list of what was sent ------------------------------------------------------- */

  function cards() {
    return keys(MINE).map(read).filter(Boolean).sort((a, b) => a.rank - b.rank);
  }

  function keep(item) {
    if (!write(MINE + item.card.id, item)) fragile = true;
    show();
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  const WORDS = { waiting: "en attente", received: "reçue", refused: "refusée" };
  const MARKS = { waiting: "↻", received: "✓", refused: "✕" };

  let trouble = ""; /* why cards wait, in a sentence */
  let known = 0; /* cards of this phone that the server says it has */

  function show() {
    const list = cards();
    const waiting = list.filter((item) => item.state === "waiting").length;
    const received = Math.max(known, list.filter((item) => item.state === "received").length);
    const refused = list.filter((item) => item.state === "refused").length;
    const counts = one("#compte");
    counts.textContent = "";
    if (waiting) counts.append(element("li", "waiting", MARKS.waiting + " " + waiting + (waiting > 1 ? " fiches en attente" : " fiche en attente")));
    if (received) counts.append(element("li", "", MARKS.received + " " + (received > 1 ? received + " fiches reçues" : "1 fiche reçue")));
    if (refused) counts.append(element("li", "waiting", MARKS.refused + " " + (refused > 1 ? refused + " fiches à corriger" : "1 fiche à corriger")));

    const notes = one("#notes");
    const said = [];
    if (waiting && trouble) said.push(["late", trouble]);
    if (fragile && waiting) said.push(["memory", "La mémoire de ce téléphone est pleine ou fermée : gardez cette page ouverte jusqu’à ce que tout soit reçu."]);
    const text = said.map((line) => line[1]).join("\n");
    if (notes.dataset.said !== text) {
      notes.dataset.said = text;
      notes.textContent = "";
      said.forEach((line) => notes.append(element("p", "note " + line[0], line[1])));
    }

    const section = one("#envois");
    section.hidden = !list.length;
    const items = one("ul", section);
    items.textContent = "";
    list.slice().reverse().forEach((item) => {
      const line = element("li", "item");
      line.dataset.state = item.state;
      line.append(element("span", "", (item.card.sens === "offre" ? "J’offre : " : "Je cherche : ") + item.card.ressource));
      line.append(element("span", "state " + item.state, MARKS[item.state] + " " + WORDS[item.state]));
      if (item.message) line.append(element("p", "quiet", item.message));
      if (item.state === "refused" && form) {
        const again = element("button", "", "Corriger");
        again.type = "button";
        again.addEventListener("click", () => {
          fill(item.card);
          forget(MINE + item.card.id);
          show();
        });
        line.append(again);
      }
      items.append(line);
    });
  }

  /* ---- sending ------------------------------------------------------------------------- */

  let busy = false;
  let wait = SHORTEST_WAIT;
  let timer = 0;

  async function post(card) {
    const abort = new AbortController();
    const alarm = setTimeout(() => abort.abort(), PATIENCE);
    const body = JSON.stringify(card);
    try {
      const answer = await fetch(HOME + "/fiches", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: body,
        keepalive: body.length < 50000, /* goes on when the tab is closed */
        cache: "no-store",
        credentials: "omit",
        signal: abort.signal,
      });
      let told = {};
      try {
        told = await answer.json();
      } catch (_error) { /* not our server: a hotel's or a proxy's page */ }
      return { status: answer.status, told: told, after: Number(answer.headers.get("Retry-After")) };
    } catch (_error) {
      return { status: 0, told: {}, after: 0 };
    } finally {
      clearTimeout(alarm);
    }
  }

  async function flush() {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    let pause = 0;
    for (const item of cards().filter((kept) => kept.state === "waiting")) {
      const answer = await post(item.card);
      if (answer.status === 200 && answer.told.recue === true && answer.told.id === item.card.id) {
        const light = Object.assign({}, item.card);
        delete light.photo;
        wait = SHORTEST_WAIT;
        trouble = "";
        keep({ card: light, state: "received", rank: item.rank, message: "", day: item.day });
        thank();
      } else if ([400, 413, 422].includes(answer.status) && answer.told.message) {
        keep(Object.assign({}, item, { state: "refused", message: answer.told.message }));
      } else {
        pause = Math.max(wait, (answer.after || 0) * 1000);
        wait = Math.min(wait * 2, LONGEST_WAIT);
        trouble = (answer.told.message || "Pas de réseau pour l’instant.") +
          " Vos fiches sont gardées sur ce téléphone et partiront toutes seules.";
        break;
      }
    }
    busy = false;
    show();
    if (pause) timer = setTimeout(flush, pause * (0.8 + 0.4 * Math.random()));
    else if (cards().some((item) => item.state === "waiting")) timer = setTimeout(flush, 0);
  }

  function wake() {
    wait = SHORTEST_WAIT;
    flush();
  }

  async function ask() {
    if (!CODE || !OPEN) return;
    try {
      const answer = await fetch(HOME + "/etat?telephone=" + phone, { cache: "no-store", credentials: "omit" });
      const told = await answer.json();
      if (Number.isInteger(told.recues)) known = told.recues;
      show();
    } catch (_error) { /* the list says what waits */ }
  }

  addEventListener("online", wake);
  addEventListener("pageshow", wake);
  addEventListener("focus", wake);
  addEventListener("storage", show);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      wake();
      ask();
    } else {
      keepDraft();
    }
  });
  addEventListener("beforeunload", (event) => {
    if (memory.size && cards().some((item) => item.state === "waiting" && memory.has(MINE + item.card.id))) event.preventDefault();
  });

  /* ---- the form ------------------------------------------------------------------------ */

  const FIELDS = ["entreprise", "acteur", "table", "ressource", "quantite", "unite", "periode", "precisions", "role"];
  let photo = "";

  function values() {
    const found = {};
    FIELDS.forEach((name) => { found[name] = form.elements[name].value.trim(); });
    const side = form.querySelector("[name=sens]:checked");
    found.sens = side ? side.value : "";
    return found;
  }

  function fill(given) {
    FIELDS.forEach((name) => { if (given[name] !== undefined) form.elements[name].value = given[name]; });
    form.querySelectorAll("[name=sens]").forEach((radio) => { radio.checked = radio.value === given.sens; });
    setPhoto(given.photo || "");
    remembered();
    one("#ressource").focus();
  }

  let drafting = 0;
  function keepDraft() {
    if (!form) return;
    clearTimeout(drafting);
    const draft = values();
    if (photo) draft.photo = photo;
    if (!write(DRAFT, draft)) memory.delete(DRAFT);
  }

  function remembered() {
    const line = one("#moi");
    const company = form.elements.entreprise.value.trim();
    const table = form.elements.table.value.trim();
    const settled = Boolean(read(PREFIX + "moi")) && Boolean(company);
    line.hidden = !settled;
    one("#qui").hidden = settled;
    one("span", line).textContent = company + (table && table !== "0" ? " · table " + table : "");
  }

  function thank() {
    if (!form) return;
    let line = one("#merci");
    if (!line) {
      line = element("p", "note");
      line.id = "merci";
      line.setAttribute("role", "status");
      one("header").append(line);
    }
    const waiting = cards().some((item) => item.state === "waiting");
    line.textContent = waiting ? "Fiche gardée sur ce téléphone, encore une ?" : "Fiche envoyée, encore une ?";
  }

  function setPhoto(url) {
    photo = url;
    const box = one("#photo .photo");
    box.hidden = !url;
    if (url) one("img", box).src = url;
  }

  function toUrl(blob) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = reject;
      reader.readAsDataURL(blob);
    });
  }

  /* Drawing the picture again makes it small and drops what the camera wrote in it (place, date). */
  async function reduced(file) {
    const source = URL.createObjectURL(file);
    try {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement("canvas");
      for (let side = 1280; side >= 320; side = Math.round(side * 0.75)) {
        const scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
        canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
        canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
        const brush = canvas.getContext("2d");
        brush.fillStyle = "#fff";
        brush.fillRect(0, 0, canvas.width, canvas.height);
        brush.drawImage(image, 0, 0, canvas.width, canvas.height);
        for (const quality of [0.8, 0.65, 0.5]) {
          const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
          if (blob && blob.size <= MOST_BYTES) return await toUrl(blob);
        }
      }
      throw new Error("too large");
    } finally {
      URL.revokeObjectURL(source);
    }
  }

  function suggestions(input, list, path, pick, write1) {
    let asked = "";
    let pausing = 0;
    input.addEventListener("input", () => {
      clearTimeout(pausing);
      pausing = setTimeout(async () => {
        const text = input.value.trim();
        asked = text;
        if (text.length < 2) {
          list.textContent = "";
          return;
        }
        try {
          const answer = await fetch(HOME + path + "?telephone=" + phone + "&q=" + encodeURIComponent(text), { credentials: "omit" });
          const told = await answer.json();
          if (asked !== text || !Array.isArray(told.propositions)) return;
          list.textContent = "";
          told.propositions.filter((p) => p.nom !== text).forEach((found) => {
            const button = element("button", "", found.nom);
            button.type = "button";
            if (found.lieu) button.append(" ", element("small", "", found.lieu));
            button.addEventListener("click", () => {
              input.value = found.nom;
              pick(found);
              list.textContent = "";
              input.focus();
              keepDraft();
            });
            list.append(button);
          });
          list.scrollIntoView({ block: "nearest" });
        } catch (_error) { /* offline: one types the whole name */ }
      }, 180);
    });
    input.addEventListener("input", write1);
  }

  function start() {
    const me = read(PREFIX + "moi");
    const draft = read(DRAFT);
    if (me && !form.elements.entreprise.value) {
      form.elements.entreprise.value = me.entreprise;
      form.elements.acteur.value = me.acteur || "";
      form.elements.role.value = form.elements.role.value || me.role || "";
      if (me.code === CODE) form.elements.table.value = me.table || "";
    }
    if (draft && !form.elements.ressource.value) {
      FIELDS.forEach((name) => { if (draft[name]) form.elements[name].value = draft[name]; });
      const side = form.querySelector('[name=sens][value="' + (draft.sens === "besoin" ? "besoin" : "offre") + '"]');
      if (draft.sens) side.checked = true;
      setPhoto(draft.photo || "");
    }
    form.elements.telephone.value = phone;
    one("#photo").hidden = false;
    one("#et-photo").hidden = false;
    remembered();

    one("#moi button").addEventListener("click", () => {
      one("#moi").hidden = true;
      one("#qui").hidden = false;
      form.elements.entreprise.focus();
    });
    suggestions(form.elements.entreprise, one("#entreprises"), "/entreprises",
      (found) => { form.elements.acteur.value = found.id; },
      () => { form.elements.acteur.value = ""; });
    suggestions(form.elements.ressource, one("#ressources"), "/ressources", () => {}, () => {});
    form.addEventListener("input", () => {
      clearTimeout(drafting);
      drafting = setTimeout(keepDraft, 300);
    });

    one("#image").addEventListener("change", async (event) => {
      const file = event.target.files[0];
      if (!file) return;
      const words = one(".file");
      try {
        setPhoto(await reduced(file));
        words.lastChild.textContent = "Changer la photo";
      } catch (_error) {
        words.lastChild.textContent = "Photo illisible : essayez-en une autre";
      }
      event.target.value = "";
      keepDraft();
    });
    one("#photo .photo button").addEventListener("click", () => {
      setPhoto("");
      one(".file").lastChild.textContent = "Ajouter une photo";
      keepDraft();
    });

    const unit = form.elements.unite;
    const amount = form.elements.quantite;
    const check = () => {
      const number = amount.value.trim();
      amount.setCustomValidity(/^(\d[\d \u00a0\u202f]*)?([.,]\d+)?$/.test(number) ? "" : "Écrivez un nombre, par exemple 1,5.");
      unit.setCustomValidity(number && !unit.value ? "Choisissez l’unité de cette quantité." : "");
    };
    form.addEventListener("input", check);
    check();
    form.addEventListener("invalid", () => {
      if (!form.elements.entreprise.value.trim()) one("#qui").hidden = false;
    }, true);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const card = values();
      card.id = phone + "-" + random() + random();
      card.fait_le = new Date().toISOString();
      if (photo) card.photo = photo;
      const last = cards().reduce((most, item) => Math.max(most, item.rank), 0);
      keep({ card: card, state: "waiting", rank: Math.max(Date.now(), last + 1), message: "", day: Date.now() });
      write(PREFIX + "moi", { entreprise: card.entreprise, acteur: card.acteur, table: card.table, role: card.role, code: CODE });
      ["ressource", "quantite", "unite", "periode", "precisions"].forEach((name) => { form.elements[name].value = ""; });
      one("#ressources").textContent = "";
      form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
      const fault = one("#faute");
      if (fault) fault.remove();
      setPhoto("");
      one(".file").lastChild.textContent = "Ajouter une photo";
      one("details").open = false;
      forget(DRAFT);
      check();
      remembered();
      thank();
      scrollTo(0, 0);
      wake();
    });
  }

  function sweep() {
    keys(PREFIX).filter((key) => key.includes(":fiche:")).forEach((key) => {
      const item = read(key);
      if (item && item.state === "received" && Date.now() - item.day > DAYS_KEPT * 86400000) forget(key);
    });
  }

  if (form) start();
  sweep();
  show();
  flush();
  ask();

  if ("serviceWorker" in navigator && isSecureContext && OPEN) {
    navigator.serviceWorker.register("/atelier/hors-ligne.js", { scope: "/atelier/" }).then(async () => {
      await navigator.serviceWorker.ready;
      const kept = await caches.open("cf-atelier-1");
      if (!(await kept.match(location.pathname))) await kept.add(location.pathname);
    }).catch(() => {});
  }
})();
