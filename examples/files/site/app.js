// Each check returns what it found, or throws. The page shows either, and the title says how it went as a whole.
"use strict";

const checks = {
  async script() {
    return "runs";
  },

  async font() {
    const faces = await document.fonts.load('40px "Albatross Pixel"', "A");
    return want(faces.length === 1 && faces[0].status === "loaded", "Albatross Pixel");
  },

  async range() {
    const res = await fetch("/clip.webm", { headers: { Range: "bytes=1000-1999" } });
    const body = await res.arrayBuffer();
    return want(res.status === 206 && body.byteLength === 1000, `${res.status}, ${res.headers.get("Content-Range")}`);
  },

  async video() {
    const video = document.getElementById("clip");
    video.load();
    await event(video, "loadedmetadata");
    video.currentTime = 9;
    await event(video, "seeked");
    return want(video.currentTime === 9, `at second ${video.currentTime} of ${Math.round(video.duration)}`);
  },

  async compression() {
    const res = await fetch("/app.js", { cache: "reload" });
    return want(res.headers.get("Content-Encoding"), res.headers.get("Content-Encoding"));
  },

  async revalidation() {
    const tag = (await fetch("/style.css", { cache: "reload" })).headers.get("ETag");
    const res = await fetch("/style.css", { cache: "no-store", headers: { "If-None-Match": tag } });
    return want(res.status === 304, `${res.status} for ${tag}`);
  },

  async cookies() {
    const before = cookies();
    await fetch("/");
    const after = cookies();
    return want(after.visits === String(Number(before.visits) + 1) && after.since, `visits ${before.visits}, then ${after.visits}; since ${after.since}`);
  },
};

function want(ok, found) {
  if (!ok) throw new Error(found);
  return found;
}

function event(target, name) {
  return new Promise((resolve, reject) => {
    target.addEventListener(name, resolve, { once: true });
    target.addEventListener("error", () => reject(target.error), { once: true });
  });
}

function cookies() {
  return Object.fromEntries(document.cookie.split("; ").map((pair) => pair.split("=")));
}

async function run() {
  let failed = 0;
  for (const [name, check] of Object.entries(checks)) {
    const item = document.createElement("li");
    try {
      item.textContent = `${name}: ${await check()}`;
      item.className = "ok";
    } catch (err) {
      item.textContent = `${name}: ${err.message}`;
      item.className = "failed";
      failed++;
    }
    document.getElementById("checks").append(item);
  }
  document.title = failed === 0 ? "All checks passed" : `${failed} checks failed`;
}

run();
