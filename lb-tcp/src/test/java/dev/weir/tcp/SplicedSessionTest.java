package dev.weir.tcp;

import static dev.weir.tcp.TcpSessionTest.assertReset;
import static dev.weir.tcp.TcpSessionTest.random;
import static dev.weir.tcp.TcpSessionTest.readAll;
import static dev.weir.tcp.TcpSessionTest.reset;
import static dev.weir.tcp.TcpSessionTest.sendAndEnd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions with so much in one direction that the kernel moves it. */
@Timeout(60)
class SplicedSessionTest {
  private static final int MUCH = 6_000_000;

  @BeforeEach
  void onlyWithEpoll() {
    Assumptions.assumeTrue(Transport.of("auto") == Transport.EPOLL, "there is no epoll here");
  }

  private static Rig rig(TestBackend backend, int idleMillis) throws IOException {
    return Rig.before(
        Transport.EPOLL, TcpSessionTest.timeouts(idleMillis, idleMillis), backend.address());
  }

  /** The server sends without end, until the session is broken. */
  private static Thread flood(Socket server) {
    byte[] piece = random(9, 200_000);
    return TestBackend.start(
        "flood",
        () -> {
          try {
            while (true) {
              server.getOutputStream().write(piece);
            }
          } catch (IOException broken) {
            // As it should.
          }
        });
  }

  private static void awaitSplice(Rig rig) {
    await().atMost(Rig.SOON).until(() -> rig.loops.pipes().inUse() == 1);
  }

  @Test
  void theTailIsNotLostHoweverOftenTheSenderEndsAtOnce() throws Exception {
    byte[] answer = random(1, 1_500_000);
    try (TestBackend backend = new TestBackend();
        Rig rig = rig(backend, 60_000)) {
      for (int i = 0; i < 100; i++) {
        Socket client = rig.client();
        Socket server = rig.keep(backend.next());
        client.shutdownOutput();
        byte[] part = Arrays.copyOf(answer, answer.length - i * 7_001);
        Thread sending = TestBackend.start("down", () -> sendAndEnd(server, part));
        assertThat(readAll(client)).isEqualTo(part);
        sending.join();
        client.close();
        server.close();
      }
      assertThat(rig.loops.pipes().count()).as("pipes made").isPositive();
      rig.settled();
      assertThat(rig.ends).allMatch(end -> end.cause() == Cause.NONE);
    }
  }

  @Test
  void whatIsReadIsHeldWhileTheReaderRestsAndNothingMoreIsRead() throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = rig(backend, 60_000)) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());
      // More than all buffers between them take, which Linux lets grow to 32 MB.
      byte[] piece = random(2, 1_000_003);
      int pieces = 150;
      Thread sending = TestBackend.start("down", () -> send(server, piece, pieces));
      assertThat(client.getInputStream().readNBytes(piece.length)).isEqualTo(piece);
      assertThat(client.getInputStream().readNBytes(piece.length)).isEqualTo(piece);
      awaitSplice(rig);
      sending.join(300);
      assertThat(sending.isAlive()).as("the sender is held back").isTrue();

      for (int i = 2; i < pieces; i++) {
        assertThat(client.getInputStream().readNBytes(piece.length)).isEqualTo(piece);
      }
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      client.close();
      rig.settled();
      long bytes = (long) pieces * piece.length;
      assertThat(rig.end()).isEqualTo(new Rig.End(Cause.NONE, "b0", 1, 0, bytes));
    }
  }

  private static void send(Socket socket, byte[] piece, int times) {
    for (int i = 0; i < times; i++) {
      send(socket, piece);
    }
    try {
      socket.shutdownOutput();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void smallMessagesAfterBulkAreCopiedAgain() throws Exception {
    byte[] answer = random(3, MUCH);
    try (TestBackend backend = new TestBackend();
        Rig rig = rig(backend, 60_000)) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());
      TestBackend.start("down", () -> send(server, answer));
      assertThat(client.getInputStream().readNBytes(MUCH)).isEqualTo(answer);
      assertThat(rig.loops.pipes().count()).as("pipes made").isPositive();

      for (int i = 0; i < 20; i++) {
        server.getOutputStream().write(i);
        assertThat(client.getInputStream().read()).isEqualTo(i);
      }

      assertThat(rig.loops.pipes().inUse()).isZero();
      TestBackend.start("down", () -> sendAndEnd(server, answer));
      assertThat(readAll(client)).isEqualTo(answer);
    }
  }

  private static void send(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void aResetOfTheSenderInTheMiddleIsAReset() throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = rig(backend, 60_000)) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());
      flood(server);
      client.getInputStream().readNBytes(MUCH);
      awaitSplice(rig);

      reset(server);

      assertReset(client);
      assertThat(rig.end().cause()).isEqualTo(Cause.BACKEND_RESET);
      rig.settled();
    }
  }

  @Test
  void aResetOfTheReaderInTheMiddleIsAReset() throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = rig(backend, 60_000)) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());
      Thread flooding = flood(server);
      client.getInputStream().readNBytes(MUCH);
      awaitSplice(rig);

      reset(client);

      flooding.join();
      assertThat(rig.end().cause()).isEqualTo(Cause.CLIENT_ABORT);
      rig.settled();
    }
  }

  @Test
  void aReaderThatStopsForGoodIsResetSinceItHasNotGotEverything() throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = rig(backend, 400)) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());
      flood(server);
      client.getInputStream().readNBytes(MUCH);

      assertThat(rig.end().cause()).isEqualTo(Cause.IDLE_TIMEOUT);

      assertReset(client);
      rig.settled();
    }
  }

  @Test
  void withoutAFreePipeBytesAreCopied() throws Exception {
    byte[] answer = random(4, MUCH);
    try (TestBackend backend = new TestBackend();
        Rig rig = rig(backend, 60_000)) {
      List<Socket> clients = new ArrayList<>();
      for (int i = 0; i < Rig.PIPES + 4; i++) {
        clients.add(rig.client());
        Socket server = rig.keep(backend.next());
        TestBackend.start("down", () -> sendAndEnd(server, answer));
      }
      // Nobody reads to the end before all have sent what makes them be spliced.
      List<byte[]> first = new ArrayList<>();
      for (Socket client : clients) {
        first.add(client.getInputStream().readNBytes(2_000_000));
      }
      for (int i = 0; i < clients.size(); i++) {
        byte[] rest = readAll(clients.get(i));
        assertThat(first.get(i)).isEqualTo(Arrays.copyOf(answer, 2_000_000));
        assertThat(rest).isEqualTo(Arrays.copyOfRange(answer, 2_000_000, MUCH));
        clients.get(i).close();
      }
      assertThat(rig.loops.pipes().count()).isLessThanOrEqualTo(Rig.PIPES);
      rig.settled();
    }
  }
}
