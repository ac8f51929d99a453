-- Requests from a Lua table, one after the other; prints one line of figures at the end.
-- In a body, @COUNT@ becomes a number that is never the same.
local requests, index, count, templates = {}, 0, 0, {}

function init(args)
  for number, asked in ipairs(dofile(args[1])) do
    if asked.body and asked.body:find("@COUNT@", 1, true) then
      templates[number] = asked
    end
    requests[number] = wrk.format(asked.method, asked.path, asked.headers, asked.body)
  end
  count = os.time() * 100000
end

function request()
  index = index % #requests + 1
  local template = templates[index]
  if not template then
    return requests[index]
  end
  count = count + 1
  local body = template.body:gsub("@COUNT@", ("%d"):format(count))
  return wrk.format(template.method, template.path, template.headers, body)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "bytes": %d, "failed": %d, "p50": %.3f, "p99": %.3f}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
