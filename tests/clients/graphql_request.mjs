// graphql-request: pages, a mutation and an error.
import { ClientError, GraphQLClient } from "graphql-request";
import * as asked from "./asked.mjs";

const client = new GraphQLClient(asked.url, { headers: asked.headers });

const first = await client.request(asked.PAGE, asked.firstPage);
const { endCursor } = first.account.members.pageInfo;
const next = await client.request(asked.PAGE, { ...asked.firstPage, after: endCursor });
const changed = await client.request(asked.SET_NUMBER, asked.number("graphql-request"));
const refused = await client.request(asked.REFUSED).catch((error) => error);
if (!(refused instanceof ClientError)) {
  throw new Error("A refused field must be an error of the client's own.");
}

asked.say({
  first,
  next: next.account.members,
  changed: changed.updateContract,
  refused: {
    data: refused.response.data,
    code: refused.response.errors[0].extensions.code,
    status: refused.response.status,
  },
});
