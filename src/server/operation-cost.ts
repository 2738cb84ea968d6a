import { complexityFromQuery } from "@pothos/plugin-complexity";
import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from "graphql";
import { measureOperation } from "./check-document.ts";
import { introspectionCost } from "./introspection-cost.ts";
import { LIMITS, limitError } from "./limits.ts";

/** What an operation costs, and what it may: `extensions.cost` of an answer. */
export interface OperationCost {
  /**
   * By the schema's weights: a list counts its items as often as its page is large. `__schema` and `__type` count every field
   * of their answer.
   */
  readonly complexity: number;
  readonly maxComplexity: number;
  /** How deep its fields nest. */
  readonly depth: number;
  readonly maxDepth: number;
  /** How many fields it selects, fragments spread. */
  readonly breadth: number;
  readonly maxBreadth: number;
}

/** Complexity that one unit of the rate limit pays for. Nearly every operation that people and agents send costs less. */
const COMPLEXITY_PER_UNIT = 1_000;

/** How many units of the rate limit an operation of that complexity takes: one for each 1,000 that it begins. */
export function unitsOf(complexity: number): number {
  return Math.max(1, Math.ceil(complexity / COMPLEXITY_PER_UNIT));
}

/** Variables that are wrong are told, but not without end. */
const MAX_VARIABLE_ERRORS = 50;

export interface CostedOperation {
  readonly schema: GraphQLSchema;
  /** Parsed and valid. */
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  /** As the client sent them. */
  readonly variableValues?: Record<string, unknown> | null | undefined;
}

/**
 * What an operation costs with its variables. Known before it is executed.
 *
 * @returns null when there is no such operation
 * @throws GraphQLError when it costs more than is allowed, AggregateError of them when its variables are wrong
 */
export function costOf(operation: CostedOperation): OperationCost | null {
  const { schema, document, operationName, variableValues } = operation;
  const definition = getOperationAST(document, operationName);
  if (!definition) return null;
  const variables = variableValues ?? {};
  const weighed = weigh(schema, alone(definition, document), variables);
  const introspected = introspectionCost(schema, document, definition, variables, LIMITS.complexity);
  const complexity = weighed.complexity + introspected;
  // The plugin does not look below `__schema` and `__type`.
  const { depth, breadth } = introspected > 0 ? measureOperation(document, definition) : weighed;
  const cost = {
    complexity,
    maxComplexity: LIMITS.complexity,
    depth,
    maxDepth: LIMITS.depth,
    breadth,
    maxBreadth: LIMITS.breadth,
  };
  if (complexity > LIMITS.complexity) {
    const isCounted = introspected <= LIMITS.complexity;
    throw limitError("complexity", isCounted ? complexity : null, { cost });
  }
  return cost;
}

function weigh(schema: GraphQLSchema, document: DocumentNode, variables: Record<string, unknown>) {
  try {
    return complexityFromQuery(document, { schema, variables });
  } catch (error) {
    // It gives up at the first variable that is wrong; a client is better told all of them.
    const [definition] = document.definitions as [OperationDefinitionNode];
    const given = definition.variableDefinitions ?? [];
    const { errors } = getVariableValues(schema, given, variables, { maxErrors: MAX_VARIABLE_ERRORS });
    throw errors ? new AggregateError(errors) : error;
  }
}

/** The document with this operation only: the first is the one that is weighed. */
function alone(definition: OperationDefinitionNode, document: DocumentNode): DocumentNode {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return { kind: Kind.DOCUMENT, definitions: [definition, ...fragments] };
}
