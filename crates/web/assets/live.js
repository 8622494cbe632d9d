// Keeps an open page current. The stream says that something changed, never what: the page is then fetched again as anybody
// would, and what differs is put in its place. What has the focus, what was typed and where the reader is stay as they are.
// While nobody looks at the page there is no stream; without this script the page stands still, and every link works.

const news = document.querySelector("[data-live]");

// At most one look in so long: each is written down.
const APART = 1000;
// How long to wait when the service does not answer.
const LATER = 5000;

let address = news.dataset.live;
let stream;
let looked = 0;
let waiting;
let silent;
let ended = false;
let failed = false;

function clock() {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
}

function say(words) {
  if (news.textContent !== words) {
    news.textContent = words;
  }
}

function follow() {
  if (stream || ended || document.hidden || !address) {
    return;
  }
  stream = new EventSource(address);
  stream.onmessage = () => look();
  stream.onopen = () => {
    clearTimeout(silent);
    silent = undefined;
    if (failed) {
      look();
    }
  };
  stream.addEventListener("over", over);
  stream.onerror = () => {
    // A stream that is refused does not come back by itself: the page is asked for again, with a new ticket.
    if (stream && stream.readyState === EventSource.CLOSED) {
      rest();
      look(LATER);
    } else if (!silent) {
      // The browser tries again by itself; where that takes long, what stands here may be old.
      silent = setTimeout(trouble, LATER);
    }
  };
}

function rest() {
  clearTimeout(silent);
  silent = undefined;
  if (stream) {
    stream.close();
    stream = undefined;
  }
}

function over() {
  ended = true;
  rest();
  say("You are signed out, so this page no longer changes. Sign in again to see what is new.");
}

// Looks again, soon: several changes at once are one look.
function look(wait = 0) {
  if (waiting || ended) {
    return;
  }
  const due = Math.max(wait, looked + APART - Date.now(), 0);
  waiting = setTimeout(() => {
    waiting = undefined;
    if (!document.hidden) {
      fetchAgain();
    }
  }, due);
}

// An XMLHttpRequest reads a page as a document in which nothing runs, so nothing has to be trusted as markup.
function fetchAgain() {
  looked = Date.now();
  const request = new XMLHttpRequest();
  request.open("GET", location.pathname + location.search);
  request.responseType = "document";
  request.timeout = 15000;
  request.setRequestHeader("weft-by-itself", "yes");
  request.onload = () => {
    const page = request.responseXML;
    if (new URL(request.responseURL).pathname !== location.pathname) {
      over();
      return;
    }
    const main = page && page.querySelector("main");
    if (request.status >= 500 || !main) {
      trouble();
      return;
    }
    const again = page.querySelector("[data-live]");
    if (!again) {
      // It may not be seen any more, or it is another page now: what stands here is no longer true.
      ended = true;
      rest();
    }
    address = again ? again.dataset.live : undefined;
    const changed = put(main);
    if (failed || changed) {
      say(`This page was brought up to date at ${clock()}.`);
    }
    failed = false;
    follow();
  };
  request.onerror = trouble;
  request.ontimeout = trouble;
  request.send();
}

function trouble() {
  if (!failed) {
    failed = true;
    say(`No connection since ${clock()}. What stands here may be old. We keep trying.`);
  }
  look(LATER);
}

function put(main) {
  const old = document.querySelector("main");
  const focus = document.activeElement;
  const before = old.textContent;
  const top = anchor(old);
  merge(old, main);
  if (top && top.node.isConnected) {
    window.scrollBy(0, top.node.getBoundingClientRect().top - top.at);
  }
  if (focus && focus !== document.body && !focus.isConnected) {
    // What had the focus is gone: a keyboard goes on from here.
    news.tabIndex = -1;
    news.focus({ preventScroll: true });
  }
  return before !== old.textContent;
}

// What the reader looks at, so that it stays where it is on the screen.
function anchor(main) {
  if (window.scrollY === 0) {
    return undefined;
  }
  const lines = [...main.querySelectorAll("li, tr, h2, h3, p, form")];
  const node = lines.find((line) => line.getBoundingClientRect().top >= 0);
  return node && { node, at: node.getBoundingClientRect().top };
}

// Something that is the same thing in both pages: by its id, or by where its first link leads.
function key(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) {
    return node.nodeName;
  }
  const link = node.matches("li, tr") ? node.querySelector("a[href]") : undefined;
  return `${node.nodeName} ${node.id || (link ? link.getAttribute("href") : "")}`;
}

// A form in which somebody has typed, or is: it is theirs until they send it.
function theirs(form) {
  if (form.contains(document.activeElement)) {
    return true;
  }
  return [...form.elements].some((field) => {
    if (field.type === "checkbox" || field.type === "radio") {
      return field.checked !== field.defaultChecked;
    }
    if (field.tagName === "SELECT") {
      const first = [...field.options].some((option) => option.defaultSelected);
      return [...field.options].some((option, at) => option.selected !== (first ? option.defaultSelected : at === 0));
    }
    return field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue;
  });
}

function merge(old, fresh) {
  if (old.nodeName === "FORM" && theirs(old)) {
    return;
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value && !(old.nodeName === "DETAILS" && name === "open")) {
      old.setAttribute(name, value);
    }
  }
  for (const { name } of [...old.attributes]) {
    // What the design system has written on an element, and what the reader has opened, is not the page's to take away.
    const kept = name.startsWith("data-nhsuk") || (old.nodeName === "DETAILS" && name === "open") || name === "tabindex";
    if (!fresh.hasAttribute(name) && !kept) {
      old.removeAttribute(name);
    }
  }
  let next = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const name = key(wanted);
    let found = next;
    while (found && key(found) !== name) {
      found = found.nextSibling;
    }
    if (!found) {
      old.insertBefore(document.importNode(wanted, true), next);
      continue;
    }
    if (found === next) {
      next = next.nextSibling;
    } else {
      old.insertBefore(found, next);
    }
    if (found.nodeType === Node.ELEMENT_NODE) {
      merge(found, wanted);
    } else if (found.nodeValue !== wanted.nodeValue) {
      found.nodeValue = wanted.nodeValue;
    }
  }
  while (next) {
    const gone = next;
    next = next.nextSibling;
    if (!(gone.nodeType === Node.ELEMENT_NODE && gone.nodeName === "FORM" && theirs(gone))) {
      gone.remove();
    }
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    rest();
  } else {
    follow();
    if (failed) {
      look();
    }
  }
});
window.addEventListener("pagehide", rest);
window.addEventListener("pageshow", (event) => event.persisted && follow());
window.addEventListener("offline", trouble);
window.addEventListener("online", () => failed && look());

follow();
