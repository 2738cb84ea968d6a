import { expect, test } from "vitest";
import { graphql } from "../generated/gql.ts";
import { startApp } from "../support/app.ts";
import { execute } from "../support/client.ts";

const Create = graphql(`
  mutation SmokeCreate($input: CreateProjectInput!) {
    createProject(input: $input) {
      __typename
      ... on CreateProjectSuccess {
        project {
          id
          stage
          stages {
            stage
          }
        }
        events {
          type
          sequence
        }
      }
    }
  }
`);

test("creates a project in the pre-stage with five stages", async () => {
  const { url } = await startApp();
  const { createProject } = await execute(url, Create, { input: { name: "Ledger" } });
  expect(createProject).toMatchObject({
    __typename: "CreateProjectSuccess",
    project: { stage: "PRE_STAGE" },
    events: [{ type: "project_created", sequence: 1 }],
  });
});
