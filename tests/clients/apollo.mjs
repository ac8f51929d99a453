// Apollo Client: its cache, pages, a mutation, an error, and automatic persisted queries.
import { createHash } from "node:crypto";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { relayStylePagination } from "@apollo/client/utilities";
import { filter, firstValueFrom } from "rxjs";
import * as asked from "./asked.mjs";

const sha256 = async (text) => createHash("sha256").update(text).digest("hex");

function client(useGETForHashedQueries) {
  const http = new HttpLink({
    uri: asked.url,
    headers: asked.headers,
    fetch: asked.watchedFetch,
  });
  return new ApolloClient({
    link: ApolloLink.from([new PersistedQueryLink({ sha256, useGETForHashedQueries }), http]),
    cache: new InMemoryCache({
      typePolicies: { Account: { fields: { members: relayStylePagination() } } },
    }),
  });
}

const apollo = client(false);
const page = apollo.watchQuery({ query: gql(asked.PAGE), variables: asked.firstPage });
const watching = page.subscribe(() => {});
const first = await firstValueFrom(page.pipe(filter(({ loading }) => !loading)));
const { endCursor } = first.data.account.members.pageInfo;
await page.fetchMore({ variables: { after: endCursor } });
const changed = await apollo.mutate({
  mutation: gql(asked.SET_NUMBER),
  variables: asked.number("apollo"),
});
const cached = page.getCurrentResult().data;
const refused = await apollo.query({ query: gql(asked.REFUSED), errorPolicy: "all" });
watching.unsubscribe();
const wire = asked.sent.splice(0);

// Another client of the same server: it has the text already.
await client(true).query({ query: gql(asked.PAGE), variables: asked.firstPage });

asked.say({
  first: first.data,
  changed: changed.data.updateContract,
  cached,
  refused: { data: refused.data, code: refused.error.errors[0].extensions.code },
  wire,
  second: asked.sent,
});
