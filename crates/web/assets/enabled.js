// First in the body, so that the page is laid out once: says that scripts run. Without it every page still works.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("nhsuk-frontend-supported");
}
