/* A worker that hashes one file: gets a File, says {done} (bytes) now and then, {sha256} at the end, or {problem}. */

import { Sha256 } from "./sha256.js";

const EVERY = 8 * 1024 * 1024;

self.addEventListener("message", async ({ data: file }) => {
  try {
    const hash = new Sha256();
    const reader = file.stream().getReader();
    let done = 0;
    let said = 0;
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      hash.update(piece.value);
      done += piece.value.length;
      if (done - said >= EVERY) {
        said = done;
        self.postMessage({ done });
      }
    }
    self.postMessage({ sha256: hash.hex() });
  } catch {
    self.postMessage({ problem: "这个文件读不出来（可能已被移动或改动），请重新选择。" });
  }
});
