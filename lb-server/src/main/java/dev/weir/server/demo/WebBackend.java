package dev.weir.server.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server of the demo that says its name, and can crash and come back on its port. */
public final class WebBackend implements AutoCloseable {
  private static final int THREADS = 8;

  private final String name;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, Daemon::new);
  private final int port;
  private HttpServer server;

  /** Starts it on a free port of the loopback address. */
  public WebBackend(String name) throws IOException {
    this.name = name;
    server = serve(0);
    port = server.getAddress().getPort();
  }

  /** What it says in its answers. */
  public String name() {
    return name;
  }

  /** Where it listens on the loopback address. */
  public int port() {
    return port;
  }

  /** Ends at once, with all connections, as a killed process does. */
  public synchronized void crash() {
    server.stop(0);
  }

  /** Serves again after a crash. */
  public synchronized void recover() throws IOException {
    server = serve(port);
  }

  private HttpServer serve(int onPort) throws IOException {
    HttpServer created =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort), 0);
    created.setExecutor(threads);
    created.createContext("/", this::answer);
    created.start();
    return created;
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body =
        "hello from %s, you asked for %s%n"
            .formatted(name, exchange.getRequestURI())
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.getResponseHeaders().set("X-Backend", name);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(200, head ? -1 : body.length);
    try (exchange;
        OutputStream out = exchange.getResponseBody()) {
      if (!head) {
        out.write(body);
      }
    }
  }

  @Override
  public synchronized void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
