/* A page that waits for something that a job makes: it looks again by itself.

   <div data-pending="/address/">   GET as JSON says {"ready": true} when it is there */

async function look(place) {
  try {
    const response = await fetch(place.dataset.pending, { headers: { Accept: "application/json" } });
    if (response.ok && (await response.json()).ready) {
      location.reload();
      return;
    }
  } catch {
    // The network is away: look again.
  }
  setTimeout(() => look(place), 2000);
}

export function startPending() {
  document.querySelectorAll("[data-pending]").forEach((place) => setTimeout(() => look(place), 1500));
}
