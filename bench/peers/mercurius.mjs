// Mercurius on Fastify, every operation compiled from its first use on.
import Fastify from 'fastify'
import mercurius from 'mercurius'
import { loadersOf, resolvers, typeDefs } from './rows.mjs'

const app = Fastify({ logger: false })
await app.register(mercurius, {
  schema: typeDefs,
  resolvers,
  jit: 1,
  context: (request) => ({ person: request.headers['x-person'], load: loadersOf() }),
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.BENCH_PORT) })
