// Relay: what its compiler made, its store, pages that are joined, and documents sent by id alone.
import { createRequire } from "node:module";
import Relay from "relay-runtime";
import * as asked from "./asked.mjs";

const [artifacts] = process.argv.slice(6);
const required = createRequire(`${artifacts}/`);
const artifact = (name) => required(`./${name}.graphql.js`);

async function send({ id, name }, variables) {
  const answer = await asked.watchedFetch(asked.url, {
    method: "POST",
    headers: { ...asked.headers, "content-type": "application/json" },
    body: JSON.stringify({ documentId: id, operationName: name, variables }),
  });
  return answer.json();
}

const environment = new Relay.Environment({
  network: Relay.Network.create(send),
  store: new Relay.Store(new Relay.RecordSource()),
});

const query = artifact("accountPageQuery");
const variables = { account: asked.account };
const first = await Relay.fetchQuery(environment, query, variables).toPromise();
const operation = Relay.createOperationDescriptor(Relay.getRequest(query), variables);
environment.retain(operation);

function lookUp(fragment, reference) {
  return environment.lookup(Relay.getSingularSelector(Relay.getFragment(artifact(fragment)), reference)).data;
}
const members = () => lookUp("accountMembers", first.account).members;
const contract = () => lookUp("accountContract", first.account.contract);

const before = contract();
const { endCursor } = members().pageInfo;
const membersQuery = Relay.getRequest(artifact("accountMembersQuery"));
const more = Relay.createOperationDescriptor(membersQuery, {
  id: first.account.id,
  first: 3,
  after: endCursor,
});
environment.retain(more);
await Relay.fetchQuery(environment, more.request.node, more.request.variables).toPromise();

const changed = await new Promise((resolve, reject) => {
  Relay.commitMutation(environment, {
    mutation: artifact("accountSetNumberMutation"),
    variables: asked.number("relay"),
    onCompleted: (data, errors) => (errors ? reject(errors) : resolve(data)),
    onError: reject,
  });
});

asked.say({
  role: first.viewer.role,
  before,
  after: contract(),
  members: members(),
  changed: changed.updateContract.__typename,
  wire: asked.sent,
});
