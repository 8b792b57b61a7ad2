// Runs the colour buttons. The choice is kept in the cookie "theme", so that the server paints the next page rightly at once.
const root = document.documentElement;
const YEAR = 60 * 60 * 24 * 365;

function mark() {
  for (const group of document.querySelectorAll("[data-theme-choice]")) {
    group.hidden = false;
    for (const button of group.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.value === (root.dataset.theme || "system")));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice] button");
  if (!button) return;
  const chosen = button.value !== "system";
  if (chosen) root.dataset.theme = button.value;
  else delete root.dataset.theme;
  document.cookie = `theme=${chosen ? button.value : ""}; path=/; max-age=${chosen ? YEAR : 0}; samesite=lax`;
  mark();
});
mark();
