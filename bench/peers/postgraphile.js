// PostGraphile over the product's own tables, as its documentation starts it: the Amber preset, grafserv on node:http.
// Lists without pages are switched on, because the product has some too. Arguments: the database's URL and the pool's
// size. Prints its port when it listens, and ends with its parent.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const [connectionString, poolSize] = process.argv.slice(2);

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({ connectionString, schemas: ["public"], poolConfig: { max: Number(poolSize) } }),
  ],
  schema: { defaultBehavior: "+connection +list" },
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
  grafast: { explain: false },
});
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.once("disconnect", () => process.exit(0));
