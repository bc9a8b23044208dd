package dev.weir.admin;

import dev.weir.admin.api.Api;
import dev.weir.core.config.AdminConfig;
import dev.weir.core.config.HostPort;
import dev.weir.core.config.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The admin API's listening socket and its one event loop, which is none of the data path's. Made
 * and closed by the composition root.
 */
public final class AdminServer implements AutoCloseable {
  /** For the body of a request, the work and the answer. */
  static final Duration REQUEST_DEADLINE = Duration.ofSeconds(30);

  /** Open at once; more are closed when they come. */
  static final int MAX_CONNECTIONS = 1024;

  private static final int MAX_HEADERS = 16 * 1024;
  private static final int MAX_LINE = 4096;
  private static final int IDLE_SECONDS = 75;
  private static final int PATIENCE_SECONDS = 10;

  private final Vertx vertx;
  private final HttpServer server;

  private AdminServer(Vertx vertx, HttpServer server) {
    this.vertx = vertx;
    this.server = server;
  }

  /**
   * Whether the API may listen where it is configured to. Blocks for a host name.
   *
   * @return why not
   */
  public static Optional<Problem> check(AdminConfig config) {
    String host = config.bind().host();
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return Optional.of(
              Problem.at(
                  "/admin/bind",
                  config.bind()
                      + " is not a loopback address: without TLS the admin API listens on"
                      + " 127.0.0.1, ::1 or localhost only"));
        }
      }
      return Optional.empty();
    } catch (UnknownHostException unknown) {
      return Optional.of(Problem.at("/admin/bind", "unknown host '" + host + "'"));
    }
  }

  /**
   * Begins to serve. Blocks for the bind.
   *
   * @throws IOException naming the address, when it cannot or may not be bound
   */
  public static AdminServer start(AdminSetup setup) throws IOException {
    return start(setup, REQUEST_DEADLINE);
  }

  /** The same with another deadline for one request. */
  static AdminServer start(AdminSetup setup, Duration deadline) throws IOException {
    HostPort bind = setup.config().bind();
    Optional<Problem> refused = check(setup.config());
    if (refused.isPresent()) {
      throw new IOException("admin.bind: " + refused.get().message());
    }
    Vertx vertx = Vertx.vertx(threads());
    HttpServer server = vertx.createHttpServer(limits());
    try {
      new Api(setup, vertx, deadline).attach(server);
      server.connectionHandler(new ConnectionCap(MAX_CONNECTIONS));
      await(server.listen(bind.port(), bind.host()).toCompletionStage());
      return new AdminServer(vertx, server);
    } catch (IOException failure) {
      await(vertx.close().toCompletionStage());
      throw new IOException(
          "admin API: cannot listen on " + bind + ": " + failure.getMessage(), failure);
    }
  }

  private static VertxOptions threads() {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(1)
        .setUseDaemonThread(true)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  private static HttpServerOptions limits() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setMaxHeaderSize(MAX_HEADERS)
        .setMaxInitialLineLength(MAX_LINE)
        .setHandle100ContinueAutomatically(true)
        .setIdleTimeout(IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS);
  }

  private static <T> T await(CompletionStage<T> stage) throws IOException {
    try {
      return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      throw new IOException(failure.getCause().getMessage(), failure.getCause());
    } catch (TimeoutException slow) {
      throw new IOException("not within " + PATIENCE_SECONDS + " s", slow);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.actualPort();
  }

  /** Stops at once, and waits for it. */
  @Override
  public void close() throws IOException {
    await(vertx.close().toCompletionStage());
  }
}
