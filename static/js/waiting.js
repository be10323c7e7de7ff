/* What waits in this browser for other pages of the entry, said on every page of it.

   <div data-waiting="/entry/7/" hidden>   gets a line with a link for each. */

import { formatClock } from "./clock.js";
import { waitingUnder } from "./keep.js";

function item({ url, title, at }) {
  const line = document.createElement("p");
  const link = document.createElement("a");
  link.href = url;
  link.textContent = "打开并恢复";
  const day = new Date(at).toDateString() === new Date().toDateString();
  const when = day ? formatClock(at) : `${new Date(at).getMonth() + 1}月${new Date(at).getDate()}日 ${formatClock(at)}`;
  line.append(`“${title || "申报书"}”有 ${when} 暂存在本机、尚未上传的内容。`, link);
  return line;
}

export function startWaiting() {
  for (const place of document.querySelectorAll("[data-waiting]")) {
    const found = waitingUnder(place.dataset.waiting, location.pathname);
    place.querySelector("[data-waiting-list]").replaceChildren(...found.map(item));
    place.hidden = !found.length;
  }
}
