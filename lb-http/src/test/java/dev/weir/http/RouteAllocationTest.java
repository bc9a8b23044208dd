package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What routing costs in allocations, beside regular expressions: nothing. */
final class RouteAllocationTest {
  private static final int ROUTED = 100_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ hosts: [h.example] }",
        "{ hosts: [\"*.example\"], path: { prefix: /a } }",
        "{ path: { pattern: \"/a/{id}/c\" }, methods: [PUT, GET] }",
        "{ headers: [{ name: X-A, exact: two }, { name: X-B, present: false }] }",
        "{ cookies: [{ name: tier, prefix: go }], query: [{ name: q, exact: \"1\" }] }",
        "{ sources: [192.0.2.0/24], not: { any: [{ methods: [PUT] }, { path: { exact: / } }] } }",
        "{ path: { prefix: /a }, access: true }"
      })
  void aRouteIsChosenWithoutAllocating(String match) {
    Router router =
        new Router(Yaml.listener("routes: [{ match: " + match + ", pool: web }]"), Map.of());
    Head head =
        Heads.request(
            "GET /a/b/c?p=0&q=1 HTTP/1.1\r\nHost: h.example:80\r\nX-A: one, two\r\n"
                + "Cookie: a=b; tier=gold\r\n\r\n");
    Client client = Clients.at("192.0.2.1");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    route(router, head, client);
    long before = threads.getCurrentThreadAllocatedBytes();
    route(router, head, client);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    // Inet4Address.getAddress copies its four bytes; only conditions on the source ask for them.
    double allowed = match.contains("sources") ? 32 : 0.1;
    assertThat((double) allocated / ROUTED).as("bytes for one request").isLessThan(allowed);
  }

  private static void route(Router router, Head head, Client client) {
    for (int i = 0; i < ROUTED; i++) {
      if (router.route(head, client) == null) {
        throw new AssertionError("no route");
      }
    }
  }
}
