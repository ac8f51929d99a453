"use strict";

// The token lives as long as the tab: closing it logs out of the page.
const KEY = "portal.session";
const element = (id) => document.getElementById(id);
const root = ReactDOM.createRoot(element("graphiql"));

let session = JSON.parse(sessionStorage.getItem(KEY));
let examples = [];
let chosen = 0;

const authorization = () => (session ? { authorization: `Bearer ${session.token}` } : {});

async function fetcher(parameters, options) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: {
      ...options?.headers,
      accept: "application/graphql-response+json, application/json;q=0.9",
      "content-type": "application/json",
      ...authorization(),
    },
    body: JSON.stringify(parameters),
  });
  if (response.status === 401) {
    setSession(null);
  }
  return response.json();
}

function setSession(value) {
  session = value;
  if (session) {
    sessionStorage.setItem(KEY, JSON.stringify(session));
  } else {
    sessionStorage.removeItem(KEY);
  }
  element("login").hidden = Boolean(session);
  element("logout").hidden = !session;
  say(session ? `${session.name} (${session.role})` : "Nobody is logged in.");
}

function say(text) {
  element("viewer").textContent = text;
}

// GraphiQL would keep what was typed, headers too, beyond the tab.
function forgetful() {
  const kept = new Map();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    getItem: (name) => kept.get(name) ?? null,
    removeItem: (name) => kept.delete(name),
    setItem: (name, value) => kept.set(name, value),
  };
}

const storage = forgetful();

// Each leaf of the answer to the operation OwnIds is the value of the variable of its name.
function collect(answer, values) {
  for (const [name, value] of Object.entries(answer ?? {})) {
    if (value !== null && typeof value === "object") {
      collect(value, values);
    } else if (value !== null && !(name in values)) {
      values[name] = value;
    }
  }
  return values;
}

async function ownIds(query) {
  if (!query.includes("query OwnIds")) {
    return undefined;
  }
  const answer = await fetcher({ query, operationName: "OwnIds" });
  return JSON.stringify(collect(answer.data, {}), null, 2);
}

async function show() {
  const query = examples[chosen]?.document ?? "";
  const variables = await ownIds(query);
  // Each role has a schema of its own, which GraphiQL asks for once: when it is made.
  const key = session?.role;
  root.render(React.createElement(GraphiQL, { key, fetcher, query, variables, storage }));
}

async function logIn(event) {
  event.preventDefault();
  const form = new FormData(event.target);
  const response = await fetch("/login", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      email: form.get("email"),
      password: form.get("password"),
      as: form.get("as") || null,
    }),
  });
  const answer = await response.json();
  if (!response.ok) {
    say(answer.errors[0].message);
    return;
  }
  event.target.reset();
  setSession(answer);
  choose(examples.findIndex((example) => example.role === answer.role.toLowerCase()));
}

async function logOut() {
  await fetch("/logout", { method: "POST", headers: authorization() });
  setSession(null);
  choose(0);
}

function choose(index) {
  chosen = Math.max(index, 0);
  element("examples").selectedIndex = chosen;
  show();
}

async function start() {
  setSession(session);
  examples = await (await fetch("/graphiql/examples.json")).json();
  element("examples").append(...examples.map((example) => new Option(example.role)));
  element("login").addEventListener("submit", logIn);
  element("logout").addEventListener("click", logOut);
  element("examples").addEventListener("change", (event) => choose(event.target.selectedIndex));
  choose(examples.findIndex((example) => example.role === (session?.role ?? "").toLowerCase()));
}

start();
