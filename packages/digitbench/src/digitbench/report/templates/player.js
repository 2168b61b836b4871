// Scrubbing through a replay: one frame at a time, or as fast as it was drawn.

const SHORTEST = 40, LONGEST = 800; // milliseconds between two frames while playing

class Player {
  constructor(root) {
    this.root = root;
    this.trace = JSON.parse(root.dataset.trace);
    // The picture that the page already shows is not in the trace a second time.
    this.trace.pictures = this.trace.pictures.map(picture => picture || this.find(".whole").src);
    this.slider = this.find("input");
    this.button = this.find(".play");
    this.find(".controls").hidden = false;
    this.drawTicks();
    this.slider.addEventListener("input", () => { this.pause(); this.show(this.slider.valueAsNumber); });
    this.button.addEventListener("click", () => this.toggle());
    this.find(".window").addEventListener("click", () => { this.slider.focus(); this.toggle(); });
    this.moments = [...root.querySelectorAll(".moments button")];
    for (const moment of this.moments)
      moment.addEventListener("click", () => { this.pause(); this.show(Number(moment.dataset.frame)); });
    root.addEventListener("keydown", event => this.press(event));
    this.show(this.trace.start);
  }

  find(selector) { return this.root.querySelector(selector); }

  drawTicks() {
    const { frames } = this.trace;
    frames.forEach((frame, index) => {
      if (!frame.deed && !frame.mark) return;
      const tick = document.createElement("i");
      tick.className = frame.mark;
      tick.style.left = `${frames.length > 1 ? 100 * index / (frames.length - 1) : 50}%`;
      this.find(".ticks").append(tick);
    });
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key, target } = event, last = this.trace.frames.length - 1;
    const to = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: last }[key];
    if (to !== undefined) {
      this.pause();
      this.show(Math.min(Math.max(to, 0), last));
    } else if (key === " " && target === this.slider) {
      this.toggle();
    } else {
      return;
    }
    event.preventDefault();
  }

  show(index) {
    const { frames, pictures } = this.trace, frame = frames[this.at = index];
    const whole = this.find(".whole"), patch = this.find(".patch");
    if (whole.src !== pictures[frame.whole]) whole.src = pictures[frame.whole];
    [whole.width, whole.height] = frame.size;
    whole.alt = `The app at ${frame.at}`;
    this.find(".window").style.setProperty("--ratio", frame.size.join("/"));
    patch.hidden = frame.patch === null;
    if (!patch.hidden) {
      patch.src = pictures[frame.patch];
      const [left, top, width, height] = frame.box.map(share => `${share}%`);
      Object.assign(patch.style, { left, top, width, height });
    }
    for (const name of ["at", "deed", "reading"]) this.find(`.caption .${name}`).textContent = frame[name];
    this.find(".caption").classList.toggle("bad", frame.mark !== "");
    this.find(".events").textContent = frame.events.join(" · ");
    this.slider.value = index;
    this.slider.setAttribute("aria-valuetext", [frame.at, frame.deed, frame.reading].filter(Boolean).join(", "));
    for (const moment of this.moments)
      moment.toggleAttribute("aria-current", Number(moment.dataset.frame) === index);
    this.showInk(frame.ink);
    this.showDigits(frame.digits.map(number => this.trace.digits[number]));
  }

  showInk(shares) {
    this.root.querySelectorAll(".ink .way").forEach((path, stroke) => {
      const share = shares[stroke] ?? 0;
      path.classList.toggle("gone", share < 0);
      path.style.strokeDasharray = share < 0 ? "" : `${share} 200`;
      path.style.visibility = share === 0 ? "hidden" : "";
    });
  }

  showDigits(digits) {
    const box = this.find(".digits");
    while (box.querySelectorAll(".digit").length > digits.length) box.querySelector(".digit:last-of-type").remove();
    while (box.querySelectorAll(".digit").length < digits.length)
      this.find(".none").before(document.getElementById("digit").content.firstElementChild.cloneNode(true));
    this.find(".none").hidden = digits.length > 0;
    const { meant, before } = this.trace;
    box.querySelectorAll(".digit").forEach((block, place) => this.fill(
      block, digits[place],
      meant.length === digits.length ? meant[place] : null,
      before.length === digits.length ? before[place] : null,
    ));
  }

  fill(block, digit, meant, before) {
    const percent = share => `${share.toFixed(1)}%`;
    block.querySelector("img").src = this.trace.images[digit.image];
    block.querySelector("table").classList.toggle("beside", before !== null);
    block.querySelector(".likelihood").textContent = percent(digit.likelihood);
    block.querySelectorAll("tbody tr").forEach((row, label) => {
      row.className = label === digit.label ? "read" : label === meant ? "was-meant" : "";
      row.querySelector("i").style.width = percent(digit.percent[label]);
      row.querySelector(".now").textContent = percent(digit.percent[label]);
      if (before === null) return;
      row.querySelector("b").style.left = percent(before[label]);
      row.querySelector(".was").textContent = percent(before[label]);
    });
  }

  toggle() {
    if (this.timer) return this.pause();
    const { frames } = this.trace;
    if (this.at === frames.length - 1) this.show(0);
    const next = () => {
      if (this.at === frames.length - 1) return this.pause();
      const wait = frames[this.at + 1].ms - frames[this.at].ms;
      this.timer = setTimeout(() => { this.show(this.at + 1); next(); }, Math.min(Math.max(wait, SHORTEST), LONGEST));
    };
    this.root.classList.add("playing");
    this.button.setAttribute("aria-label", "Pause");
    next();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = null;
    this.root.classList.remove("playing");
    this.button.setAttribute("aria-label", "Play");
  }
}

for (const root of document.querySelectorAll(".player[data-trace]")) new Player(root);
