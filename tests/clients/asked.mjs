// What the tests ask: where, as whom, about which rows; and the documents that every client sends.
import { readFileSync } from "node:fs";

export const [url, token, account, contract] = process.argv.slice(2);
export const headers = { authorization: `Bearer ${token}` };
export const PAGE = readFileSync("contract_page.graphql", "utf8");
export const SET_NUMBER = readFileSync("set_number.graphql", "utf8");
export const REFUSED = "{ viewer { role } staff { totalCount } }";
export const firstPage = { account, first: 3 };
export const number = (purchaseOrderNumber) => ({ input: { id: contract, purchaseOrderNumber } });

// What went over the wire, for clients that take a fetch.
export const sent = [];
export async function watchedFetch(address, options) {
  const { method, body } = options;
  const answer = await fetch(address, options);
  const { searchParams } = new URL(address);
  sent.push({
    method,
    status: answer.status,
    hasText: body ? "query" in JSON.parse(body) : searchParams.has("query"),
  });
  return answer;
}

export function say(found) {
  console.log(JSON.stringify(found));
}
