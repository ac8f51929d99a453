// Run every audit of graphql-http against an address; print what each found, as JSON.
import { serverAudits } from "graphql-http";

const audits = serverAudits({ url: process.argv[2], fetchFn: fetch });
const found = [];
for (const audit of audits) {
  const { status, reason } = await audit.fn();
  found.push({ name: audit.name, status, reason: reason ?? null });
}
console.log(JSON.stringify(found));
