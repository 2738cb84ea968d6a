import { type GraphQLOutputType, getNamedType, isObjectType } from "graphql";
import { DOCUMENTS } from "../../../src/domain/artifact/documents.ts";
import { schema } from "../../../src/schema/index.ts";

/** All fields of a type that ask for no argument; of what they give the same, down to the leaves. */
function fieldsOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return "";
  const fields = Object.values(named.getFields());
  return `{ ${fields.map((field) => `${field.name} ${fieldsOf(field.type)}`).join(" ")} }`;
}

/** Every section of whichever document it is. */
export const CONTENT = `{ __typename ${Object.values(DOCUMENTS)
  .map(({ typeName }) => {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) throw new Error(`There is no ${typeName}.`);
    return `... on ${typeName} ${fieldsOf(type)}`;
  })
  .join(" ")} }`;

/** How a document differs from its previous version. */
export const CHANGES =
  "{ section title kind before after items { kind label fields beforeIndex afterIndex before after } }";

/** Everything that can be read of a document. */
export const FULL_ARTIFACT = `{
  __typename id type title versionNumber schemaVersion hasUserEdits editedSections generationStatus model generatedAt
  createdAt updatedAt json
  failure { reason message }
  content ${CONTENT}
  previousContent ${CONTENT}
  changes ${CHANGES}
  lockedSections { section requiredTier }
  staleSections { section causes { type section usedVersion currentVersion } }
  annotations { id section note createdAt }
  readable: markdown
  technical: markdown(variant: TECHNICAL)
}`;

/** Everything that an event tells, but for its document. */
export const FULL_EVENT = `__typename id sequence subject type actor reason detail correlationId hash
  ... on ArtifactEvent { artifactType version }`;
