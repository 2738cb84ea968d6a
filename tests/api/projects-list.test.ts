import { beforeAll, describe, expect, test } from "vitest";
import { useApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { ArchiveProject, ParkProject } from "./support/commands.ts";
import { Founder } from "./support/founder.ts";

const app = useApp();
const founder = new Founder(app);

const LIST = `query List($first: Int, $after: String, $last: Int, $before: String,
                         $status: ProjectStatus, $stage: Stage, $includeArchived: Boolean) {
  projects(first: $first, after: $after, last: $last, before: $before,
           status: $status, stage: $stage, includeArchived: $includeArchived) {
    totalCount
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface Listed {
  readonly totalCount: number;
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

async function list(variables: object): Promise<Listed> {
  const { data, errors } = await send<{ projects: Listed }, object>(app.url, LIST, variables);
  if (errors || !data) throw new Error(JSON.stringify(errors));
  return data.projects;
}

const idsOf = ({ edges }: Listed) => edges.map(({ node }) => node.id);

/** Newest first: what is true of each. */
const projects: { id: string; parked: boolean; archived: boolean; stage: string }[] = [];

beforeAll(async () => {
  await founder.enlargePlan();
  for (let count = 0; count < 12; count += 1) {
    const stage = count % 3 === 0 ? "THESIS_DEFINED" : "PRE_STAGE";
    const id = stage === "PRE_STAGE" ? await founder.project() : await founder.projectIn("THESIS_DEFINED");
    const [parked, archived] = [count % 4 === 1, count % 2 === 0 && count > 3];
    if (parked) await founder.succeed(ParkProject, { projectId: id });
    if (archived) await founder.succeed(ArchiveProject, { projectId: id });
    projects.unshift({ id, parked, archived, stage });
  }
});

const FILTERS: { filter: object; fits: (project: (typeof projects)[number]) => boolean }[] = [
  { filter: {}, fits: ({ archived }) => !archived },
  { filter: { includeArchived: true }, fits: () => true },
  { filter: { status: "PARKED" }, fits: ({ parked, archived }) => parked && !archived },
  { filter: { stage: "PRE_STAGE" }, fits: ({ stage, archived }) => stage === "PRE_STAGE" && !archived },
  {
    filter: { stage: "THESIS_DEFINED", status: "ACTIVE", includeArchived: true },
    fits: ({ stage, parked }) => stage === "THESIS_DEFINED" && !parked,
  },
];

describe.each(FILTERS)("the list of projects with $filter", ({ filter, fits }) => {
  const wanted = () => projects.filter(fits).map(({ id }) => id);

  test("has those that fit, the newest first, and counts them", async () => {
    const all = await list({ first: 100, ...filter });
    expect(wanted().length).toBeGreaterThan(1);
    expect(idsOf(all)).toEqual(wanted());
    expect(all.totalCount).toBe(wanted().length);
  });

  test("is the same page by page, from either end", async () => {
    for (const [size, cursor, from] of [
      ["first", "after", "endCursor"],
      ["last", "before", "startCursor"],
    ] as const) {
      const pages: string[][] = [];
      let place: string | null = null;
      do {
        const page: Listed = await list({ [size]: 2, [cursor]: place, ...filter });
        pages.push(idsOf(page));
        const { hasNextPage, hasPreviousPage } = page.pageInfo;
        expect(size === "first" ? hasPreviousPage : hasNextPage).toBe(pages.length > 1);
        const goesOn = size === "first" ? hasNextPage : hasPreviousPage;
        expect(page.totalCount).toBe(wanted().length);
        place = goesOn ? page.pageInfo[from] : null;
      } while (place !== null);
      expect((size === "first" ? pages : pages.reverse()).flat()).toEqual(wanted());
    }
  });
});

test("a page goes on after a project that has been archived since", async () => {
  const newest = await founder.project();
  const { edges } = await list({ first: 1 });
  expect(edges[0]?.node.id).toBe(newest);
  await founder.succeed(ArchiveProject, { projectId: newest });
  const next = await list({ first: 1, after: edges[0]?.cursor });
  const unarchived = projects.filter(({ archived }) => !archived);
  expect(idsOf(next)).toEqual([unarchived[0]?.id]);
  expect(next.pageInfo.hasPreviousPage).toBe(false);
  expect(next.totalCount).toBe(unarchived.length);
});
