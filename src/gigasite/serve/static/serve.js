"use strict";
(() => {
  const CHECK_AFTER_MS = 350, ASK_EVERY_MS = 500, ASK_AGAIN_MS = 3000;

  async function post(address, body = "") {
    let answer;
    try {
      answer = await fetch(address, { method: "POST", body, headers: { "content-type": "text/plain; charset=utf-8" } });
    } catch {
      return { ok: false, said: { error: "gigasite serve does not answer: start it anew. Your text is still here." } };
    }
    const text = await answer.text();
    let said;
    try { said = JSON.parse(text); } catch { said = { error: text.trim() || `refused (${answer.status})` }; }
    return { ok: answer.ok, said };
  }

  function edit(form) {
    const at = (name) => form.querySelector(name);
    const text = at(".text"), lines = at(".lines"), faults = at(".faults"), told = at(".told"), name = at(".name");
    let version = form.dataset.version, saved = text.value, newest = 0, timer = 0;
    const opened = form.dataset.editable === "yes" ? form.dataset.name : null;

    function number(bad = new Set()) {
      const count = text.value.split("\n").length;
      lines.replaceChildren(...Array.from({ length: count }, (_, i) => {
        const line = document.createElement("span");
        line.textContent = `${i + 1}\n`;
        if (bad.has(i + 1)) line.className = "fault";
        return line;
      }));
      lines.scrollTop = text.scrollTop;
    }

    function show(problems) {
      number(new Set(problems.map((problem) => problem.line)));
      faults.replaceChildren(...problems.map((problem) => {
        const shown = document.createElement("pre");
        shown.textContent = problem.text;
        return shown;
      }));
      if (!problems.length) {
        const good = document.createElement("p");
        good.className = "good";
        good.textContent = "No faults: it can be solved.";
        faults.append(good);
      }
    }

    async function check() {
      const mine = ++newest;
      const { ok, said } = await post(`/scenarios/${encodeURIComponent(form.dataset.name)}/check`, text.value);
      if (mine === newest) show(ok ? said.problems : [{ text: said.error, line: null }]);
    }

    function say(words, bad = false) {
      told.textContent = words;
      told.classList.toggle("bad", bad);
    }

    async function save() {
      if (!name.reportValidity()) return false;
      const known = name.value === opened || name.value === form.dataset.kept ? version : "";
      const { ok, said } = await post(`/scenarios/${encodeURIComponent(name.value)}/save?version=${known}`, text.value);
      if (!ok) { say(said.error, true); return false; }
      version = said.version;
      form.dataset.kept = name.value;
      saved = text.value;
      say(`Saved as ${name.value}.yaml.`);
      return true;
    }

    text.addEventListener("input", () => {
      clearTimeout(timer);
      number();
      say("");
      timer = setTimeout(check, CHECK_AFTER_MS);
    });
    text.addEventListener("scroll", () => { lines.scrollTop = text.scrollTop; });
    at(".save").addEventListener("click", save);
    at(".solve").addEventListener("click", async () => {
      const untouched = opened === null && text.value === saved && !form.dataset.kept;
      if (!untouched && !(await save())) return;
      const wanted = untouched ? form.dataset.name : name.value;
      const { ok, said } = await post(`/scenarios/${encodeURIComponent(wanted)}/solve`);
      if (ok) location.href = `/jobs/${said.number}`;
      else { say(said.error, true); if (said.problems) show(said.problems); }
    });
    addEventListener("beforeunload", (event) => { if (text.value !== saved) event.preventDefault(); });
    number();
    check();
  }

  function follow(element) {
    const address = `/jobs/${element.dataset.number}`;
    const state = element.querySelector(".state"), log = element.querySelector(".log"), stop = element.querySelector(".stop"), result = element.querySelector(".result");
    stop.addEventListener("click", () => { stop.disabled = true; post(`${address}/stop`); });
    const lost = element.querySelector(".told"), faults = element.querySelector(".faults");
    async function asked() {
      try {
        const answer = await fetch(`${address}.json`);
        if (answer.ok) return await answer.json();
        lost.textContent = "gigasite serve was started anew since and does not know this solve. Its run, if it was written, is on the first page.";
      } catch {
        lost.textContent = "gigasite serve does not answer. A solve under way ends by itself and writes its run.";
      }
      return null;
    }
    async function ask() {
      const job = await asked();
      lost.hidden = job !== null;
      if (job === null) { setTimeout(ask, ASK_AGAIN_MS); return; }
      faults.replaceChildren(...job.problems.map((problem) => {
        const shown = document.createElement("pre");
        shown.textContent = problem;
        return shown;
      }));
      state.textContent = job.state === "waiting" ? `waiting, ${job.ahead} before it` : job.state;
      state.className = `state ${job.state}`;
      const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
      log.textContent = job.lines.join("\n");
      if (atEnd) log.scrollTop = log.scrollHeight;
      if (job.report) { result.href = job.report; result.hidden = false; }
      const ended = ["solved", "failed", "stopped"].includes(job.state);
      stop.hidden = ended;
      if (!ended) setTimeout(ask, ASK_EVERY_MS);
    }
    ask();
  }

  function mark(form) {
    const button = form.querySelector("button");
    const look = () => { button.disabled = form.querySelectorAll("input:checked").length < 2; };
    form.addEventListener("change", look);
    look();
  }

  document.querySelectorAll(".editor").forEach(edit);
  document.querySelectorAll(".progress").forEach(follow);
  document.querySelectorAll("form.compare").forEach(mark);
})();
