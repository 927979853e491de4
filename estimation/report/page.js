"use strict";
// Sliders and choices over the numbers that stand in the page as data.  Nothing here asks anything of any network.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const stamp = document.querySelector(".stamp")?.textContent ?? "";
  const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
  const exact = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
  let made = 0;

  function html(name, attributes = {}, ...inside) {
    return fill(document.createElement(name), attributes, inside);
  }

  function svg(name, attributes = {}, ...inside) {
    return fill(document.createElementNS(SVG, name), attributes, inside);
  }

  function fill(element, attributes, inside) {
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  }

  // Round numbers between two ends, about as many as asked for.
  function ticks(low, high, many) {
    const rough = (high - low) / many;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * ([1, 2, 5].find((times) => times * power >= rough) ?? 10);
    const found = [];
    for (let at = Math.ceil(low / step); at * step <= high; at += 1) found.push(at * step);
    return found;
  }

  function logTicks(low, high, many) {
    const found = [];
    for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power += 1) {
      for (const times of [1, 2, 5]) {
        const value = times * 10 ** power;
        if (value >= low && value <= high) found.push(value);
      }
    }
    const powers = found.filter((value) => Number.isInteger(Math.log10(value)));
    if (found.length > many && powers.length > 1) return powers;
    return found.length > 1 ? found : ticks(low, high, many);
  }

  // Where values lie between two ends of an axis, and the ticks to read them by.
  function axis(low, high, from, to, isLog, many) {
    const as = isLog ? Math.log : (value) => value;
    const span = as(high) - as(low) || 1;
    const at = (value) => from + ((as(value) - as(low)) / span) * (to - from);
    return { at, low, high, ticks: isLog ? logTicks(low, high, many) : ticks(low, high, many) };
  }

  const present = (values) => values.filter((value) => value !== null);

  function stampOn(picture, width, height) {
    if (!stamp) return;
    const at = { x: width / 2, y: height / 2, class: "synthetic", "text-anchor": "middle" };
    picture.append(svg("text", at, stamp));
  }

  function curve(box, data) {
    const places = data.places;
    const id = `explorer-${(made += 1)}`;
    const slider = html("input", { type: "range", id, min: 0, max: places.length - 1, step: 1 });
    const readout = html("output", { for: id, class: "readout", "aria-live": "polite", dir: "auto" });
    const canvas = html("div", { class: "canvas" });
    slider.value = data.start;
    box.append(
      html("p", { class: "title", dir: "auto" }, data.title),
      html("label", { for: id, dir: "auto" }, data.changed),
      slider,
      readout,
      canvas,
      html("p", { class: "reading", dir: "auto" }, data.reading),
    );
    const draw = () => {
      const place = places[Number(slider.value)];
      readout.textContent = place.words;
      slider.setAttribute("aria-valuetext", place.words);
      canvas.replaceChildren(curvePicture(data, place, canvas.clientWidth));
    };
    slider.addEventListener("input", draw);
    return draw;
  }

  function curvePicture(data, chosen, width) {
    const places = data.places;
    const height = Math.round(Math.min(320, Math.max(220, width * 0.5)));
    const frame = { left: 62, right: width - 14, top: 12, bottom: height - 24 };
    const values = places.map((place) => place.value);
    const people = present(places.flatMap((place) => [place.median, place.lower, place.upper]));
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const [fewest, top] = [Math.min(...people), Math.max(...people)];
    const isWide = fewest > 0 && top / fewest >= 20;
    const ends = isWide ? [fewest / 1.1, top * 1.1] : [Math.max(0, fewest - (top - fewest) * 0.06), top + (top - fewest || 1) * 0.06];
    const x = axis(least, most, frame.left + 10, frame.right - 10, least > 0 && most / least >= 8, 5);
    const y = axis(ends[0], ends[1], frame.bottom, frame.top, isWide, 5);
    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img" });
    picture.setAttribute("aria-label", `Curve of the number of people over ${data.changed}. ${chosen.words}`);
    for (const value of y.ticks) {
      picture.append(
        svg("line", { class: "grid", x1: frame.left, x2: frame.right, y1: y.at(value), y2: y.at(value) }),
        svg("text", { x: frame.left - 6, y: y.at(value) + 4, "text-anchor": "end" }, whole.format(value)),
      );
    }
    let written = -Infinity;
    for (const value of values) {
      const [place, text] = [x.at(value), exact.format(value)];
      const half = text.length * 3.5 + 3;
      picture.append(svg("line", { class: "tick", x1: place, x2: place, y1: frame.bottom, y2: frame.bottom + 4 }));
      if (place - half < written) continue;
      picture.append(svg("text", { x: place, y: frame.bottom + 17, "text-anchor": "middle" }, text));
      written = place + half;
    }
    picture.append(
      svg("line", { class: "tick", x1: frame.left, x2: frame.right, y1: frame.bottom, y2: frame.bottom }),
    );
    for (const run of runs(places)) {
      const line = (end) => run.map((place) => `${x.at(place.value)},${y.at(place[end] ?? y.high)}`);
      const [lower, upper] = [line("lower"), line("upper")];
      picture.append(
        svg("polygon", { class: "band", points: [...lower, ...upper.slice().reverse()].join(" ") }),
        svg("polyline", { class: "edge", points: lower.join(" ") }),
        svg("polyline", { class: "edge", points: upper.join(" ") }),
        svg("polyline", { class: "middle", points: line("median").join(" ") }),
      );
    }
    for (const place of places) {
      const at = { cx: x.at(place.value), r: 3.5 };
      if (place.median !== null) picture.append(svg("circle", { class: "dot", ...at, cy: y.at(place.median) }));
      else picture.append(svg("text", { class: "none", x: at.cx, y: frame.bottom - 5, "text-anchor": "middle" }, "×"));
    }
    const across = x.at(chosen.value);
    const marker = svg("g", { class: "marker", "data-value": chosen.value });
    marker.append(svg("line", { class: "guide", x1: across, x2: across, y1: frame.top, y2: frame.bottom }));
    if (chosen.median !== null) {
      const [low, high] = [y.at(chosen.lower ?? y.low), y.at(chosen.upper ?? y.high)];
      marker.append(
        svg("line", { class: "whisker", x1: across, x2: across, y1: low, y2: high }),
        svg("circle", { class: "ring", cx: across, cy: y.at(chosen.median), r: 8 }),
      );
    }
    picture.append(marker);
    stampOn(picture, width, height);
    return picture;
  }

  // Neighbours that have a number, so that no line is drawn across one that has none.
  function runs(places) {
    const found = [[]];
    for (const place of places) {
      if (place.median === null) found.push([]);
      else found.at(-1).push(place);
    }
    return found.filter((run) => run.length > 0);
  }

  function rows(box, data) {
    const legend = html("legend", {}, data.changed);
    const choice = html("fieldset", {}, legend);
    const isMany = data.places.length > 12;
    const choices = html("div", { class: isMany ? "choices many" : "choices" });
    const boxes = data.places.map((place) => {
      const id = `explorer-${(made += 1)}`;
      const input = html("input", { type: "checkbox", id });
      input.checked = place.is_open;
      choices.append(html("div", { class: "choice" }, input, html("label", { for: id, dir: "auto" }, ...named(place))));
      input.addEventListener("change", () => draw());
      return input;
    });
    const show = (isChosen) => {
      data.places.forEach((place, at) => (boxes[at].checked = isChosen(place)));
      draw();
    };
    const all = html("button", { type: "button" }, "Show all");
    all.addEventListener("click", () => show(() => true));
    const none = html("button", { type: "button" }, "Show none");
    none.addEventListener("click", () => show(() => false));
    const readout = html("p", { class: "readout", role: "status", "aria-live": "polite" });
    const canvas = html("div", { class: "canvas" });
    if (data.choose_by) choice.append(chooser(data, show));
    choice.append(choices, all, ...(isMany ? [" ", none] : []));
    box.append(html("p", { class: "title", dir: "auto" }, data.title), choice, readout, canvas, html("p", { class: "reading", dir: "auto" }, data.reading));
    const draw = () => {
      const shown = data.places.filter((place, at) => boxes[at].checked);
      readout.textContent = summary(shown, data.places.length);
      canvas.replaceChildren(...rowPictures(shown, canvas.clientWidth));
    };
    return draw;
  }

  // All places of one group at once, and their total beside them.
  function chooser(data, show) {
    const id = `explorer-${(made += 1)}`;
    const select = html("select", { id }, html("option", { value: "" }, "all"));
    for (const group of new Set(data.places.map((place) => place.group))) {
      if (group) select.append(html("option", { value: group, dir: "auto" }, group));
    }
    select.addEventListener("change", () => {
      show((place) => select.value === "" || place.group === select.value || place.mark === "total");
    });
    return html("div", { class: "chooser" }, html("label", { for: id, dir: "auto" }, `${data.choose_by}: `), select);
  }

  function named(place) {
    const marks = { headline: " (carries the headline)", bound: " (a lower bound)", published: " (published by others)" };
    const mark = marks[place.mark];
    return mark ? [html("bdi", {}, place.label), mark] : [place.label];
  }

  function summary(shown, many) {
    if (shown.length === 0) return "Nothing is chosen. Choose at least one to see its number.";
    const isOwn = (place) => place.mark !== "bound" && place.mark !== "total";
    const medians = present(shown.filter(isOwn).map((place) => place.median));
    const aside = ["bound", "total"]
      .filter((mark) => shown.some((place) => place.mark === mark))
      .map((mark) => (mark === "bound" ? ", lower bounds aside" : ", the total aside"))
      .join("");
    const said = `${shown.length} of ${many} shown`;
    if (medians.length === 0) return `${said}; none of them says how many there are.`;
    return `${said}, from ${whole.format(Math.min(...medians))} to ${whole.format(Math.max(...medians))} people${aside}.`;
  }

  function rowPictures(shown, width) {
    const people = present(shown.flatMap((place) => [place.median, place.lower, place.upper]));
    if (people.length === 0) {
      return shown.map((place) => rowOf(place));
    }
    const [fewest, top] = [Math.min(...people), Math.max(...people)];
    const isWide = fewest > 0 && top / fewest >= 20;
    const room = (top - fewest || top || 1) * 0.04;
    const ends = isWide ? [fewest / 1.1, top * 1.1] : [Math.max(0, fewest - room), top + room];
    const x = axis(ends[0], ends[1], 12, width - 12, isWide, Math.max(3, width / 110));
    const foot = svg("svg", { viewBox: `0 0 ${width} 40`, width, height: 40, role: "img", class: "axis" });
    foot.setAttribute("aria-label", "Axis in people");
    foot.append(svg("line", { class: "tick", x1: 0, x2: width, y1: 1, y2: 1 }));
    for (const value of x.ticks) {
      foot.append(
        svg("line", { class: "tick", x1: x.at(value), x2: x.at(value), y1: 1, y2: 6 }),
        svg("text", { x: x.at(value), y: 19, "text-anchor": "middle" }, whole.format(value)),
      );
    }
    foot.append(svg("text", { x: width, y: 36, "text-anchor": "end" }, "people"));
    return [...shown.map((place) => rowOf(place, x, width)), foot];
  }

  // One answer: its name, its number in words, and its interval on the axis below.
  function rowOf(place, x, width) {
    const row = html("div", { class: `row is-${place.mark}`, "data-label": place.label });
    row.append(html("p", {}, html("strong", {}, html("bdi", {}, ...named(place))), html("span", {}, ` ${place.words}`)));
    if (place.median === null) return row;
    const picture = svg("svg", { viewBox: `0 0 ${width} 20`, width, height: 20, "aria-hidden": "true" });
    for (const value of x.ticks) picture.append(svg("line", { class: "grid", x1: x.at(value), x2: x.at(value), y1: 0, y2: 20 }));
    if (place.lower !== null || place.upper !== null) {
      const [low, high] = [x.at(place.lower ?? x.low), x.at(place.upper ?? x.high)];
      picture.append(svg("line", { class: "whisker", x1: low, x2: high, y1: 10, y2: 10 }));
      for (const end of [low, high]) picture.append(svg("line", { class: "whisker", x1: end, x2: end, y1: 6, y2: 14 }));
    }
    picture.append(svg("path", { class: "mark", d: shape(place.mark, x.at(place.median)) }));
    stampOn(picture, width, 30);
    row.append(picture);
    return row;
  }

  // A shape of its own for each kind of number.
  function shape(mark, x) {
    if (mark === "headline" || mark === "total") return `M${x} 1L${x + 9} 10L${x} 19L${x - 9} 10Z`;
    if (mark === "bound") return `M${x - 4} 4L${x + 7} 10L${x - 4} 16Z`;
    if (mark === "published") return `M${x - 5} 5H${x + 5}V15H${x - 5}Z`;
    return `M${x - 5} 10A5 5 0 1 1 ${x + 5} 10A5 5 0 1 1 ${x - 5} 10Z`;
  }

  const draws = [];
  for (const box of document.querySelectorAll(".explorer")) {
    const data = JSON.parse(box.querySelector("script").textContent);
    box.hidden = false;
    const draw = data.kind === "curve" ? curve(box, data) : rows(box, data);
    draw();
    draws.push(draw);
  }
  // Paper cannot be opened: all folds are, while the page is printed.
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details:not([open])")) {
      fold.open = true;
      addEventListener("afterprint", () => (fold.open = false), { once: true });
    }
  });
  let wide = document.documentElement.clientWidth;
  addEventListener("resize", () => {
    if (document.documentElement.clientWidth === wide) return;
    wide = document.documentElement.clientWidth;
    for (const draw of draws) draw();
  });
})();
