import type { CodegenConfig } from "@graphql-codegen/cli";

/** Typed documents for the operations that the API tests and the benchmarks send. */
const config: CodegenConfig = {
  schema: "schema.graphql",
  documents: ["tests/api/**/*.ts", "tests/support/**/*.ts", "bench/*.ts", "bench/support/**/*.ts"],
  ignoreNoDocuments: true,
  errorsOnly: true,
  generates: {
    "tests/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: "string",
        enumsAsTypes: true,
        useTypeImports: true,
        scalars: { DateTime: "string", JSON: "unknown", ID: "string" },
        importExtension: ".ts",
        emitLegacyCommonJSImports: false,
        strictScalars: true,
      },
    },
  },
};

export default config;
