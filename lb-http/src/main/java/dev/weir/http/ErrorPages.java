package dev.weir.http;

import dev.weir.core.config.ListenerConfig;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The pages of a listener for errors that the proxy answers itself. Immutable. */
final class ErrorPages {
  /** A page. */
  static final class Page {
    /** The Content-Type line. */
    final byte[] typeLine;

    final byte[] body;

    Page(ListenerConfig.ErrorPage page) {
      typeLine = Chars.bytes("Content-Type: " + page.type() + "\r\n");
      body = page.body().getBytes(StandardCharsets.UTF_8);
    }
  }

  private final Map<Integer, Page> pages = new HashMap<>();

  /** As configured. */
  ErrorPages(Map<String, ListenerConfig.ErrorPage> errors) {
    errors.forEach((status, page) -> pages.put(Integer.valueOf(status), new Page(page)));
  }

  /** The page of a status; null when there is none. */
  Page of(int status) {
    return pages.get(status);
  }
}
