/* Native dialogs: opened by data-dialog-open="id", closed by data-dialog-close, Escape or the backdrop. */

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialogOpen);
      if (dialog?.showModal) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    if (event.target.closest("[data-dialog-close]")) {
      event.target.closest("dialog").close();
    } else if (event.target instanceof HTMLDialogElement && !event.target.hasAttribute("data-dialog-firm")) {
      event.target.close();
    }
  });
}
