package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.MemoryTerm;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients that are slow on purpose cost, measured against what {@link HttpMemory} says. */
final class SlowClientsTest {
  private static final int CLIENTS = 100;

  /** More than the kernel takes on the way: without our own limits the rest would be ours. */
  private static final int BODY = 8_000_000;

  private static final int TINY = 4096;

  private static long direct() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  /** A client that sends what is taken of it, and reads nothing. */
  private static final class Slow implements AutoCloseable {
    private final SocketChannel channel = SocketChannel.open();
    private final ByteBuffer rest;

    Slow(Proxy proxy, byte[] request) throws Exception {
      channel.setOption(StandardSocketOptions.SO_SNDBUF, TINY);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, TINY);
      channel.connect(proxy.listener.address());
      channel.configureBlocking(false);
      rest = ByteBuffer.wrap(request);
    }

    long send() {
      try {
        channel.write(rest);
      } catch (IOException ended) {
        // The proxy has given this one up; what it cost until then counts.
      }
      return rest.position();
    }

    @Override
    public void close() throws Exception {
      channel.close();
    }
  }

  private static byte[] request(String kind) {
    String field = "X-Long: " + "x".repeat(990) + "\r\n";
    String head = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + BODY + "\r\n";
    return switch (kind) {
      case "heads" -> Chars.bytes(head + field.repeat(31));
      case "bodies" -> Chars.bytes(head + field.repeat(31) + "\r\n" + "b".repeat(BODY));
      default -> Chars.bytes("GET / HTTP/1.1\r\nHost: a\r\n" + field.repeat(31) + "\r\n");
    };
  }

  @ParameterizedTest
  @CsvSource({"heads, 65536", "bodies, 65536", "bodies, 16384", "readers, 65536", "readers, 16384"})
  void theyCostAtMostWhatTheBoundSays(String kind, int buffer) throws Exception {
    ListenerConfig.Limits limits =
        new ListenerConfig.Limits(null, null, null, null, buffer, null, null, null, null, null);
    ListenerConfig config = Proxy.listening(null, limits);
    byte[] request = request(kind);
    byte[] body = new byte[BODY];
    CountDownLatch over = new CountDownLatch(1);
    List<Slow> clients = new ArrayList<>();
    long before = direct();
    AtomicLong peak = new AtomicLong();
    try (RawBackend backend =
            new RawBackend(
                peer -> {
                  peer.socket.setReceiveBufferSize(TINY);
                  if (kind.equals("readers")) {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + BODY + "\r\n\r\n");
                    peer.socket.getOutputStream().write(body);
                  }
                  over.await();
                });
        Proxy proxy = new Proxy(config, Proxy.pooling(null), backend.address())) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Slow(proxy, request));
      }
      await()
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                long sum = direct();
                peak.accumulateAndGet(sum, Math::max);
                for (Slow client : clients) {
                  sum += client.send();
                }
                return sum;
              },
              new Still());
      assertThat(peak.get() - before).isLessThan(bound(kind, config));
      for (Slow client : clients) {
        client.close();
      }
      over.countDown();
      await().until(() -> proxy.listener.openConnections() == 0);
    }
  }

  /** Only the terms that this kind of client can use. */
  private static long bound(String kind, ListenerConfig config) {
    long sum = HttpMemory.allocator(1).bytes();
    for (MemoryTerm term : HttpMemory.connection(config)) {
      boolean counts =
          switch (kind) {
            case "heads" -> term.what().startsWith("read from the client");
            case "bodies" -> !term.what().startsWith("to the client");
            default -> term.what().startsWith("to the client");
          };
      sum += term.direct() && counts ? CLIENTS * term.bytes() : 0;
    }
    return kind.equals("bodies") ? sum + HttpMemory.replay(CLIENTS, 1).bytes() : sum;
  }
}
