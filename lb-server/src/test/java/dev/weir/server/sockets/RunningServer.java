package dev.weir.server.sockets;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.weir.core.observe.EndSummary;
import dev.weir.core.observe.EndSummary.Text;
import dev.weir.core.observe.LbObserver;
import dev.weir.core.observe.ListenerState;
import dev.weir.server.LbServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A whole balancer in this process, as a text configures it, with what it says written down. */
final class RunningServer implements AutoCloseable {
  /** {@code listener pool backend cause client} of each session and exchange. */
  final Queue<String> ends = new ConcurrentLinkedQueue<>();

  /** {@code listener state} of each listener that has turned. */
  final Queue<String> turns = new ConcurrentLinkedQueue<>();

  final LbServer server;
  private final Path file;

  RunningServer(Path folder, String transport, String yaml) throws Exception {
    file = folder.resolve("lb.yaml");
    Files.writeString(
        file,
        """
        admin: { bind: "127.0.0.1:0", state: %s }
        metrics: { bind: "127.0.0.1:0" }
        process: { transport: %s, loops: 2 }
        accessLog: { to: "off" }
        """
                .formatted(folder.resolve("state"), transport)
            + yaml);
    server = LbServer.start(new LbServer.Options(file, false, List.of(new Notes())));
  }

  InetSocketAddress address(String listener) {
    return server.address(listener);
  }

  /** Edits the file and lets it be read again; says what became of it. */
  String reload(String from, String to) throws Exception {
    Files.writeString(file, Files.readString(file).replace(from, to));
    return server.reload("test").get().toString();
  }

  /** What one of the health pages says, with its status line. */
  String page(String path) throws IOException {
    return TestPeer.talk(server.metricsAddress(), "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
  }

  /** Whether somebody in a pool takes new work. */
  boolean eligible(String pool) throws IOException {
    return !page("/metrics").contains("weir_pool_backends_eligible{pool=\"" + pool + "\"} 0.0");
  }

  @Override
  public void close() {
    server.close();
  }

  private final class Notes implements LbObserver {
    @Override
    public void sessionEnded(EndSummary end) {
      ended(end);
    }

    @Override
    public void exchangeEnded(EndSummary end) {
      ended(end);
    }

    private void ended(EndSummary end) {
      byte[] client = new byte[64];
      String name = end.backend() == null ? "-" : end.backend().name();
      ends.add(
          String.join(
              " ",
              end.listener(),
              end.pool(),
              name,
              end.cause().code(),
              new String(client, 0, end.copy(Text.CLIENT, client), US_ASCII)));
    }

    @Override
    public void listenerTurned(String listener, ListenerState state, String reason) {
      turns.add(listener + " " + state.code());
    }
  }
}
