package dev.weir.admin;

import dev.weir.admin.auth.AdminToken;
import dev.weir.admin.metrics.TrafficMetrics;
import dev.weir.core.config.AdminConfig;
import dev.weir.core.config.ConfigBinder;
import dev.weir.core.config.HostPort;
import dev.weir.core.config.JsonReader;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.Problem;
import dev.weir.core.control.ThreadControlLoop;
import dev.weir.core.control.Ticker;
import dev.weir.core.control.WallClock;
import dev.weir.core.discovery.Resolver;
import dev.weir.core.net.ConnectionHandler;
import dev.weir.core.net.DatagramHandler;
import dev.weir.core.net.ListenerHandler;
import dev.weir.core.net.Loops;
import dev.weir.core.net.OpenListener;
import dev.weir.core.net.Transport;
import dev.weir.core.plugin.Plugins;
import dev.weir.core.plugin.Registry;
import dev.weir.core.plugin.TcpProbeFactory;
import dev.weir.core.runtime.ChangeRequest;
import dev.weir.core.runtime.ChangeResult;
import dev.weir.core.runtime.Parts;
import dev.weir.core.runtime.Protocol;
import dev.weir.core.runtime.Runtime;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An admin API over a real runtime with real listeners, whose protocols close every connection. */
public final class AdminFixture implements AutoCloseable {
  static final String CONFIG =
      """
      {"listeners": {"web": {"bind": "127.0.0.1:0", "protocol": "http", "pool": "web"},
                     "db": {"bind": "127.0.0.1:0", "protocol": "tcp", "pool": "db",
                            "proxyProtocol": {"from": ["10.0.0.0/8"]}},
                     "dns": {"bind": "127.0.0.1:0", "protocol": "udp", "pool": "db"}},
       "pools": {"web": {"balance": "round-robin",
                         "backends": {"web-1": {"address": "127.0.0.1:7001"},
                                      "web-2": {"address": "127.0.0.1:7002", "weight": 50}}},
                 "db": {"backends": {"db-1": {"address": "127.0.0.1:7003"}}},
                 "spare": {"backends": {}}}}
      """;

  private static final String TOKEN = "lbk_0123abcd_" + "5e".repeat(32);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Ticker ticker = Ticker.system();
  private final Loops loops = new Loops(Transport.of("auto"), 2, ticker, new SplittableRandom(1));
  private final ThreadControlLoop control = new ThreadControlLoop(ticker);
  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private final TrafficMetrics traffic = new TrafficMetrics(loops.size());
  private final HttpClient http = HttpClient.newHttpClient();
  private final MemoryStore store;
  private final Runtime runtime;
  private final AdminServer server;
  private volatile CompletableFuture<ChangeResult> reload = new CompletableFuture<>();

  private AdminFixture(String config) throws Exception {
    store = new MemoryStore(JsonReader.document(config.getBytes(StandardCharsets.UTF_8)));
    Parts parts =
        new Parts(
            new ConfigBinder(name -> null),
            Plugins.load(new SplittableRandom(2), List.of(new TcpProbeFactory(loops))),
            new Registry<>(
                "protocol",
                Protocol::name,
                List.of(closing("http"), closing("tcp"), closing("udp"))),
            loops,
            (name, bind, handler) -> OpenListener.open(name, bind, loops, handler),
            store,
            control,
            worker,
            (host, done) ->
                done.accept(
                    new Resolver.Answer.Found(
                        List.of(InetAddress.getLoopbackAddress()), Duration.ofSeconds(60))),
            traffic,
            WallClock.system(),
            new SplittableRandom(3));
    runtime = Runtime.start(parts, store.load().orElseThrow());
    server =
        AdminServer.start(
            new AdminSetup(
                new AdminConfig(new HostPort("127.0.0.1", 0), null),
                runtime,
                AdminToken.of(TOKEN),
                traffic,
                author -> reload,
                "1.2.3",
                ticker));
  }

  static AdminFixture start() throws Exception {
    return new AdminFixture(CONFIG);
  }

  private static Protocol closing(String name) {
    return new Protocol() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void check(String path, ListenerConfig config, Consumer<Problem> problems) {}

      @Override
      public ListenerHandler handler(Scope scope) {
        ConnectionHandler connections = (child, loop, from) -> child.unsafe().closeForcibly();
        DatagramHandler datagrams =
            (port, client) -> {
              throw new IllegalStateException("no datagrams here");
            };
        return name.equals("udp") ? datagrams : connections;
      }

      @Override
      public void retired(Collection<dev.weir.core.backend.Backend> backends) {}
    };
  }

  /** An answer of the API. */
  record Answer(int status, String etag, String type, String text) {
    JsonNode json() {
      return JSON.readTree(text);
    }
  }

  int port() {
    return server.port();
  }

  String token() {
    return TOKEN;
  }

  MemoryStore store() {
    return store;
  }

  Runtime runtime() {
    return runtime;
  }

  TrafficMetrics traffic() {
    return traffic;
  }

  Loops loops() {
    return loops;
  }

  void reloadGives(CompletableFuture<ChangeResult> result) {
    reload = result;
  }

  Answer get(String path) throws Exception {
    return send("GET", path, null);
  }

  Answer send(String method, String path, String body, String... headers) throws Exception {
    return answer(http.send(request(method, path, body, headers), BodyHandlers.ofString()));
  }

  CompletableFuture<Answer> sendAsync(String method, String path, String body, String... headers) {
    return http.sendAsync(request(method, path, body, headers), BodyHandlers.ofString())
        .thenApply(AdminFixture::answer);
  }

  private HttpRequest request(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + TOKEN)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header(
          "Content-Type",
          method.equals("PATCH") ? "application/merge-patch+json" : "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  private static Answer answer(HttpResponse<String> response) {
    return new Answer(
        response.statusCode(),
        response.headers().firstValue("ETag").orElse(null),
        response.headers().firstValue("Content-Type").orElse(null),
        response.body());
  }

  private static ChangeRequest nothing() {
    return new ChangeRequest("test", "", OptionalLong.empty(), true, before -> before);
  }

  @Override
  public void close() throws Exception {
    server.close();
    // Changes whose callers have gone are still made; let them, before the worker goes.
    runtime.change(nothing()).get(60, TimeUnit.SECONDS);
    runtime.close();
    control.close();
    worker.shutdown();
    loops.close();
  }
}
