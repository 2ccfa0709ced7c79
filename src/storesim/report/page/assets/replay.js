/* The replay of one day: decodes the tracks (format: replay_data.py), draws two variants in step on canvases.

   Times are in ticks (half-seconds after opening), lengths in centimetres with y upwards.

   window.storesimReplay, there once the tracks are read (#replay-player then has data-ready):
     seek(s)       go to s seconds after opening
     play()        play on in the chosen direction and speed; pause() stops
     follow(n)     follow the customer of that number; null: nobody
     state()       {time, playing, speed, variants, inside, waiting, paid, followed, baskets, frame_ms}: time in seconds
                   after opening; the lists have an entry a floor shown; baskets hold {lines: [{product, units,
                   amount}], units, total, doing} of the customer followed; frame_ms is {last, mean, worst} of the
                   latest frames, both floors together */
(() => {
  "use strict";
  const player = document.getElementById("replay-player");
  const source = document.getElementById("replay-data");
  if (!player || !source) return;

  const data = JSON.parse(source.textContent);
  const TICKS = 2;
  const GLIDE = 8; // ticks from the spot before a bank to the own place in a queue
  const BODY_CM = 28;
  const STEP_CM = 55; // between two who queue
  const PERIOD_MS = 200; // between two changes of words while playing
  const part = (name, within = player) => within.querySelector(`[data-r="${name}"]`);
  const all = (selector) => [...player.querySelectorAll(selector)];

  /* ---- reading the tracks ---- */

  async function columns(text) {
    const coded = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([coded]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Reader(new Uint8Array(await new Response(stream).arrayBuffer()));
  }

  class Reader {
    constructor(bytes) {
      this.bytes = bytes;
      this.at = 0;
    }
    number() {
      let value = 0, factor = 1, byte;
      do {
        byte = this.bytes[this.at++];
        value += (byte & 127) * factor;
        factor *= 128;
      } while (byte & 128);
      return value;
    }
    ints() {
      const column = new Int32Array(this.number());
      for (let i = 0; i < column.length; i++) column[i] = this.number();
      return column;
    }
    ranked() {
      const table = this.ints();
      return this.ints().map((rank) => table[rank]);
    }
  }

  async function readCrowd() {
    const reader = await columns(data.shared);
    const crowd = { number: reader.ranked(), enters: reader.ints(), segment: reader.ints(), mission: reader.ints() };
    for (let i = 1; i < crowd.enters.length; i++) crowd.enters[i] += crowd.enters[i - 1];
    crowd.index = new Map([...crowd.number].map((number, index) => [number, index]));
    return crowd;
  }

  function readTrips(reader, floor) {
    if (!floor.ways) Object.assign(floor, { x: reader.ints(), y: reader.ints(), ways: new Map() });
    const names = ["habit", "door*", "legs", "end*", "walks", "stands", "takes*", "lane", "waits", "serves", "station",
      "bends", "vertices*"];
    const trips = {};
    for (const name of names) {
      if (name.endsWith("*")) trips[name.slice(0, -1)] = reader.ranked();
      else trips[name] = reader.ints();
    }
    return trips;
  }

  /* A growing list of points in time and place: what the drawing interpolates between. */
  class Points {
    constructor() {
      this.t = [];
      this.x = [];
      this.y = [];
    }
    add(t, x, y) {
      this.t.push(t);
      this.x.push(x);
      this.y.push(y);
    }
    walk(xs, ys, from, until) {
      const far = [0];
      for (let i = 1; i < xs.length; i++) far.push(far[i - 1] + Math.hypot(xs[i] - xs[i - 1], ys[i] - ys[i - 1]));
      const whole = far[far.length - 1] || 1;
      for (let i = 0; i < xs.length; i++) this.add(from + ((until - from) * far[i]) / whole, xs[i], ys[i]);
    }
  }

  /* One variant's day, ready to be drawn; arrays by customer in order of arrival. */
  function layOut(trips, floor, crowd) {
    const count = crowd.enters.length;
    const day = {
      floor, first: new Int32Array(count + 1), takesFirst: new Int32Array(count + 1), takeAt: [], takeLine: [],
      leaves: new Int32Array(count), lastOut: new Int32Array(count), queue: new Int32Array(count).fill(-1),
      station: new Int32Array(count), joins: new Int32Array(count), serves: new Int32Array(count),
      goes: new Int32Array(count), paid: new Uint8Array(count),
    };
    const points = new Points();
    const read = { leg: 0, join: 0, way: 0, vertex: 0 };
    for (let i = 0; i < count; i++) {
      layOutTrip(i, trips, day, points, read, crowd.enters[i]);
      day.first[i + 1] = points.t.length;
      day.takesFirst[i + 1] = day.takeAt.length;
      day.lastOut[i] = Math.max(day.leaves[i], i ? day.lastOut[i - 1] : 0);
    }
    Object.assign(day, { t: Float64Array.from(points.t), x: Float32Array.from(points.x), y: Float32Array.from(points.y) });
    day.till = sold(day, count);
    return day;
  }

  function layOutTrip(i, trips, day, points, read, enters) {
    const { floor } = day;
    let now = enters, from = trips.door[i], spot = null;
    for (let left = trips.legs[i]; left > 0; left--, read.leg++) {
      const to = trips.end[read.leg];
      const bends = way(left === 1 ? 0 : trips.habit[i] + 1, from, to, trips, floor, read);
      const xs = [from, ...bends, to].map((vertex) => floor.x[vertex] + floor.lowest[0]);
      const ys = [from, ...bends, to].map((vertex) => floor.y[vertex] + floor.lowest[1]);
      if (spot) [xs[0], ys[0]] = spot;
      points.walk(xs, ys, now, now + trips.walks[read.leg]);
      now += trips.walks[read.leg];
      if (left === 2 && trips.lane[i]) spot = joins(i, trips, day, read, to, now);
      now += trips.stands[read.leg];
      points.add(now, xs[xs.length - 1], ys[ys.length - 1]);
      if (trips.takes[read.leg]) {
        day.takeAt.push(now);
        day.takeLine.push(trips.takes[read.leg] - 1);
      }
      from = to;
    }
    day.leaves[i] = now;
  }

  function way(habit, from, to, trips, floor, read) {
    if (from === to) return [];
    const size = floor.x.length;
    const key = (habit * size + from) * size + to;
    if (!floor.ways.has(key)) {
      const until = read.vertex + trips.bends[read.way++];
      floor.ways.set(key, trips.vertices.subarray(read.vertex, until));
      read.vertex = until;
    }
    return floor.ways.get(key);
  }

  /* Note who queues where and when; return where the customer is when setting out for the door. */
  function joins(i, trips, day, read, place, now) {
    const number = place - day.floor.first_till;
    const bank = day.floor.banks[number];
    const lane = trips.lane[i] - 1;
    day.queue[i] = bank.queue + lane;
    day.station[i] = trips.station[read.join];
    day.joins[i] = now;
    day.serves[i] = now + trips.waits[read.join];
    day.paid[i] = trips.serves[read.join] > 0 ? 1 : 0;
    day.goes[i] = day.serves[i] + Math.max(0, trips.serves[read.join] - 1);
    read.join++;
    return day.paid[i] ? bank.stations[day.station[i]] : bank.heads[lane];
  }

  /* When baskets were paid, and their value up to then. */
  function sold(day, count) {
    const payers = [...Array(count).keys()].filter((i) => day.paid[i]).sort((a, b) => day.goes[a] - day.goes[b]);
    let total = 0;
    const totals = payers.map((i) => {
      for (let k = day.takesFirst[i]; k < day.takesFirst[i + 1]; k++) total += data.lines[day.takeLine[k]][2];
      return total;
    });
    return { at: Int32Array.from(payers, (i) => day.goes[i]), totals };
  }

  /* Number the queues of a floor, bank by bank; `ahead`: how far from the bank's spot all heads have been passed. */
  for (const floor of data.floors) {
    floor.queues = [];
    floor.banks.forEach((bank) => {
      const far = ([x, y]) => (x - bank.start[0]) * bank.along[0] + (y - bank.start[1]) * bank.along[1];
      const farthest = Math.max(0, ...bank.heads.map(far));
      bank.queue = floor.queues.length;
      bank.heads.forEach((head, lane) => floor.queues.push({ bank, head, room: bank.room[lane], count: bank.counts[lane], ahead: farthest }));
    });
  }

  /* Read variants in their order, as far as asked: what a later one walks may have been told by an earlier one. */
  const days = [];
  async function dayOf(variant, crowd) {
    for (let next = days.length; next <= variant; next++) {
      const floor = data.floors[data.variants[next].floor];
      days.push(layOut(readTrips(await columns(data.variants[next].part), floor), floor, crowd));
    }
    return days[variant];
  }

  /* ---- words ---- */

  const money = (() => {
    try {
      return new Intl.NumberFormat(data.locale, { style: "currency", currency: data.currency });
    } catch {
      const plain = new Intl.NumberFormat(data.locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
      return { format: (value) => `${plain.format(value)} ${data.currency}` };
    }
  })();
  const wholeMoney = (() => {
    const digits = { maximumFractionDigits: 0, minimumFractionDigits: 0 };
    try {
      return new Intl.NumberFormat(data.locale, { style: "currency", currency: data.currency, ...digits });
    } catch {
      return { format: (value) => `${plainNumber.format(Math.round(value))} ${data.currency}` };
    }
  })();
  const plainNumber = new Intl.NumberFormat(data.locale);
  const two = (number) => String(number).padStart(2, "0");

  function clock(tick) {
    const s = Math.floor(data.opens_s + tick / TICKS);
    return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  }

  function duration(ticks) {
    const s = Math.floor(ticks / TICKS);
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min ${two(s % 60)} s`;
    return `${Math.floor(s / 3600)} h ${two(Math.floor(s / 60) % 60)} min`;
  }

  function put(element, words) {
    if (element.textContent !== words) element.textContent = words;
  }

  function make(name, words, className) {
    const element = document.createElement(name);
    if (words !== undefined) element.textContent = words;
    if (className) element.className = className;
    return element;
  }

  /* ---- marks: a colour and a shape a group, so that neither has to be told apart alone ---- */

  const SHAPES = [
    [...Array(12).keys()].map((k) => [Math.cos((k * Math.PI) / 6), Math.sin((k * Math.PI) / 6)]),
    [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]],
    [[0, -1.15], [1.05, 0.8], [-1.05, 0.8]],
    [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]],
    [[0, 1.15], [1.05, -0.8], [-1.05, -0.8]],
    [[-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4], [0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4],
      [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4]],
  ];
  const colourOf = (group) => group % 6;
  const shapeOf = (group) => SHAPES[(group + Math.floor(group / 6)) % 6];
  let theme = {};

  function readTheme() {
    const style = getComputedStyle(player);
    const colour = (name) => style.getPropertyValue(name).trim();
    theme = {
      marks: [1, 2, 3, 4, 5, 6].map((k) => colour(`--s${k}`)),
      paper: colour("--paper"), ink: colour("--ink"), accent: colour("--accent"),
      font: `600 12px ${style.fontFamily}`,
    };
  }

  function writeLegend() {
    const list = part("legend");
    list.replaceChildren();
    data[view.colour].forEach((name, group) => {
      const item = make("li");
      const mark = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const shape = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
      mark.setAttribute("viewBox", "-1.4 -1.4 2.8 2.8");
      mark.setAttribute("aria-hidden", "true");
      shape.setAttribute("points", shapeOf(group).map((point) => point.join(",")).join(" "));
      shape.setAttribute("class", `r-mark-${colourOf(group)}`);
      mark.append(shape);
      item.append(mark, make("span", name));
      list.append(item);
    });
  }

  /* ---- one floor ---- */

  class Pane {
    constructor(element, variant, crowd) {
      Object.assign(this, { element, crowd, variant: -1, day: null });
      this.canvas = part("canvas", element);
      this.stage = part("stage", element);
      this.brush = this.canvas.getContext("2d");
      const count = crowd.number.length;
      // Filled anew each frame, never made anew.
      Object.assign(this, {
        x: new Float32Array(count), y: new Float32Array(count), who: new Int32Array(count), drawn: 0,
        waiting: 0, lines: [], lengths: null, scale: 1, size: [0, 0],
      });
      part("variant", element).value = String(variant);
    }

    async show(variant) {
      const day = await dayOf(variant, this.crowd);
      Object.assign(this, { variant, day, lengths: new Int32Array(day.floor.queues.length) });
      this.lines = day.floor.queues.map(() => new Int32Array(this.crowd.number.length));
      const plan = player.querySelector(`[data-r-floor="${data.variants[variant].floor}"]`).cloneNode(true);
      plan.removeAttribute("data-r-floor");
      this.stage.querySelector("svg")?.remove();
      this.stage.prepend(plan);
      this.canvas.setAttribute("aria-label", `Customers on the floor of ${data.variants[variant].name}`);
      this.fit();
    }

    fit() {
      if (!this.day) return;
      const [width, height] = this.day.floor.size;
      const wide = this.stage.clientWidth, ratio = window.devicePixelRatio || 1;
      this.scale = wide / width;
      this.size = [wide, (wide * height) / width];
      this.canvas.width = Math.round(this.size[0] * ratio);
      this.canvas.height = Math.round(this.size[1] * ratio);
      this.brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    }

    /* Pixels of a spot on the floor. */
    across(x) {
      const { left, per_cm } = this.day.floor.scale;
      return (left + per_cm * x) * this.scale;
    }
    down(y) {
      const { top, per_cm } = this.day.floor.scale;
      return (top - per_cm * y) * this.scale;
    }
    place(k, x, y) {
      this.x[k] = this.across(x);
      this.y[k] = this.down(y);
    }

    /* Find who is where at a tick. */
    locate(tick) {
      const { day, crowd } = this;
      this.drawn = this.waiting = 0;
      this.lengths.fill(0);
      const until = after(crowd.enters, tick);
      for (let i = after(day.lastOut, tick); i < until; i++) {
        if (day.leaves[i] <= tick) continue;
        if (day.queue[i] >= 0 && tick >= day.joins[i] && tick < day.goes[i]) {
          const spot = day.floor.queues[day.queue[i]].bank.stations[day.station[i]];
          if (tick < day.serves[i]) this.line(i);
          else this.add(i, spot[0], spot[1]);
        } else this.walking(i, tick);
      }
      this.queues(tick);
    }

    walking(i, tick) {
      const { day } = this;
      const k = between(day.t, day.first[i], day.first[i + 1], tick);
      const span = day.t[k + 1] - day.t[k];
      const share = span > 0 ? (tick - day.t[k]) / span : 1;
      this.add(i, day.x[k] + share * (day.x[k + 1] - day.x[k]), day.y[k] + share * (day.y[k + 1] - day.y[k]));
    }

    add(i, x, y) {
      this.who[this.drawn] = i;
      this.place(this.drawn++, x, y);
    }

    /* Put a customer into the own place in a queue, going there at first from the bank's spot: past the heads of all
       queues, as goods may stand between them. */
    glide(i, x, y, since) {
      const { bank, ahead } = this.day.floor.queues[this.day.queue[i]];
      const share = Math.min(1, since / GLIDE), turn = ahead ? 0.25 : 0;
      const [fromX, fromY] = bank.start;
      const viaX = fromX + ahead * bank.along[0], viaY = fromY + ahead * bank.along[1];
      if (share < turn) this.add(i, fromX + (share / turn) * (viaX - fromX), fromY + (share / turn) * (viaY - fromY));
      else {
        const rest = (share - turn) / (1 - turn);
        this.add(i, viaX + rest * (x - viaX), viaY + rest * (y - viaY));
      }
    }

    /* Put a customer into the line of a queue, behind who joined before. */
    line(i) {
      const { joins, queue } = this.day, line = this.lines[queue[i]];
      let k = this.lengths[queue[i]]++;
      for (; k > 0 && joins[line[k - 1]] > joins[i]; k--) line[k] = line[k - 1];
      line[k] = i;
    }

    queues(tick) {
      const { floor, joins } = this.day;
      for (let q = 0; q < this.lengths.length; q++) {
        const { head, room, bank } = floor.queues[q], count = this.lengths[q];
        const step = count > 1 ? Math.min(STEP_CM, room / (count - 1)) : 0;
        for (let k = 0; k < count; k++) {
          const i = this.lines[q][k];
          this.glide(i, head[0] + k * step * bank.along[0], head[1] + k * step * bank.along[1], tick - joins[i]);
        }
        this.waiting += count;
      }
    }

    draw(tick, groups, followed) {
      const { brush } = this;
      this.locate(tick);
      brush.clearRect(0, 0, this.size[0], this.size[1]);
      if (followed >= 0) this.trail(followed, tick);
      const radius = Math.min(9, Math.max(3, BODY_CM * this.day.floor.scale.per_cm * this.scale));
      brush.lineWidth = 0.8;
      brush.strokeStyle = theme.paper;
      for (let group = 0; group < data[view.colour].length; group++) this.marks(group, groups, radius);
      this.counts();
      if (followed >= 0) this.ring(followed, radius + 4);
    }

    marks(group, groups, radius) {
      const { brush } = this, shape = shapeOf(group);
      brush.fillStyle = theme.marks[colourOf(group)];
      brush.beginPath();
      for (let k = 0; k < this.drawn; k++) {
        if (groups[this.who[k]] !== group) continue;
        for (let p = 0; p < shape.length; p++) {
          const x = this.x[k] + radius * shape[p][0], y = this.y[k] + radius * shape[p][1];
          if (p) brush.lineTo(x, y);
          else brush.moveTo(x, y);
        }
        brush.closePath();
      }
      brush.fill();
      brush.stroke();
    }

    /* Write how many wait at each till. */
    counts() {
      const { brush } = this, { queues } = this.day.floor;
      brush.font = theme.font;
      brush.textAlign = "center";
      brush.textBaseline = "middle";
      brush.fillStyle = theme.ink;
      for (let q = 0; q < queues.length; q++) {
        if (!this.lengths[q]) continue;
        const { count } = queues[q];
        brush.fillText(this.lengths[q], this.across(count[0]), this.down(count[1]));
      }
    }

    trail(i, tick) {
      const { brush, day } = this;
      brush.strokeStyle = theme.accent;
      brush.lineWidth = 1.5;
      brush.globalAlpha = 0.7;
      brush.beginPath();
      for (let k = day.first[i]; k < day.first[i + 1] && day.t[k] <= tick; k++) {
        const x = this.across(day.x[k]), y = this.down(day.y[k]);
        if (k > day.first[i]) brush.lineTo(x, y);
        else brush.moveTo(x, y);
      }
      brush.stroke();
      brush.globalAlpha = 1;
    }

    ring(i, radius) {
      const { brush } = this;
      for (let k = 0; k < this.drawn; k++) {
        if (this.who[k] !== i) continue;
        brush.strokeStyle = theme.ink;
        brush.lineWidth = 2.5;
        brush.beginPath();
        brush.arc(this.x[k], this.y[k], radius, 0, 7);
        brush.stroke();
      }
    }

    /* The customer drawn nearest to a pixel; -1: nobody near. */
    near(x, y) {
      let best = 18, found = -1;
      for (let k = 0; k < this.drawn; k++) {
        const far = Math.hypot(this.x[k] - x, this.y[k] - y);
        if (far < best) [best, found] = [far, this.who[k]];
      }
      return found;
    }

    paid(tick) {
      return after(this.day.till.at, tick);
    }

    write(tick) {
      const paid = this.paid(tick), words = [
        `${plainNumber.format(this.drawn)} in the store`, `${plainNumber.format(this.waiting)} waiting`,
        `${plainNumber.format(paid)} paid`,
      ];
      if (data.every === 1) words.push(`${wholeMoney.format(paid ? this.day.till.totals[paid - 1] : 0)} sold`);
      put(part("status", this.element), words.join(" · "));
    }

    /* What a customer is doing. */
    doing(i, tick) {
      const { day, crowd } = this;
      if (tick < crowd.enters[i]) return "not there yet";
      if (tick >= day.leaves[i]) return day.paid[i] ? "paid, and gone" : `gone without ${day.queue[i] < 0 ? "buying" : "paying"}`;
      if (day.queue[i] >= 0 && tick >= day.joins[i]) {
        const { name } = day.floor.queues[day.queue[i]].bank;
        if (tick < day.serves[i]) return `waiting at ${name}`;
        return tick < day.goes[i] ? `being served at ${name}` : "on the way out";
      }
      const k = between(day.t, day.first[i], day.first[i + 1], tick);
      return day.x[k] === day.x[k + 1] && day.y[k] === day.y[k + 1] ? "at a shelf" : "walking";
    }

    /* What a customer has taken so far. */
    basket(i, tick) {
      const { day } = this, lines = [];
      for (let k = day.takesFirst[i]; k < day.takesFirst[i + 1] && day.takeAt[k] <= tick; k++) {
        const [product, units, amount] = data.lines[day.takeLine[k]];
        lines.push({ product: data.products[product], units, amount });
      }
      const sum = (name) => lines.reduce((total, line) => total + line[name], 0);
      return { lines, units: sum("units"), total: sum("amount"), doing: this.doing(i, tick) };
    }
  }

  /* How many numbers of a sorted array are at most `value`. */
  function after(sorted, value) {
    let low = 0, high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /* The point in first..end-2 at or before a time. */
  function between(times, first, end, value) {
    let low = first, high = end - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (times[middle] <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /* ---- the day as it is shown ---- */

  const view = { tick: 0, playing: false, backwards: false, speed: 60, colour: "segment", followed: -1 };
  const scrub = part("scrub");
  const last = Number(scrub.max) * TICKS;
  const times = new Float64Array(120);
  let crowd, panes = [], frames = 0, before = 0, written = -PERIOD_MS, said = "";

  function drawFrame(now) {
    const began = performance.now();
    for (const pane of panes) pane.draw(view.tick, crowd[view.colour], view.followed);
    if (!view.playing || now - written >= PERIOD_MS) {
      writeWords();
      written = now;
    }
    times[frames++ % times.length] = performance.now() - began;
  }

  function writeWords() {
    const seconds = Math.round(view.tick / TICKS), words = clock(view.tick);
    put(part("clock"), words);
    if (Number(scrub.value) !== seconds) scrub.value = String(seconds);
    scrub.setAttribute("aria-valuetext", words);
    part("now").style.left = `${(100 * view.tick) / last}%`;
    for (const pane of panes) {
      pane.write(view.tick);
      writeBasket(pane);
    }
    say();
  }

  function writeBasket(pane) {
    const box = part("basket", pane.element), i = view.followed;
    box.hidden = i < 0;
    if (i < 0) return;
    const { lines, total, doing } = pane.basket(i, view.tick);
    const key = `${pane.variant} ${i} ${lines.length}`;
    if (box.dataset.key !== key) {
      box.dataset.key = key;
      box.replaceChildren(make("p", undefined, "r-who"), make("p", undefined, "r-doing"), basketTable(lines, total));
    }
    put(box.children[0], `Customer ${crowd.number[i]} · ${data.segment[crowd.segment[i]]} · ${data.mission[crowd.mission[i]]}`);
    const inside = Math.min(view.tick, pane.day.leaves[i]) - crowd.enters[i];
    put(box.children[1], inside < 0 ? `Comes at ${clock(crowd.enters[i])}`
      : `Came at ${clock(crowd.enters[i])}, ${duration(inside)} in the store: ${doing}`);
  }

  function basketTable(lines, total) {
    if (!lines.length) return make("p", "Nothing in the basket", "r-empty");
    const table = make("table"), head = make("thead"), body = make("tbody"), row = make("tr");
    for (const name of ["Product", "Units", "Amount", "Total"]) {
      const cell = make("th", name);
      cell.scope = "col";
      row.append(cell);
    }
    let sum = 0;
    for (const { product, units, amount } of lines) {
      const line = make("tr");
      sum += amount;
      line.append(make("td", product), make("td", plainNumber.format(units)), make("td", money.format(amount)),
        make("td", money.format(sum)));
      body.prepend(line); // the newest on top, so that the table need not be scrolled
    }
    head.append(row);
    table.append(make("caption", `Basket: ${money.format(total)}`), head, body);
    return table;
  }

  /* Tell who hears the page what the customer followed has just taken. */
  function say() {
    if (view.followed < 0) return;
    const words = panes.map((pane) => {
      const { lines, total } = pane.basket(view.followed, view.tick), taken = lines[lines.length - 1];
      const what = taken ? `took ${taken.units} ${taken.product}, ${money.format(total)} in all` : "nothing taken yet";
      return `${data.variants[pane.variant].name}: ${what}`;
    });
    const all = `Customer ${crowd.number[view.followed]}. ${words.join("; ")}.`;
    if (all !== said) put(part("said"), (said = all));
  }

  function onFrame(now) {
    if (!view.playing) return;
    const step = (Math.min(now - before, 100) / 1000) * view.speed * TICKS;
    before = now;
    view.tick = Math.min(last, Math.max(0, view.tick + (view.backwards ? -step : step)));
    if (view.tick === (view.backwards ? 0 : last)) pause();
    drawFrame(now);
    if (view.playing) requestAnimationFrame(onFrame);
  }

  function seek(seconds) {
    view.tick = Math.min(last, Math.max(0, Number(seconds) * TICKS || 0));
    drawFrame(performance.now());
  }

  function showPlaying() {
    put(part("play-word"), view.playing ? "Pause" : "Play");
    put(part("play").firstElementChild, view.playing ? "❚❚" : "▶");
  }

  function play() {
    if (view.playing) return;
    if (view.tick === (view.backwards ? 0 : last)) view.tick = view.backwards ? last : 0;
    view.playing = true;
    before = performance.now();
    showPlaying();
    requestAnimationFrame(onFrame);
  }

  function pause() {
    view.playing = false;
    showPlaying();
  }

  function follow(number) {
    const index = number === null ? -1 : crowd.index.get(Number(number)) ?? -1;
    followIndex(index);
    if (number !== null && index < 0) message(`Customer ${number} is not among those shown.`);
  }

  function followIndex(index) {
    view.followed = index;
    message("");
    part("stop").disabled = index < 0;
    if (index < 0) put(part("said"), (said = ""));
    else {
      part("number").value = String(crowd.number[index]);
      const out = Math.max(...panes.map((pane) => pane.day.leaves[index]));
      if (view.tick < crowd.enters[index] || view.tick >= out) view.tick = crowd.enters[index];
    }
    drawFrame(performance.now());
  }

  /* Follow the customer who came so many after the one followed; after nobody, who has been in the longest. */
  function followNext(step) {
    const { followed } = view, first = panes[0].drawn ? panes[0].who[0] : 0;
    followIndex(followed < 0 ? first : Math.min(crowd.number.length - 1, Math.max(0, followed + step)));
  }

  function busiest() {
    const [left, right] = panes.map((pane) => data.variants[pane.variant].inside);
    const both = left.map((count, minute) => count + (right ? right[minute] : 0));
    seek(60 * both.indexOf(Math.max(...both)));
  }

  function state() {
    const known = times.subarray(0, Math.min(frames, times.length));
    const mean = known.reduce((total, ms) => total + ms, 0) / (known.length || 1);
    return {
      time: view.tick / TICKS, playing: view.playing, speed: view.backwards ? -view.speed : view.speed,
      variants: panes.map((pane) => data.variants[pane.variant].name),
      inside: panes.map((pane) => pane.drawn), waiting: panes.map((pane) => pane.waiting),
      paid: panes.map((pane) => pane.paid(view.tick)),
      followed: view.followed < 0 ? null : crowd.number[view.followed],
      baskets: view.followed < 0 ? [] : panes.map((pane) => pane.basket(view.followed, view.tick)),
      frame_ms: { last: times[(frames + times.length - 1) % times.length], mean, worst: Math.max(0, ...known) },
    };
  }

  /* ---- controls ---- */

  function message(words) {
    const place = player.querySelector(".r-message");
    place.hidden = !words;
    put(place, words);
  }

  async function choose(pane, variant) {
    await pane.show(variant);
    const shown = new Set(panes.map((one) => String(one.variant)));
    for (const curve of all("[data-r-curve]")) curve.classList.toggle("r-off", !shown.has(curve.dataset.rCurve));
    drawFrame(performance.now());
  }

  const KEYS = { ArrowRight: 10, ArrowUp: 10, ArrowLeft: -10, ArrowDown: -10, PageUp: 600, PageDown: -600 };

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onTime = event.target === scrub || event.target.tagName === "CANVAS";
    if (event.key === " " && !event.target.closest("button, select, [type=number]")) view.playing ? pause() : play();
    else if (onTime && event.key in KEYS) seek(view.tick / TICKS + KEYS[event.key]);
    else if (onTime && event.key === "Home") seek(0);
    else if (onTime && event.key === "End") seek(last / TICKS);
    else return;
    event.preventDefault();
  }

  function connect() {
    const on = (name, event, act) => part(name).addEventListener(event, act);
    on("play", "click", () => (view.playing ? pause() : play()));
    on("backwards", "click", () => {
      view.backwards = !view.backwards;
      part("backwards").setAttribute("aria-pressed", String(view.backwards));
    });
    on("speed", "change", (event) => (view.speed = Number(event.target.value)));
    on("busiest", "click", busiest);
    on("colour", "change", (event) => {
      view.colour = event.target.value;
      writeLegend();
      drawFrame(performance.now());
    });
    on("scrub", "input", () => seek(scrub.value));
    on("number", "change", (event) => follow(event.target.value === "" ? null : event.target.value));
    on("previous", "click", () => followNext(-1));
    on("next", "click", () => followNext(1));
    on("stop", "click", () => follow(null));
    player.addEventListener("keydown", onKey);
    for (const pane of panes) connectPane(pane);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      readTheme();
      drawFrame(performance.now());
    });
  }

  function connectPane(pane) {
    part("variant", pane.element).addEventListener("change", (event) => choose(pane, Number(event.target.value)));
    pane.canvas.addEventListener("click", (event) => {
      const found = pane.near(event.offsetX, event.offsetY);
      if (found >= 0) followIndex(found);
    });
    new ResizeObserver(() => {
      pane.fit();
      drawFrame(performance.now());
    }).observe(pane.stage);
  }

  async function start() {
    if (typeof DecompressionStream === "undefined") {
      player.classList.add("r-without");
      message("This browser cannot unpack the replay (it has no DecompressionStream); one of 2023 or later can.");
      return;
    }
    crowd = await readCrowd();
    const elements = all("[data-r-pane]");
    const shown = data.variants.length > 1 ? elements : elements.slice(0, 1);
    for (const element of elements) element.hidden = !shown.includes(element);
    readTheme();
    panes = shown.map((element, k) => new Pane(element, data.chosen[k], crowd));
    for (const pane of panes) await pane.show(data.chosen[panes.indexOf(pane)]);
    writeLegend();
    for (const pane of panes) await choose(pane, pane.variant);
    connect();
    part("speed").value = String(view.speed);
    part("colour").value = view.colour;
    window.storesimReplay = { seek, play, pause, follow, state };
    player.dataset.ready = "yes";
  }

  start();
})();
