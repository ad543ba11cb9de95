"use strict";
(() => {
  // the theme of the charts; a test holds them to it
  const INK = "#1f2933", QUIET = "#5f6c7b", GRID = "#e4e8ec", PAPER = "#ffffff", EDGE = "#fefefe", LOAD = "#111111", ENERGISED = "#1f6f8b";
  const STEPS = 4000, WEEK_H = 168;
  const FONT = getComputedStyle(document.body).fontFamily;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const darker = new Map(Object.entries(JSON.parse(document.getElementById("dark").textContent)));
  const config = { responsive: true, displaylogo: false, showSendToCloud: false, plotlyServerURL: "" };
  let inDark = dark.matches;

  async function unpacked(text) {
    const packed = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  // a colour of the light theme, or its counterpart on dark paper
  const tone = (colour) => (inDark ? darker.get(colour.toLowerCase()) ?? colour : colour);
  const coloured = (text) => text.replace(/#[0-9a-fA-F]{6}\b/g, tone);

  function figureOf(source) {
    const figure = JSON.parse(coloured(source.textContent));
    figure.layout.dragmode = false;
    return figure;
  }

  async function draw(source) {
    const element = document.getElementById(source.dataset.for);
    const figure = figureOf(source);
    await Plotly.react(element, figure.data, figure.layout, config);
    element.dataset.drawn = "yes";
  }

  async function hoursOf(pack) {
    const bytes = await unpacked(pack.values), count = bytes.length / 2;
    const columns = [];
    let at = 0;
    for (const top of pack.largest) {
      const values = new Float32Array(pack.steps);
      let step = 0;
      for (let h = 0; h < pack.steps; h += 1, at += 1) {
        const difference = ((bytes[at] | (bytes[at + count] << 8)) << 16) >> 16;
        step = ((step + difference) << 16) >> 16;
        values[h] = (step * top) / STEPS;
      }
      columns.push(values);
    }
    const { first, width, list } = pack.hours;
    const hours = list ?? Array.from({ length: pack.steps }, (_, h) => first + width * h);
    return { pack, columns, hours, width };
  }

  function layoutOf(title, extra) {
    const ink = tone(INK), quiet = tone(QUIET), grid = tone(GRID);
    return {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { family: FONT, color: ink, size: 13 }, dragmode: false,
      margin: { l: 8, r: 8, t: 12, b: 8 }, hovermode: "x unified", hoverlabel: { bgcolor: tone(PAPER) },
      legend: { orientation: "h", x: 0, y: -0.14, yanchor: "top" },
      xaxis: { automargin: true, showgrid: false, linecolor: ink, ...extra },
      yaxis: { automargin: true, title: { text: title, standoff: 12, font: { size: 13, color: quiet } }, gridcolor: grid, zerolinecolor: ink, tickformat: "," },
    };
  }

  class Week {
    constructor(element) {
      this.element = element;
      this.packs = JSON.parse(element.querySelector(".hours").textContent);
      this.known = new Map();
      this.at = (name) => element.querySelector(name);
      this.site = this.at(".site");
      this.year = this.at(".year");
      this.slider = this.at(".slider");
      for (const [site, name] of new Map(this.packs.map((pack) => [pack.site, pack.name]))) this.site.add(new Option(name, site));
      this.site.addEventListener("change", () => { this.offerYears(); this.load(true); });
      this.year.addEventListener("change", () => this.load(false));
      this.slider.addEventListener("input", () => this.show());
      this.at(".before").addEventListener("click", () => this.move(-1));
      this.at(".after").addEventListener("click", () => this.move(1));
      this.offerYears();
    }

    offerYears() {
      const kept = this.year.value;
      const years = this.packs.filter((pack) => pack.site === this.site.value).map((pack) => String(pack.year));
      this.year.replaceChildren(...years.map((year) => new Option(year, year)));
      this.year.value = years.includes(kept) ? kept : years[years.length - 1];
    }

    async load(toDearest) {
      const pack = this.packs.find((each) => each.site === this.site.value && String(each.year) === this.year.value);
      if (!this.known.has(pack)) this.known.set(pack, await hoursOf(pack));
      this.hours = this.known.get(pack);
      const weeks = [...new Set(this.hours.hours.map((hour) => Math.floor(hour / WEEK_H) + 1))];
      this.slider.min = Math.min(...weeks);
      this.slider.max = Math.max(...weeks);
      if (toDearest) this.slider.value = pack.week;
      await this.redraw();
    }

    redraw() {
      return Promise.all([this.show(), this.durations()]);
    }

    move(weeks) {
      this.slider.value = Number(this.slider.value) + weeks;
      this.show();
    }

    scale() {
      const top = this.hours.pack.largest[this.hours.pack.series.length];
      return top >= 2000 ? [1000, "GW"] : [1, "MW"];
    }

    async show() {
      const { pack, columns, hours, width } = this.hours;
      const week = Number(this.slider.value), [divisor, unit] = this.scale();
      const within = hours.flatMap((hour, h) => (Math.floor(hour / WEEK_H) + 1 === week ? [h] : []));
      const date = (hour) => new Date(Date.UTC(2023, 0, 1, hour)).toISOString().slice(0, 19);
      const times = within.map((h) => date(hours[h]));
      if (within.length) times.push(date(hours[within[within.length - 1]] + width));
      const closed = (values, sign) => {
        const taken = within.map((h) => (sign * values[h]) / divisor);
        return taken.concat(taken.slice(-1));
      };
      const traces = pack.series.map((one, i) => ({
        x: times, y: closed(columns[i], one.use ? -1 : 1), name: one.label, stackgroup: one.use ? "use" : "supply",
        mode: "lines", fillcolor: tone(one.colour), line: { color: tone(EDGE), width: 0.6, shape: "hv" },
        hovertemplate: `${one.label}: %{y:,.2f} ${unit}<extra></extra>`,
      }));
      traces.push({
        x: times, y: closed(columns[pack.series.length], 1), name: "Load", mode: "lines",
        line: { color: tone(LOAD), width: 2.2, shape: "hv" },
        hovertemplate: `Load: %{y:,.2f} ${unit}<extra></extra>`,
      });
      const words = (hour) => new Date(Date.UTC(2023, 0, 1, hour)).toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
      const told = within.length ? `week ${week}: ${words(hours[within[0]])} to ${words(hours[within[within.length - 1]])}` : `week ${week}: no hours`;
      this.at(".told").textContent = told + (week === pack.week ? ", the dearest" : "");
      this.slider.setAttribute("aria-valuetext", told);
      const layout = layoutOf(`Power, ${unit}`, { type: "date", tickformat: "%-d %b", hoverformat: "%-d %b %H:00", dtick: 86400000 });
      await this.plot("week", traces, layout);
    }

    async durations() {
      const { pack, columns, hours, width } = this.hours, count = hours.length;
      const [divisor, unit] = this.scale();
      const x = Array.from(columns[0], (_, h) => h * width);
      const falling = (values, by) => Array.from(values, (value) => value / by).sort((a, b) => b - a);
      const colour = tone(ENERGISED);
      const trace = (y, end) => [{ x, y, mode: "lines", line: { color: colour, width: 2 }, hovertemplate: `%{y:,.2f} ${end}<extra></extra>`, showlegend: false }];
      const axis = { title: { standoff: 12, font: { size: 13, color: tone(QUIET) }, text: count * width >= 8000 ? "Hours of the year" : "Hours modelled" }, tickformat: "," };
      const ends = pack.series.length;
      const load = layoutOf(`Load, ${unit}`, axis);
      load.yaxis.rangemode = "tozero";
      await Promise.all([
        this.plot("duration", trace(falling(columns[ends], divisor), unit), load),
        this.plot("prices-of-hours", trace(falling(columns[ends + 1], 1), "USD/MWh"), layoutOf("USD/MWh", axis)),
      ]);
    }

    async plot(name, traces, layout) {
      const element = document.getElementById(this.element.dataset.key + name);
      await Plotly.react(element, traces, layout, config);
      element.dataset.drawn = "yes";
    }
  }

  function findIn(section) {
    const field = section.querySelector(".find"), told = section.querySelector(".told");
    const rows = [...section.querySelectorAll("tbody tr")];
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        left += row.hidden ? 0 : 1;
      }
      told.textContent = words.length ? `${left} of ${rows.length}` : "";
    });
  }

  // from a name to the cited figures behind it
  function leadToFigures(link) {
    const section = document.getElementById(link.getAttribute("href").slice(1));
    const field = section && section.querySelector(".find");
    if (!field) return;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      section.querySelector("details").open = true;
      field.value = link.dataset.find;
      field.dispatchEvent(new Event("input"));
      section.scrollIntoView();
      field.focus({ preventScroll: true });
    });
  }

  // a row that an address names stands behind a line that opens it
  function openNamed() {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const holder = named && named.closest("details");
    if (!holder) return;
    holder.open = true;
    named.scrollIntoView();
  }

  async function begin() {
    document.querySelectorAll(".assumptions").forEach((section) => section.querySelector(".find") && findIn(section));
    document.querySelectorAll("a[data-find]").forEach(leadToFigures);
    addEventListener("hashchange", openNamed);
    const source = new TextDecoder().decode(await unpacked(document.getElementById("plotly").textContent));
    const script = document.createElement("script");
    script.textContent = source;
    document.head.append(script);
    const figures = [...document.querySelectorAll("script.figure")];
    const weeks = [...document.querySelectorAll(".week")].filter((each) => each.querySelector(".hours")).map((each) => new Week(each));
    for (const figure of figures) {
      await draw(figure);
      await new Promise((next) => setTimeout(next));
    }
    for (const week of weeks) await week.load(true);
    // all at once: a printer does not wait
    const again = (toDark) => {
      inDark = toDark;
      return Promise.all([...figures.map(draw), ...weeks.map((week) => week.redraw())]);
    };
    dark.addEventListener("change", () => again(dark.matches));
    addEventListener("beforeprint", () => {
      if (inDark) again(false);
      document.querySelectorAll(".chart").forEach((each) => each.data && Plotly.Plots.resize(each));
    });
    addEventListener("afterprint", () => dark.matches && again(true));
    openNamed();
    document.documentElement.dataset.ready = "yes";
  }

  begin().catch((fault) => {
    const told = document.createElement("p");
    told.className = "status bad";
    told.textContent = `The charts could not be drawn (${fault.message}); all figures are in the tables.`;
    document.getElementById("main").prepend(told);
    throw fault;
  });
})();
