// Listens to the server's events. The browser reconnects by itself, and says where it was.

export function listen({ hello, changes, functions, connected }) {
  const source = new EventSource("api/stream");
  source.addEventListener("hello", (e) => { connected(true); hello(JSON.parse(e.data)); });
  source.addEventListener("changes", (e) => changes(JSON.parse(e.data)));
  source.addEventListener("functions", (e) => functions(JSON.parse(e.data)));
  source.addEventListener("error", () => connected(false));
}
