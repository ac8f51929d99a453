// The rules of graphql-eslint for Relay, on the schema in the working folder.
import graphql from "@graphql-eslint/eslint-plugin";
import { ESLint } from "eslint";

const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: {
    files: ["**/*.graphql"],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: "./schema.graphql" } },
    },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...graphql.configs["schema-relay"].rules,
      "@graphql-eslint/relay-edge-types": [
        "error",
        { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: false },
      ],
    },
  },
});
const [{ messages }] = await eslint.lintFiles(["schema.graphql"]);
console.log(JSON.stringify(messages.map(({ ruleId, message }) => ({ ruleId, message }))));
