package dev.weir.server.demo;

import dev.weir.core.config.ConfigException;
import dev.weir.core.config.ProcessConfig.Shutdown;
import dev.weir.server.LbServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A balancer that serves a few requests and ends, so that its classes have been loaded. Nothing
 * checks what it answers; a failure only costs the archive.
 */
public final class Training {
  private static final int ROUNDS = 50;
  private static final int TIMEOUT_MILLIS = 5_000;

  private Training() {}

  /**
   * Runs once; takes about two seconds.
   *
   * @throws IOException when something did not start or answer
   */
  public static void run() throws IOException, ConfigException {
    Path folder = Files.createTempDirectory("weir-train-");
    try (Folder removed = new Folder(folder);
        WebBackend web = new WebBackend("web-1");
        EchoBackend echo = new EchoBackend("echo-1")) {
      Path config = folder.resolve("lb.yaml");
      Files.writeString(config, configuration(folder, web, echo));
      try (LbServer server = LbServer.start(new LbServer.Options(config, false, List.of()))) {
        traffic(server, folder);
        server
            .drain(new Shutdown(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(2)))
            .join();
      }
    }
  }

  private static String configuration(Path folder, WebBackend web, EchoBackend echo) {
    return """
        admin: { bind: '127.0.0.1:0', state: '%s' }
        metrics: { bind: '127.0.0.1:0' }
        accessLog: { to: 'file:%s' }
        listeners:
          web: { bind: '127.0.0.1:0', protocol: http, pool: web }
          echo: { bind: '127.0.0.1:0', protocol: tcp, pool: echo }
        pools:
          web: { health: { http: { path: / } }, backends: { web-1: { address: '127.0.0.1:%d' } } }
          echo: { health: { tcp: {} }, backends: { echo-1: { address: '127.0.0.1:%d' } } }
        """
        .formatted(
            yaml(folder.resolve("state")),
            yaml(folder.resolve("access.log")),
            web.port(),
            echo.port());
  }

  private static String yaml(Path path) {
    return path.toString().replace("'", "''");
  }

  private static void traffic(LbServer server, Path folder) throws IOException {
    InetSocketAddress web = server.address("web");
    for (int i = 0; i < ROUNDS; i++) {
      get(web.getPort(), "/train", null);
    }
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.address("echo").getPort())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write("train\n".getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    }
    get(server.metricsAddress().getPort(), "/metrics", null);
    get(server.adminPort(), "/api/v1/pools", Files.readString(folder.resolve("state/admin.token")));
  }

  private static void get(int port, String path, String token) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    if (token != null) {
      connection.setRequestProperty("Authorization", "Bearer " + token.strip());
    }
    int status = connection.getResponseCode();
    if (status != 200) {
      throw new IOException(path + " answers " + status);
    }
    try (InputStream in = connection.getInputStream()) {
      in.readAllBytes();
    }
  }
}
