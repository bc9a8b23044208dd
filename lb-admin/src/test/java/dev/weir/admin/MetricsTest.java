package dev.weir.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admin.metrics.Metrics;
import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Outcome;
import dev.weir.core.control.Ticker;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.ProxyHeader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final Pattern ROW = Pattern.compile("\\| `(weir_\\w+)` \\| (\\w+) \\| ([^|]*)\\|");
  private static final Pattern TYPE = Pattern.compile("# TYPE (weir_\\w+) (\\w+)");
  private static final Pattern SERIES = Pattern.compile("(?m)^(weir_\\w+)(?:\\{(.*)\\})? ");

  private AdminFixture admin;
  private Metrics metrics;

  @BeforeEach
  void start() throws Exception {
    admin = AdminFixture.start();
    metrics =
        new Metrics(admin.traffic(), admin.runtime(), admin.loops(), Ticker.system(), "1.2.3");
  }

  @AfterEach
  void stop() throws Exception {
    metrics.close();
    admin.close();
  }

  @Test
  void theDocumentationListsEverythingThatIsThereAndNothingElse() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "metrics.md"));
    Map<String, String> documented = new TreeMap<>();
    ROW.matcher(page)
        .results()
        .forEach(row -> documented.put(row.group(1), row.group(2) + " " + row.group(3).strip()));
    String scrape = metrics.scrape();
    Map<String, String> labels = new TreeMap<>();
    SERIES.matcher(scrape).results().forEach(series -> labels.put(family(series), of(series)));
    Map<String, String> there = new TreeMap<>();
    TYPE.matcher(scrape)
        .results()
        .forEach(
            type ->
                there.put(
                    type.group(1), type.group(2) + " " + labels.getOrDefault(type.group(1), "?")));
    assertThat(sorted(documented)).isEqualTo(sorted(there));
  }

  private static String family(MatchResult series) {
    return series.group(1).replaceFirst("_(bucket|sum|count)$", "");
  }

  private static String of(MatchResult series) {
    String labels = series.group(2) == null ? "" : series.group(2);
    return Pattern.compile("(\\w+)=\"")
        .matcher(labels)
        .results()
        .map(label -> label.group(1))
        .filter(label -> !label.equals("le"))
        .collect(Collectors.joining(", "));
  }

  private static Map<String, String> sorted(Map<String, String> rows) {
    Map<String, String> sorted = new TreeMap<>();
    rows.forEach(
        (name, row) -> {
          String[] words = row.split("[ ,]+");
          sorted.put(name, new TreeSet<>(java.util.List.of(words)).toString());
        });
    return sorted;
  }

  @Test
  void trafficAndStatesAreShown() throws Exception {
    Backend backend = admin.runtime().snapshot().pools().get("web").backends().get(0);
    backend.tryLease().end(Outcome.REFUSED, true, 0);
    var running = backend.tryLease();
    admin.traffic().connectionOpened(0, "web");
    admin.traffic().connectionOpened(1, "web");
    admin.traffic().connectionRefused(0, "web", Cause.CLIENT_LIMIT);
    admin.traffic().connectionClosed(1, "web", Cause.CLIENT_ABORT);
    admin.traffic().proxyHeader(0, "db", ProxyHeader.NOBODY);
    admin.send("PATCH", "/api/v1/pools/web/backends/web-2", "{\"state\":\"DRAIN\"}");
    assertThat(metrics.scrape())
        .contains(
            "weir_listener_connections{listener=\"web\"} 1.0\n",
            "weir_listener_connections_opened_total{listener=\"web\"} 2.0\n",
            "weir_listener_connections_closed_total{cause=\"client_abort\",listener=\"web\"} 1.0\n",
            "weir_listener_connections_refused_total{cause=\"client_limit\",listener=\"web\"} 1.0\n",
            "weir_requests_avoidable_total{listener=\"web\"} 0.0\n",
            "weir_listener_proxy_headers_total{listener=\"db\",names=\"client\"} 0.0\n",
            "weir_listener_proxy_headers_total{listener=\"db\",names=\"nobody\"} 1.0\n",
            "weir_ends_total{cause=\"backend_reset\",listener=\"web\",phase=\"response\","
                + "side=\"backend\"} 0.0\n",
            "weir_backend_attempts_total{backend=\"web-1\",outcome=\"refused\",pool=\"web\"} 1.0\n",
            "weir_backend_in_flight{backend=\"web-1\",pool=\"web\"} 1.0\n",
            "weir_backend_admin{backend=\"web-2\",pool=\"web\",state=\"drain\"} 1.0\n",
            "weir_backend_admin{backend=\"web-2\",pool=\"web\",state=\"ready\"} 0.0\n",
            "weir_backend_eligible{backend=\"web-2\",pool=\"web\"} 0.0\n",
            "weir_pool_backends{pool=\"web\"} 2.0\n",
            "weir_config_generation 2.0\n",
            "weir_ready 1.0\n",
            "weir_build_info{version=\"1.2.3\"} 1",
            "jvm_memory_used_bytes",
            "process_files_open_files");
    running.end(Outcome.OK, true, 0);
  }

  @Test
  void whatIsRemovedHasNoSeriesAnyMore() throws Exception {
    assertThat(metrics.scrape()).contains("pool=\"spare\"", "backend=\"web-2\"");
    admin.send("DELETE", "/api/v1/pools/spare", null);
    admin.send("DELETE", "/api/v1/pools/web/backends/web-2", null);
    assertThat(metrics.scrape())
        .doesNotContain("pool=\"spare\"", "backend=\"web-2\"")
        .contains("backend=\"web-1\"");
  }

  @Test
  void aListenerThatComesAgainDoesNotBeginBelowZero() throws Exception {
    admin.traffic().connectionOpened(0, "db");
    String listener = admin.get("/api/v1/config").json().at("/listeners/db").toString();
    admin.send("PATCH", "/api/v1/config", "{\"listeners\":{\"db\":null}}");
    assertThat(metrics.scrape()).doesNotContain("listener=\"db\"");
    assertThat(admin.traffic().openConnections("db")).isEqualTo(1);
    admin.traffic().connectionClosed(0, "db", Cause.SHUTDOWN);
    metrics.scrape();
    admin.send("PATCH", "/api/v1/config", "{\"listeners\":{\"db\":" + listener + "}}");
    admin.traffic().connectionOpened(1, "db");
    assertThat(metrics.scrape())
        .contains(
            "weir_listener_connections{listener=\"db\"} 1.0\n",
            "weir_listener_connections_opened_total{listener=\"db\"} 1.0\n");
  }

  @Test
  void aBackendCostsLittleText() throws Exception {
    int before = metrics.scrape().length();
    StringBuilder backends = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      backends.append(i == 0 ? "" : ",").append("\"backend-").append(1000 + i);
      backends.append("\":{\"address\":\"127.0.0.1:7100\"}");
    }
    String patch = "{\"backends\":{" + backends + "}}";
    assertThat(admin.send("PATCH", "/api/v1/pools/web", patch).status()).isEqualTo(200);
    assertThat((metrics.scrape().length() - before) / 100).isLessThan(3 * 1024);
  }
}
