// Live parts of a page: the server sends a fragment when it changed, we merge it in place.
// Merging keeps focus, open details, ticked boxes and scroll positions; without this script the pages work by reload.
(() => {
  "use strict";
  const pulse = document.querySelector("[data-pulse]");
  let stream = null;
  let again = 0;

  function say(state, words) {
    if (!pulse || pulse.dataset.pulse === state) return;
    pulse.dataset.pulse = state;
    pulse.textContent = words;
  }

  function sameNode(a, b) {
    return a.nodeType === b.nodeType && a.nodeName === b.nodeName &&
      (a.nodeType !== 1 || (a.id === b.id && a.dataset.row === b.dataset.row));
  }

  function mergeAttributes(now, next) {
    for (const { name } of [...now.attributes]) {
      if (!next.hasAttribute(name) && !(name === "open" && now.nodeName === "DETAILS")) now.removeAttribute(name);
    }
    for (const { name, value } of next.attributes) {
      if (now.getAttribute(name) !== value) now.setAttribute(name, value);
    }
  }

  function merge(now, next) {
    if (now.nodeType !== 1) {
      if (now.nodeValue !== next.nodeValue) now.nodeValue = next.nodeValue;
      return;
    }
    mergeAttributes(now, next);
    mergeChildren(now, next);
  }

  // The node to reuse for a wanted one: the next of its kind with only text in between, or the same row wherever it is.
  function match(here, wanted) {
    const keyed = wanted.nodeType === 1 && (wanted.id || wanted.dataset.row);
    for (let node = here; node; node = node.nextSibling) {
      if (sameNode(node, wanted)) return node;
      if (!keyed && node.nodeType === 1) return null;
    }
    return null;
  }

  function mergeChildren(now, next) {
    let here = now.firstChild;
    for (const wanted of [...next.childNodes]) {
      const found = match(here, wanted);
      if (!found) {
        now.insertBefore(wanted, here);
      } else {
        if (found === here) here = here.nextSibling;
        else now.insertBefore(found, here);
        merge(found, wanted);
      }
    }
    while (here) {
      const rest = here.nextSibling;
      here.remove();
      here = rest;
    }
  }

  function show(event) {
    const { id, html } = JSON.parse(event.data);
    const now = document.getElementById(id);
    if (!now) return;
    const parsed = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    if (parsed) merge(now, parsed);
    say("live", "Live");
  }

  function open() {
    close();
    if (document.hidden || !document.querySelector("[data-live]")) return;
    stream = new EventSource("/ui/live?page=" + encodeURIComponent(location.pathname + location.search));
    stream.addEventListener("open", () => say("live", "Live"));
    stream.addEventListener("fragment", show);
    stream.addEventListener("quiet", () => say("live", "Live"));
    stream.addEventListener("trouble", () => say("broken", "Reconnecting"));
    stream.addEventListener("error", () => {
      say("broken", "Reconnecting");
      if (stream && stream.readyState === EventSource.CLOSED) refused();
    });
  }

  // An event stream does not say why it was refused: a full house is tried again, a session that is over is said.
  async function refused() {
    const mine = stream;
    const answer = await fetch("/ui/live", { headers: { Accept: "text/event-stream" } }).catch(() => null);
    if (stream !== mine) return;
    if (answer?.status !== 401) {
      again = setTimeout(open, 15000);
      return;
    }
    close();
    if (!pulse) return;
    const link = document.createElement("a");
    link.href = "/ui/sign-in?return=" + encodeURIComponent(location.pathname + location.search);
    link.textContent = "Signed out: sign in";
    pulse.dataset.pulse = "broken";
    pulse.replaceChildren(link);
  }

  function close() {
    clearTimeout(again);
    if (stream) stream.close();
    stream = null;
  }

  // A hidden tab gives its connection back: browsers allow six per host.
  document.addEventListener("visibilitychange", () => (document.hidden ? (close(), say("idle", "Paused")) : open()));
  // On a phone the menu is a strip: show where we are.
  document.querySelector(".menu [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);

  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-all]");
    if (all) for (const box of document.querySelectorAll(`input[name="${all.dataset.all}"]`)) box.checked = all.checked;
    for (const count of document.querySelectorAll("[data-count]")) {
      const chosen = document.querySelectorAll(`input[name="${count.dataset.count}"]:checked`).length;
      count.textContent = chosen ? ` (${chosen})` : "";
    }
  });
})();
