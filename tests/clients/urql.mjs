// urql: its cache, pages, a mutation and an error.
import { Client, cacheExchange, fetchExchange, gql } from "@urql/core";
import * as asked from "./asked.mjs";

const urql = new Client({
  url: asked.url,
  preferGetMethod: "within-url-limit",
  exchanges: [cacheExchange, fetchExchange],
  fetchOptions: { headers: asked.headers },
  fetch: asked.watchedFetch,
});

const first = await urql.query(gql(asked.PAGE), asked.firstPage);
const { endCursor } = first.data.account.members.pageInfo;
const next = await urql.query(gql(asked.PAGE), { ...asked.firstPage, after: endCursor });
const changed = await urql.mutation(gql(asked.SET_NUMBER), asked.number("urql"));
const again = await urql.query(gql(asked.PAGE), asked.firstPage);
const refused = await urql.query(gql(asked.REFUSED), {});

asked.say({
  first: first.data,
  next: next.data.account.members,
  changed: changed.data.updateContract,
  again: again.data.account.contract,
  refused: { data: refused.data, code: refused.error.graphQLErrors[0].extensions.code },
  wire: asked.sent,
});
