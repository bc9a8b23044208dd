package dev.weir.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.EndSummary.By;
import dev.weir.tcp.Rig.End;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class TcpSessionTest {
  private static final int MUCH = 3_000_000;

  static List<Transport> transports() {
    return Transport.available();
  }

  static List<Transport> transportsThatSeeResetsAfterTheEnd() {
    return transports().stream().filter(Transport::seesResetAfterEnd).toList();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void bytesArriveExactlyAndEachDirectionEndsOnItsOwn(Transport transport) throws Exception {
    byte[] request = random(1, MUCH);
    byte[] answer = random(2, MUCH);
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, backend.address())) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());

      sendAndEnd(client, request);
      assertThat(server.getInputStream().readAllBytes()).isEqualTo(request);
      assertThat(rig.ends).as("the answer is still to come").isEmpty();
      sendAndEnd(server, answer);
      assertThat(client.getInputStream().readAllBytes()).isEqualTo(answer);

      assertThat(rig.end()).isEqualTo(new End(Cause.NONE, "b0", 1, MUCH, MUCH));
      assertThat(rig.endedBy).isEqualTo(By.CLIENT_END);
      assertThat(rig.remembered).isEqualTo("127.0.0.1 connected answered");
      rig.settled();
      assertThat(rig.outcomes).containsExactly("b0 OK");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void bothDirectionsRunAtOnce(Transport transport) throws Exception {
    byte[] request = random(3, MUCH);
    byte[] answer = random(4, MUCH);
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, backend.address())) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());
      Thread one = TestBackend.start("up", () -> sendAndEnd(client, request));
      Thread two = TestBackend.start("down", () -> sendAndEnd(server, answer));
      byte[][] got = new byte[1][];
      Thread three = TestBackend.start("read", () -> got[0] = readAll(server));

      assertThat(client.getInputStream().readAllBytes()).isEqualTo(answer);
      for (Thread thread : List.of(one, two, three)) {
        thread.join();
      }
      assertThat(got[0]).isEqualTo(request);
      assertThat(rig.end().cause()).isEqualTo(Cause.NONE);
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aSlowReaderAfterItsOwnEndGetsEverything(Transport transport) throws Exception {
    byte[] answer = random(5, 12_000_000);
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, backend.address())) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());
      client.shutdownOutput();
      assertThat(server.getInputStream().read()).isEqualTo(-1);
      Thread sending = TestBackend.start("down", () -> sendAndEnd(server, answer));

      // Read once the buffers between are full, or all has been taken.
      sending.join(300);
      assertThat(client.getInputStream().readAllBytes()).isEqualTo(answer);
      assertThat(rig.end().cause()).isEqualTo(Cause.NONE);
      assertThat(rig.endedBy).isEqualTo(By.CLIENT_END);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theServerMaySpeakFirst(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, backend.address())) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());

      server.getOutputStream().write(bytes("220 ready\r\n"));

      assertThat(client.getInputStream().readNBytes(11)).isEqualTo(bytes("220 ready\r\n"));
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whatTheClientSaysBeforeTheBackendIsThereArrives(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, Rig.nobody(), backend.address())) {
      Socket client = rig.client();
      client.getOutputStream().write(bytes("early"));
      client.shutdownOutput();

      Socket server = rig.keep(backend.next());
      assertThat(server.getInputStream().readAllBytes()).isEqualTo(bytes("early"));
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aRefusedBackendIsReplacedByAnother(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, Rig.nobody(), Rig.nobody(), backend.address())) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());

      sendAndEnd(client, bytes("hello"));
      assertThat(server.getInputStream().readAllBytes()).isEqualTo(bytes("hello"));
      server.shutdownOutput();

      assertThat(rig.end()).isEqualTo(new End(Cause.NONE, "b2", 3, 5, 0));
      assertThat(rig.endedBy).isEqualTo(By.CLIENT_END);
      rig.settled();
      assertThat(rig.outcomes).containsExactly("b0 REFUSED", "b1 REFUSED", "b2 OK");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void withAllBackendsDownTheClientIsReset(Transport transport) throws Exception {
    try (Rig rig = Rig.before(transport, Rig.nobody(), Rig.nobody())) {
      assertReset(rig);

      assertThat(rig.end()).isEqualTo(new End(Cause.CONNECT_FAILED, "b1", 2, 0, 0));
      rig.settled();
      assertThat(rig.outcomes).containsExactly("b0 REFUSED", "b1 REFUSED");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whatTheClientHasSaidMeanwhileIsLetGo(Transport transport) throws Exception {
    try (Rig rig = Rig.before(transport, Rig.nobody())) {
      // Read when it is over already, by a transport that reads ahead; LeakGuard looks.
      for (int i = 0; i < 50; i++) {
        try {
          Socket client = rig.client();
          client.getOutputStream().write(bytes("hello"));
          client.shutdownOutput();
        } catch (IOException reset) {
          // Even sooner.
        }
      }
      await().atMost(Rig.SOON).until(() -> rig.ends.size() == 50);
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void noMoreAttemptsAreMadeThanRetriesAllow(Transport transport) throws Exception {
    try (Rig rig = Rig.before(transport, Rig.nobody(), Rig.nobody(), Rig.nobody(), Rig.nobody())) {
      assertReset(rig);

      assertThat(rig.end()).isEqualTo(new End(Cause.CONNECT_FAILED, "b2", 3, 0, 0));
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void withoutABackendTheClientIsReset(Transport transport) throws Exception {
    try (Rig rig = Rig.before(transport)) {
      assertReset(rig);

      assertThat(rig.end()).isEqualTo(new End(Cause.NO_BACKEND, null, 0, 0, 0));
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aResetOfTheBackendResetsTheClient(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, backend.address())) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());
      server.getOutputStream().write(1);
      assertThat(client.getInputStream().read()).isEqualTo(1);

      reset(server);

      assertReset(client);
      assertThat(rig.end().cause()).isEqualTo(Cause.BACKEND_RESET);
      assertThat(rig.endedBy).isEqualTo(By.BACKEND_RESET);
      rig.settled();
      assertThat(rig.outcomes).containsExactly("b0 TRUNCATED");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aResetOfTheClientResetsTheBackend(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, backend.address())) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());
      client.getOutputStream().write(1);
      assertThat(server.getInputStream().read()).isEqualTo(1);

      reset(client);

      assertReset(server);
      assertThat(rig.end().cause()).isEqualTo(Cause.CLIENT_ABORT);
      assertThat(rig.endedBy).isEqualTo(By.CLIENT_RESET);
      rig.settled();
      assertThat(rig.outcomes).containsExactly("b0 CLIENT_ABORT");
    }
  }

  @ParameterizedTest
  @MethodSource("transportsThatSeeResetsAfterTheEnd")
  void aResetAfterTheClientsOwnEndResetsTheBackend(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, backend.address())) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());
      client.shutdownOutput();
      assertThat(server.getInputStream().read()).isEqualTo(-1);

      reset(client);

      assertThat(rig.end().cause()).isEqualTo(Cause.CLIENT_ABORT);
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transportsThatSeeResetsAfterTheEnd")
  void aResetAfterTheBackendsOwnEndResetsTheClient(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, backend.address())) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());
      server.shutdownOutput();
      assertThat(client.getInputStream().read()).isEqualTo(-1);

      reset(server);

      assertThat(rig.end().cause()).isEqualTo(Cause.BACKEND_RESET);
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void silenceEndsASession(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, timeouts(200, 30_000), backend.address())) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());

      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(server.getInputStream().read()).isEqualTo(-1);
      assertThat(rig.end().cause()).isEqualTo(Cause.IDLE_TIMEOUT);
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aHalfClosedSessionIsGivenLessTime(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, timeouts(60_000, 200), backend.address())) {
      Socket client = rig.client();
      rig.keep(backend.next());

      client.shutdownOutput();

      assertThat(rig.end().cause()).isEqualTo(Cause.IDLE_TIMEOUT);
      assertThat(rig.endedBy).isEqualTo(By.SILENCE);
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void drainingLetsASessionGoOnUntilTheDeadline(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, backend.address())) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());

      var retired = rig.listener.retire(Duration.ofSeconds(30));
      client.getOutputStream().write(7);
      assertThat(server.getInputStream().read()).isEqualTo(7);
      assertThat(retired).isNotDone();
      client.close();
      server.close();

      retired.get(10, TimeUnit.SECONDS);
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theDeadlineOfADrainResetsWhatIsLeft(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, backend.address())) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());

      rig.listener.retire(Duration.ofMillis(100)).get(10, TimeUnit.SECONDS);

      assertReset(client);
      assertReset(server);
      assertThat(rig.end().cause()).isEqualTo(Cause.SHUTDOWN);
      assertThat(rig.endedBy).isEqualTo(By.PROXY);
      rig.settled();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void clientsThatLeaveAtOnceLeaveNothingAndDisturbNobody(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend(TcpSessionTest::echo);
        Rig rig = Rig.before(transport, backend.address())) {
      Socket honest = rig.client();
      for (int i = 0; i < 300; i++) {
        Socket scan = rig.client();
        if (i % 3 == 0) {
          scan.close();
        } else if (i % 3 == 1) {
          reset(scan);
        } else {
          scan.getOutputStream().write(i);
          reset(scan);
        }
        honest.getOutputStream().write(i);
        assertThat(honest.getInputStream().read()).isEqualTo(i & 0xff);
      }
      honest.close();
      rig.settled();
      // Of some the kernel told us before we had accepted them.
      assertThat(rig.ends).noneMatch(end -> end.cause() == Cause.INTERNAL);
    }
  }

  private static void echo(Socket connection) throws IOException {
    connection.getInputStream().transferTo(connection.getOutputStream());
  }

  static ListenerConfig.Timeouts timeouts(int idleMillis, int finMillis) {
    return new ListenerConfig.Timeouts(
        null, null, Duration.ofMillis(idleMillis), Duration.ofMillis(finMillis), null);
  }

  static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  static byte[] random(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static void sendAndEnd(Socket socket, byte[] bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      for (int at = 0; at < bytes.length; at += 70_000) {
        out.write(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 70_000)));
      }
      socket.shutdownOutput();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  static byte[] readAll(Socket socket) {
    try {
      return socket.getInputStream().readAllBytes();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  // The reset may be there before connecting has returned.
  static void assertReset(Rig rig) {
    assertThatThrownBy(() -> rig.client().getInputStream().read())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  static void assertReset(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    assertThatThrownBy(
            () -> {
              while (in.read() >= 0) {
                // Until the end, which must not be a clean one.
              }
            })
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }
}
