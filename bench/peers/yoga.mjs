// Yoga on Node's own HTTP server, with the JIT plugin; parsed and validated documents are kept.
import { createServer } from 'node:http'
import { useGraphQlJit } from '@envelop/graphql-jit'
import { createSchema, createYoga } from 'graphql-yoga'
import { loadersOf, resolvers, typeDefs } from './rows.mjs'

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  plugins: [useGraphQlJit()],
  context: ({ request }) => ({ person: request.headers.get('x-person'), load: loadersOf() }),
  logging: false,
  graphiql: false,
  landingPage: false,
  maskedErrors: false,
})
createServer(yoga).listen(Number(process.env.BENCH_PORT), '127.0.0.1')
