package dev.weir.core.observe.log;

import dev.weir.core.observe.Cause;
import dev.weir.core.observe.EndSummary;
import dev.weir.core.observe.EndSummary.Phase;
import dev.weir.core.observe.EndSummary.Text;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** One JSON object a line; keys in a fixed order, left out where there is nothing to say. */
final class JsonFormat implements LineFormat {
  private static final Map<Cause, String> PARTS = parts();

  private static Map<Cause, String> parts() {
    Map<Cause, String> parts = new EnumMap<>(Cause.class);
    for (Cause cause : Cause.values()) {
      String phase = cause.phase().code();
      parts.put(cause, ",\"phase\":\"" + phase + "\",\"side\":\"" + cause.side().code() + "\"");
    }
    return Collections.unmodifiableMap(parts);
  }

  @Override
  public void write(EndSummary end, LogTime time, LogLine line) {
    line.add("{\"time\":\"");
    time.addIso(line);
    line.add("\",\"listener\":\"").addEscaped(end.listener()).add("\"");
    text(end, Text.CLIENT, "client", line);
    text(end, Text.SNI, "sni", line);
    text(end, Text.ALPN, "alpn", line);
    text(end, Text.METHOD, "method", line);
    text(end, Text.HOST, "host", line);
    text(end, Text.TARGET, "target", line);
    if (end.status() != 0) {
      line.add(",\"status\":").add(end.status());
    }
    Cause cause = end.cause();
    line.add(",\"cause\":\"").add(cause.code()).add("\"");
    if (cause != Cause.NONE) {
      line.add(PARTS.get(cause));
    }
    if (cause.side() == Cause.Side.BACKEND) {
      line.add(",\"avoidable\":").add(end.avoidable() ? "true" : "false");
    }
    if (end.endedBy() != null) {
      line.add(",\"endedBy\":\"").add(end.endedBy().code()).add("\"");
    }
    if (end.route() != null) {
      line.add(",\"route\":\"").addEscaped(end.route()).add("\"");
    }
    if (end.pool() != null) {
      line.add(",\"pool\":\"").addEscaped(end.pool()).add("\"");
    }
    if (end.backend() != null) {
      line.add(",\"backend\":\"").addEscaped(end.backend().name()).add("\"");
    }
    line.add(",\"attempts\":").add(end.attempts());
    line.add(",\"bytesIn\":").add(end.bytesIn()).add(",\"bytesOut\":").add(end.bytesOut());
    if (end.datagramsIn() > 0) {
      line.add(",\"datagramsIn\":").add(end.datagramsIn());
      line.add(",\"datagramsOut\":").add(end.datagramsOut());
    }
    line.add(",\"ms\":{\"total\":").addMillis(end.endNanos() - end.startNanos());
    phase(end, Phase.HEAD, "head", line);
    phase(end, Phase.QUEUE, "queue", line);
    phase(end, Phase.CONNECT, "connect", line);
    phase(end, Phase.RESPONSE, "response", line);
    line.add("}");
    text(end, Text.REQUEST_ID, "requestId", line);
    line.add("}");
  }

  private static void phase(EndSummary end, Phase phase, String key, LogLine line) {
    long nanos = end.phase(phase);
    if (nanos >= 0) {
      line.add(",\"").add(key).add("\":").addMillis(nanos);
    }
  }

  private static void text(EndSummary end, Text which, String key, LogLine line) {
    int length = line.take(end, which);
    if (length >= 0) {
      line.add(",\"").add(key).add("\":\"").addTaken(length).add("\"");
    }
  }
}
