package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.control.Ticker;
import dev.weir.core.discovery.Resolver.Answer;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DnsResolverTest {
  private static final Duration MINUTE = Duration.ofSeconds(60);

  private final Loops loops =
      new Loops(Transport.of("auto"), 1, Ticker.system(), new SplittableRandom(1));
  private NameServer server;
  private DnsResolver resolver;

  @BeforeEach
  void open() throws Exception {
    server = new NameServer();
    resolver =
        new DnsResolver(loops, new SingletonDnsServerAddressStreamProvider(server.address()));
  }

  @AfterEach
  void close() {
    resolver.close();
    server.close();
    loops.close();
  }

  private Answer resolve(String host) throws Exception {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    resolver.resolve(host, answer::complete);
    return answer.get(20, TimeUnit.SECONDS);
  }

  @Test
  void anAnswerComesWithTheTimeItHolds() throws Exception {
    server.addresses.put("db.example", new byte[] {10, 1, 2, 3});
    server.ttl = 7;
    Answer.Found found = (Answer.Found) resolve("db.example");
    assertThat(found.addresses()).containsExactly(InetAddress.getByName("10.1.2.3"));
    assertThat(found.ttl()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void whoAsksAgainGetsANewAnswer() throws Exception {
    server.addresses.put("db.example", new byte[] {10, 1, 2, 3});
    resolve("db.example");
    server.addresses.put("db.example", new byte[] {10, 1, 2, 4});
    server.ttl = 2;
    Answer.Found found = (Answer.Found) resolve("DB.example");
    assertThat(found.addresses()).containsExactly(InetAddress.getByName("10.1.2.4"));
    assertThat(found.ttl()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void aNameThatDoesNotExistFailsSayingSo() throws Exception {
    assertThat(resolve("nowhere.example"))
        .isInstanceOfSatisfying(
            Answer.Failed.class, failed -> assertThat(failed.reason()).contains("NXDomain"));
  }

  @Test
  void aSilentNameServerFailsSayingSo() throws Exception {
    server.silent = true;
    assertThat(resolve("db.example"))
        .isInstanceOfSatisfying(
            Answer.Failed.class, failed -> assertThat(failed.reason()).contains("does not answer"));
  }

  @Test
  void localhostNeedsNoNameServer() throws Exception {
    server.silent = true;
    assertThat(resolve("localhost"))
        .isEqualTo(new Answer.Found(List.of(InetAddress.getLoopbackAddress()), MINUTE));
    assertThat(resolve("app.localhost")).isInstanceOf(Answer.Found.class);
  }

  /** Answers A questions from a map, everything else with nothing. */
  private static final class NameServer implements AutoCloseable {
    final Map<String, byte[]> addresses = new ConcurrentHashMap<>();
    volatile int ttl = 60;
    volatile boolean silent;
    private final DatagramSocket socket;

    NameServer() throws IOException {
      socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      Thread thread = new Thread(this::serve, "name-server");
      thread.setDaemon(true);
      thread.start();
    }

    InetSocketAddress address() {
      return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void serve() {
      byte[] buffer = new byte[2048];
      while (true) {
        try {
          DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
          socket.receive(packet);
          if (!silent) {
            byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()));
            socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
          }
        } catch (IOException closed) {
          return;
        }
      }
    }

    // RFC 1035 section 4.1: header, question as asked, one answer that points back to its name.
    private byte[] answer(byte[] query) throws IOException {
      int at = 12;
      StringBuilder name = new StringBuilder();
      while (query[at] != 0) {
        name.append(name.length() == 0 ? "" : ".");
        name.append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII));
        at += query[at] + 1;
      }
      int type = query[at + 2];
      int end = at + 5;
      byte[] found = addresses.get(name.toString());
      boolean answers = found != null && type == 1;
      int code = found == null ? 3 : 0;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(query, 0, 2);
      out.write(new byte[] {(byte) 0x81, (byte) (0x80 | code), 0, 1, 0, (byte) (answers ? 1 : 0)});
      out.write(new byte[4]);
      out.write(query, 12, end - 12);
      if (answers) {
        out.write(new byte[] {(byte) 0xC0, 12, 0, 1, 0, 1});
        out.write(ByteBuffer.allocate(4).putInt(ttl).array());
        out.write(new byte[] {0, 4});
        out.write(found);
      }
      return out.toByteArray();
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
