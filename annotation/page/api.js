// What the pages ask the server for. Every answer is {ok, status, body}; a server that is gone is an answer, too.

async function ask(address, options) {
  try {
    const answer = await fetch(address, { ...options, credentials: "same-origin" });
    return { ok: answer.ok, status: answer.status, body: await answer.json() };
  } catch {
    return { ok: false, status: 0, body: { error: "the server does not answer; is panjue review still running?" } };
  }
}

export function get(address) {
  return ask(address);
}

export function post(address, value) {
  return ask(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(value),
  });
}

export function documentAddress(docId) {
  return "/api/documents/" + docId.split("/").map(encodeURIComponent).join("/");
}
