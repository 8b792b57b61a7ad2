// form[data-autosubmit] is sent soon after a choice changes; its [data-autosubmit-button] is then not needed and hidden.
const pending = new WeakMap();

const hideButtons = (root) => {
  for (const button of root.querySelectorAll("form[data-autosubmit] [data-autosubmit-button]")) button.hidden = true;
};

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-autosubmit]")) return;
  clearTimeout(pending.get(form));
  pending.set(form, setTimeout(() => form.requestSubmit(), 250));
});

hideButtons(document);
document.addEventListener("htmx:after:swap", () => hideButtons(document));
