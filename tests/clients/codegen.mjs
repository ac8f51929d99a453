// graphql-codegen: types of the whole schema, and a client for the documents of page.ts.
import { generate } from "@graphql-codegen/cli";

await generate(
  {
    silent: true,
    schema: "./schema.graphql",
    config: {
      strictScalars: true,
      scalars: { Date: "string", DateTime: "string", Decimal: "string", JSON: "unknown" },
    },
    generates: {
      "./types.ts": { plugins: ["typescript"] },
      "./client/": {
        documents: ["./page.ts"],
        preset: "client",
        presetConfig: { persistedDocuments: true },
      },
    },
  },
  true,
);
