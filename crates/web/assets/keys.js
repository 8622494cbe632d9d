// Keys for whoever judges many pairs. They are off until switched on, for the time of this tab, because a letter that acts by itself
// is in the way of those who speak to their computer or reach it by a screen reader. No key decides alone: it leads to what is still
// to be said, and what is sent is sent by a second key. Without this script there are the buttons and the link.

const box = document.querySelector("[data-keys]");
const on = box.querySelector("input");
const status = box.querySelector("[role=status]");
const note = document.querySelector("textarea[name=note]");
const next = document.querySelector("a[rel=next]");

const KEPT = "weft-keys";
const VERDICTS = { j: "same", n: "not-same", u: "not-sure" };

let chosen;

function say(words) {
  if (status.textContent !== words) {
    status.textContent = words;
  }
}

function choose(verdict) {
  const button = document.querySelector(`button[name=verdict][value=${verdict}]`);
  if (!button) {
    return;
  }
  chosen = button;
  const what = button.textContent.trim();
  if (note && note.value.trim() === "") {
    note.focus();
    say(`${what}: say how you know, then press Ctrl and Enter.`);
  } else {
    button.focus();
    say(`${what}: press Enter to send it.`);
  }
}

function pressed(event) {
  if (!on.checked || event.repeat || event.isComposing || event.altKey) {
    return;
  }
  const held = event.ctrlKey || event.metaKey;
  if (event.target === note) {
    if (held && event.key === "Enter" && chosen) {
      event.preventDefault();
      chosen.click();
    }
    return;
  }
  if (held || event.target.matches("textarea, select, input:not([type=checkbox])")) {
    return;
  }
  const key = event.key.toLowerCase();
  if (key in VERDICTS) {
    event.preventDefault();
    choose(VERDICTS[key]);
  } else if (key === "x" && next) {
    event.preventDefault();
    next.click();
  }
}

on.checked = sessionStorage.getItem(KEPT) === "on";
on.addEventListener("change", () => sessionStorage.setItem(KEPT, on.checked ? "on" : "off"));
document.addEventListener("keydown", pressed);
box.hidden = false;
