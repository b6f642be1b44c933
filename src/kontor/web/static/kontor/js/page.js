"use strict";
/* What every page does better with a script. Nothing here is needed: each part says what happens without it. */

(() => {
  /* Menus are details elements; close one when the reader turns to something else. */
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open], details.more[open]")) {
      if (menu !== except && !menu.contains(except)) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest?.("details.menu[open], details.more[open]");
    closeMenus(null);
    open?.querySelector("summary").focus();
  });

  /* <a href="#menu" data-menu="menu">: without a script the link shows its target (the navigation, the filters of a
     list) on a narrow screen; with one it is a button that opens and shuts it. */
  const enhanceMenuLink = (link) => {
    const nav = document.getElementById(link.dataset.menu);
    if (!nav) return;
    link.setAttribute("role", "button");
    link.setAttribute("aria-expanded", "false");
    link.setAttribute("aria-controls", nav.id);
    nav.dataset.enhanced = "";
    const set = (open) => {
      nav.toggleAttribute("data-open", open);
      link.setAttribute("aria-expanded", String(open));
    };
    link.addEventListener("click", (event) => {
      event.preventDefault();
      set(!nav.hasAttribute("data-open"));
    });
    link.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault();
        link.click();
      }
    });
    nav.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && nav.hasAttribute("data-open")) {
        set(false);
        link.focus();
      }
    });
  };

  /* A list's address changes while one types; who then chooses a language or a theme comes back to that address. */
  document.addEventListener("submit", (event) => {
    const next = event.target.closest(".topbar") && event.target.querySelector('input[name="next"]');
    if (next) next.value = location.pathname + location.search;
  });

  /* Toasts stay until they are read; the close button exists only where it works. */
  const showCloseButtons = (root) => {
    for (const button of root.querySelectorAll("[data-close]")) button.hidden = false;
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-close]");
    if (button) button.parentElement.remove();
  });

  /* A link that leads to a page asking "are you sure?" opens the same question as a dialog. */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (!dialog?.showModal) return;
    event.preventDefault();
    dialog.showModal();
  });

  const say = (text) => {
    const toast = document.createElement("div");
    toast.className = "toast";
    const words = document.createElement("span");
    words.className = "toast-text";
    words.textContent = text;
    toast.append(words);
    document.getElementById("toasts")?.replaceChildren(toast);
  };

  /* Copy an address: the button is hidden where it cannot work. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
    say(button.dataset.copied);
  });

  /* Errors: the summary takes the focus when the page comes back with problems. */
  const focusSummary = () => document.querySelector("[data-focus]")?.focus();

  const enhance = (root) => {
    showCloseButtons(root);
    for (const button of root.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-menu]").forEach(enhanceMenuLink);
    enhance(document);
    focusSummary();
  });
  document.addEventListener("htmx:afterSwap", (event) => enhance(event.target));
})();
