// PostGraphile 5 on Node's own HTTP server; its schema follows from the tables.
import { createServer } from 'node:http'
import { grafserv } from 'postgraphile/grafserv/node'
import { makePgService } from 'postgraphile/adaptors/pg'
import { postgraphile } from 'postgraphile'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      connectionString: process.env.BENCH_PEER,
      schemas: ['public'],
      poolConfig: { max: 10, idleTimeoutMillis: 0 },
    }),
  ],
  // The history's values have their index on the entry alone, which answers just as well.
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  grafast: { explain: false },
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false, websockets: false },
}
const serv = postgraphile(preset).createServ(grafserv)
const server = createServer()
server.on('error', (error) => { throw error })
await serv.addTo(server)
server.listen(Number(process.env.BENCH_PORT), '127.0.0.1')
