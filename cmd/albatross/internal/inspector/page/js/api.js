// Calls the inspector's API. A call that fails throws an Error with words for the developer.

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, method === "GET" ? {} : {
      method, headers: { "Content-Type": "application/json" }, body: body === undefined ? "" : JSON.stringify(body),
    });
  } catch {
    throw new Error("The tool does not answer; is it still running?");
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.detail || problem.title || `The call failed with ${response.status}.`);
  }
  return response;
}

const json = async (...args) => (await call(...args)).json();
const text = async (...args) => (await call(...args)).text();
const query = (reveal) => (reveal ? "?reveal=1" : "");
const named = (name) => `api/functions/${encodeURIComponent(name)}`;

export const record = (id, reveal) => json("GET", `api/requests/${id}${query(reveal)}`);
export const curl = (id, reveal) => text("GET", `api/requests/${id}/curl${query(reveal)}`);
export const event = (id, reveal) => text("GET", `api/requests/${id}/event${query(reveal)}`);
export const replay = (id, edited = {}) => json("POST", `api/requests/${id}/replay`, edited);
export const compare = (id) => json("POST", `api/requests/${id}/compare`, {});
export const send = (request) => json("POST", "api/requests", request);
export const clear = () => call("DELETE", "api/requests");
export const setMode = (name, multi) => call("PUT", `${named(name)}/mode`, { multiValueHeaders: multi });
export const restart = (name) => call("POST", `${named(name)}/restart`, {});
