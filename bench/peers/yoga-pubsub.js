// What a user would build instead: Yoga with its in-memory createPubSub, and graphql-ws over ws, put together as the
// documentation of both shows it. No database, no log, no authorisation, no limits. A command makes the same event as the
// product's would be and publishes it. Prints its port when it listens, tells its parent when it publishes, and ends with it.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { useServer } from "graphql-ws/use/ws";
import { createPubSub, createSchema, createYoga } from "graphql-yoga";
import { WebSocketServer } from "ws";

const pubSub = createPubSub();
let sequence = 0;
let subscriptions = 0;

const schema = createSchema({
  typeDefs: /* GraphQL */ `
    type Query {
      subscriptions: Int!
    }
    type Mutation {
      updateProject(projectId: ID!, description: String!): Event!
    }
    type Subscription {
      stageEvents(projectId: ID!): Event!
    }
    enum Actor {
      FOUNDER
    }
    type Event {
      id: ID!
      sequence: Int!
      type: String!
      actor: Actor!
      createdAt: String!
    }
  `,
  resolvers: {
    Query: { subscriptions: () => subscriptions },
    Mutation: {
      updateProject(_root, { projectId }) {
        sequence += 1;
        const event = {
          // As long as a TypeID.
          id: `event_${randomUUID().replaceAll("-", "").slice(6)}`,
          sequence,
          type: "project_updated",
          actor: "FOUNDER",
          createdAt: new Date().toISOString(),
        };
        process.send({ committedAt: Number(process.hrtime.bigint()) / 1e6 });
        pubSub.publish("stageEvents", projectId, event);
        return event;
      },
    },
    Subscription: {
      stageEvents: {
        subscribe: (_root, { projectId }) => {
          subscriptions += 1;
          return pubSub.subscribe("stageEvents", projectId);
        },
        resolve: (event) => event,
      },
    },
  },
});

const yoga = createYoga({ schema, logging: false, graphiql: false, landingPage: false });
const server = createServer(yoga);
useServer(
  {
    execute: (args) => args.rootValue.execute(args),
    subscribe: (args) => args.rootValue.subscribe(args),
    onSubscribe: async (ctx, _id, params) => {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...ctx,
        req: ctx.extra.request,
        socket: ctx.extra.socket,
        params,
      });
      const args = {
        schema,
        operationName: params.operationName,
        document: parse(params.query),
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      };
      const errors = validate(args.schema, args.document);
      return errors.length > 0 ? errors : args;
    },
  },
  new WebSocketServer({ server, path: yoga.graphqlEndpoint }),
);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.once("disconnect", () => process.exit(0));
