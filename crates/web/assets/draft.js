// Keeps what is typed into a form as a draft on the server, a moment after each pause, and says so. Nothing is kept in the browser:
// whoever sits down next finds nothing. Without this script there is the button that keeps a draft.

const form = document.querySelector("form[data-draft]");
const status = form.querySelector("[role=status]");

// A pause in the typing after which it is kept.
const PAUSE = 1200;
// How soon it is tried again when there is no connection.
const AGAIN = 3000;

const address = form.dataset.draft;
let kept = written();
let timer;
let busy = false;
let lost = false;
let leaving = false;

function written() {
  return new URLSearchParams(new FormData(form)).toString();
}

function clock() {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
}

function say(words) {
  if (status.textContent !== words) {
    status.textContent = words;
  }
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(keep, wait);
}

async function keep() {
  const typed = written();
  if (typed === kept || leaving) {
    return;
  }
  if (busy) {
    later(PAUSE);
    return;
  }
  busy = true;
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: typed,
      redirect: "error",
      // What is on its way when the page is left still arrives; a browser takes no more than 64 KB like that.
      keepalive: typed.length < 60000,
    });
    const told = (answer.headers.get("content-type") || "").startsWith("application/json") ? await answer.json() : {};
    if (answer.ok) {
      kept = typed;
      lost = false;
      say(`Draft saved ${told.kept || clock()}`);
      // Loaded again, the page is the draft.
      if (location.pathname !== address) {
        history.replaceState(history.state, "", address);
      }
    } else if (answer.status >= 500) {
      failed("Not saved: the service does not answer. We keep trying.");
    } else {
      // Trying again as it is would not help: something is wrong with it, or with who sends it.
      lost = false;
      say(told.problem ? `Not saved: ${told.problem}` : "Not saved. Copy what you typed, open the page again and paste it.");
    }
  } catch {
    failed(await signedOut());
  } finally {
    busy = false;
  }
  if (written() !== kept && !lost) {
    later(PAUSE);
  }
}

// A form of a session that has ended is sent elsewhere, which looks like no connection; a page that needs nobody tells them apart.
async function signedOut() {
  try {
    await fetch("/status", { method: "HEAD", cache: "no-store" });
    return "Not saved: you are signed out. Sign in again in another window; we keep trying.";
  } catch {
    return "Not saved: no connection. We keep trying.";
  }
}

function failed(words) {
  lost = true;
  say(words);
  later(AGAIN);
}

form.addEventListener("input", () => later(lost ? AGAIN : PAUSE));
form.addEventListener("change", () => later(lost ? AGAIN : PAUSE));
form.addEventListener("submit", (event) => {
  if (lost || !navigator.onLine) {
    // Sent now, the browser would show an error in place of what was typed.
    event.preventDefault();
    say("Not sent: no connection. What you typed stays here. Press again when this line says that it is saved.");
    lost = true;
    later(AGAIN);
    return;
  }
  leaving = true;
  clearTimeout(timer);
});
window.addEventListener("online", () => later(0));
document.addEventListener("visibilitychange", () => document.hidden && keep());
window.addEventListener("beforeunload", (event) => {
  if (!leaving && written() !== kept) {
    keep();
    if (lost) {
      event.preventDefault();
    }
  }
});
window.addEventListener("pageshow", (event) => {
  // Come back to with the browser's own button: it can be typed into again.
  if (event.persisted) {
    leaving = false;
  }
});
