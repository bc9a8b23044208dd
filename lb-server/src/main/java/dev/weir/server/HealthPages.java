package dev.weir.server;

import dev.weir.admin.metrics.Metrics;
import dev.weir.core.net.PlainResponder.Answer;
import dev.weir.core.net.PlainResponder.Page;
import dev.weir.core.runtime.Runtime;
import java.util.Map;

/** What the pages say that monitoring asks for. */
final class HealthPages {
  private HealthPages() {}

  /** By path. */
  static Map<String, Page> of(Runtime runtime, Metrics metrics) {
    return Map.of(
        "/livez",
        Page.quick(() -> Answer.text(200, "alive\n")),
        "/readyz",
        Page.quick(() -> readiness(runtime)),
        "/metrics",
        Page.slow(() -> new Answer(200, Metrics.CONTENT_TYPE, metrics.scrape())));
  }

  private static Answer readiness(Runtime runtime) {
    if (runtime.ready()) {
      return Answer.text(200, "ready\n");
    }
    StringBuilder text = new StringBuilder("not ready\n");
    runtime.stuck().values().forEach(reason -> text.append(reason).append('\n'));
    return Answer.text(503, text.toString());
  }
}
