// What a Relay application of the portal would hold: an operation, a page that can be fetched
// again, a mutation.
import { graphql } from "relay-runtime";

export const page = graphql`
  query accountPageQuery($account: ID!) {
    viewer {
      role
    }
    account(id: $account) {
      id
      contract {
        ...accountContract
      }
      ...accountMembers
    }
  }
`;

export const contract = graphql`
  fragment accountContract on Contract {
    id
    version
    purchaseOrderNumber
  }
`;

export const members = graphql`
  fragment accountMembers on Account
  @argumentDefinitions(first: { type: "Int", defaultValue: 3 }, after: { type: "String" })
  @refetchable(queryName: "accountMembersQuery") {
    members(first: $first, after: $after) @connection(key: "account_members") {
      totalCount
      edges {
        node {
          id
          role
        }
      }
    }
  }
`;

export const setNumber = graphql`
  mutation accountSetNumberMutation($input: UpdateContractInput!) {
    updateContract(input: $input) {
      __typename
      ... on Contract {
        ...accountContract @alias(as: "contract")
      }
      ... on Refusal {
        problems {
          code
        }
      }
    }
  }
`;
