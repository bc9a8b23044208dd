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
        Page.quick(
            () -> runtime.ready() ? Answer.text(200, "ready\n") : Answer.text(503, "not ready\n")),
        "/metrics",
        Page.slow(() -> new Answer(200, Metrics.CONTENT_TYPE, metrics.scrape())));
  }
}
