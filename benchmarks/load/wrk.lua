-- For wrk: what to send, by the arguments after "--", and one line of results.
--   (none)      GET, keep-alive
--   close       GET, one connection per request
--   post BYTES  POST with a body of so many bytes
init = function(args)
  if args[1] == "close" then
    wrk.headers["Connection"] = "close"
  elseif args[1] == "post" then
    wrk.method = "POST"
    wrk.body = string.rep("x", tonumber(args[2]))
  end
end

done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    "WEIR units=%d bytes=%d errors=%d nanos=%d p50=%d p99=%d connect=%d read=%d write=%d status=%d timeout=%d\n",
    summary.requests, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout,
    summary.duration * 1000, latency:percentile(50), latency:percentile(99),
    e.connect, e.read, e.write, e.status, e.timeout))
end
