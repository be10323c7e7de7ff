/* On a phone the filters are folded, but for those that narrow the queue down now. */

if (matchMedia("(max-width: 48rem)").matches) {
  document.querySelectorAll("#changelist-filter details").forEach((filter) => {
    filter.open = filter.querySelector("li.selected:not(:first-child)") !== null;
  });
}
