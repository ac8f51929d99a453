// What an application in TypeScript would hold: the types of what it asks are those of the schema.
import { graphql } from "./client";
import { useFragment, type FragmentType } from "./client/fragment-masking";
import type { ContractPageQuery, MemberRole, SetNumberMutation } from "./client/graphql";
import type { Contract, Mutation, Scalars, UpdateContractInput } from "./types";

export const Page = graphql(/* GraphQL */ `
  query ContractPage($account: ID!) {
    viewer {
      role
    }
    account(id: $account) {
      ...ContractOfAccount
      members(first: 3) {
        edges {
          node {
            role
          }
        }
      }
    }
  }
`);

export const ContractOfAccount = graphql(/* GraphQL */ `
  fragment ContractOfAccount on Account {
    contract {
      version
      purchaseOrderNumber
      concludedOn
    }
  }
`);

export const SetNumber = graphql(/* GraphQL */ `
  mutation SetNumber($input: UpdateContractInput!) {
    updateContract(input: $input) {
      __typename
      ... on Contract {
        version
      }
      ... on Refusal {
        problems {
          code
        }
      }
    }
  }
`);

export function rolesOf(page: ContractPageQuery): MemberRole[] {
  const edges = page.account?.members?.edges ?? [];
  return edges.flatMap(({ node }) => (node.role ? [node.role] : []));
}

export function numberOf(account: FragmentType<typeof ContractOfAccount>): string | null {
  return useFragment(ContractOfAccount, account).contract?.purchaseOrderNumber ?? null;
}

export function versionOf({ updateContract }: SetNumberMutation): number | null {
  switch (updateContract.__typename) {
    case "Contract":
      return updateContract.version ?? null;
    case "Refusal":
      throw new Error(updateContract.problems.map(({ code }) => code).join());
  }
}

// @ts-expect-error: a contract cannot be named without saying which.
export const incomplete: UpdateContractInput = { purchaseOrderNumber: "1" };
export const empty: UpdateContractInput = { id: "1", iban: null };
export const price: Scalars["Decimal"]["output"] = "249.95";
export type Answered = Contract["version"] | Mutation["updateContract"]["__typename"];
