import { post } from "./api.js";

const banner = document.getElementById("banner");

document.getElementById("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(event.target));
  const { ok, body } = await post("/sign-in", given);
  if (ok) {
    location.assign("/");
    return;
  }
  banner.textContent = body.error;
  banner.hidden = false;
});
