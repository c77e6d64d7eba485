-- Sends one call of the run again and again. What it needs stands in the environment: see wrk.py.

local function lines(name)
  local file = os.getenv(name)
  if not file then return nil end
  local found = {}
  for line in io.lines(file) do found[#found + 1] = line end
  return found
end

local bearers = lines("BENCH_BEARERS")
local waiting = lines("BENCH_CHAINED")
local member = os.getenv("BENCH_CHAINED_MEMBER")
local at = tonumber(os.getenv("BENCH_OFFSET") or "0")

if bearers or waiting then
  request = function()
    at = at + 1
    if bearers then wrk.headers["Authorization"] = "Bearer " .. bearers[at % #bearers + 1] end
    if waiting then
      local token = table.remove(waiting, 1)
      if not token then error("more connections than tokens") end
      return wrk.format(nil, nil, nil, '{"' .. member .. '":"' .. token .. '"}')
    end
    return wrk.format()
  end
end

if waiting then
  response = function(status, headers, body)
    waiting[#waiting + 1] = body:match('"' .. member .. '"%s*:%s*"([^"]+)"')
  end
end

done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'FIGURES {"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "slowest": %f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3, errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
