package dev.weir.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sessions in which both sides do as a seeded script says: send, dawdle, end, reset, leave. So many
 * of them as {@code -Dweir.schedules} says, on the transport that is the default.
 */
@Timeout(1800)
class RandomSessionsTest {
  private static final int AT_ONCE = 8;

  // The largest are spliced for most of their length.
  private static final int[] SIZES = {100, 100, 600_000, 3_000_000};

  static List<Transport> transports() {
    return Transport.available();
  }

  /** How a side finishes once it has sent its share. */
  private enum Finish {
    END,
    RESET,
    LEAVE
  }

  /** How a side saw the other's stream stop. */
  private enum Seen {
    END,
    RESET,
    NOTHING
  }

  @ParameterizedTest
  @MethodSource("transports")
  void everySessionEndsAsItsSidesDid(Transport transport) throws Exception {
    int seeds = transport == Transport.of("auto") ? Integer.getInteger("weir.schedules", 400) : 80;
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, timeouts(transport), backend.address())) {
      for (int from = 0; from < seeds; from += AT_ONCE) {
        List<Pair> pairs = new ArrayList<>();
        for (int seed = from; seed < from + AT_ONCE; seed++) {
          // One after the other, so that it is known which connection belongs to which client.
          Socket client = rig.client();
          pairs.add(new Pair(seed, client, backend.next(), transport != Transport.IO_URING));
        }
        for (Pair pair : pairs) {
          pair.run();
        }
        for (Pair pair : pairs) {
          pair.check();
        }
        int sessions = from + AT_ONCE;
        await().atMost(Duration.ofSeconds(30)).until(() -> rig.ends.size() == sessions);
      }
      rig.settled();
      assertThat(rig.ends).noneMatch(end -> end.cause() == Cause.INTERNAL);
      assertThat(rig.outcomes).hasSize(seeds);
      assertThat(rig.closed.get()).isEqualTo(seeds);
      if (transport == Transport.EPOLL) {
        assertThat(rig.loops.pipes().count()).as("pipes made").isPositive();
      }
    }
  }

  // Where a reset after the end is not seen, only time ends such a session.
  private static ListenerConfig.Timeouts timeouts(Transport transport) {
    return TcpSessionTest.timeouts(60_000, transport.seesResetAfterEnd() ? 60_000 : 5_000);
  }

  private static final class Pair {
    private final int seed;
    private final Side client;
    private final Side server;
    private final boolean resetsAreSeen;

    Pair(int seed, Socket client, Socket server, boolean resetsAreSeen) {
      this.seed = seed;
      this.resetsAreSeen = resetsAreSeen;
      Random random = new Random(seed);
      this.client = new Side(client, random);
      this.server = new Side(server, random);
    }

    void run() {
      client.run();
      server.run();
    }

    void check() throws Exception {
      client.join();
      server.join();
      check(client, server, "server to client");
      check(server, client, "client to server");
      client.socket.close();
      server.socket.close();
    }

    private void check(Side receiver, Side sender, String direction) {
      String what = "seed " + seed + ", " + direction + ": " + sender + " -> " + receiver;
      byte[] got = receiver.received.toByteArray();
      assertThat(got.length).as(what).isLessThanOrEqualTo(sender.bytes.length);
      assertThat(got).as(what).isEqualTo(Arrays.copyOf(sender.bytes, got.length));
      boolean quiet = receiver.finish == Finish.END && sender.finish == Finish.END;
      if (resetsAreSeen && receiver.seen == Seen.END && sender.finish != Finish.LEAVE) {
        assertThat(sender.finish).as(what).isEqualTo(Finish.END);
        assertThat(got).as(what).hasSameSizeAs(sender.bytes);
      }
      if (quiet) {
        assertThat(receiver.seen).as(what).isEqualTo(Seen.END);
      }
    }
  }

  private static final class Side {
    private final Socket socket;
    private final byte[] bytes;
    private final Finish finish;
    private final int readAtOnce;
    private final int writeAtOnce;
    private final int readBeforeLeaving;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private volatile Seen seen = Seen.NOTHING;
    private volatile boolean writeFailed;
    private Thread reading;
    private Thread writing;

    Side(Socket socket, Random random) {
      this.socket = socket;
      int dice = random.nextInt(10);
      finish = dice < 6 ? Finish.END : dice < 8 ? Finish.RESET : Finish.LEAVE;
      bytes = new byte[random.nextInt(SIZES[random.nextInt(SIZES.length)])];
      random.nextBytes(bytes);
      readAtOnce = 1 + random.nextInt(random.nextInt(4) == 0 ? 50 : 100_000);
      writeAtOnce = 1 + random.nextInt(random.nextInt(4) == 0 ? 500 : 200_000);
      readBeforeLeaving = random.nextInt(random.nextBoolean() ? 100_000 : 2_000_000);
    }

    void run() {
      reading = TestBackend.start("reading", this::read);
      writing = TestBackend.start("writing", this::write);
    }

    void join() throws InterruptedException {
      reading.join();
      writing.join();
      seen = writeFailed ? Seen.RESET : seen;
    }

    private void read() {
      byte[] buffer = new byte[readAtOnce];
      try {
        InputStream in = socket.getInputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          received.write(buffer, 0, read);
          if (finish == Finish.LEAVE && received.size() >= readBeforeLeaving) {
            socket.close();
            return;
          }
        }
        seen = Seen.END;
      } catch (IOException reset) {
        seen = Seen.RESET;
      }
    }

    private void write() {
      try {
        OutputStream out = socket.getOutputStream();
        for (int at = 0; at < bytes.length; at += writeAtOnce) {
          out.write(bytes, at, Math.min(writeAtOnce, bytes.length - at));
        }
        switch (finish) {
          case END -> socket.shutdownOutput();
          case RESET -> TcpSessionTest.reset(socket);
          case LEAVE -> socket.close();
        }
      } catch (IOException reset) {
        // The kernel tells it once, here or to the reader, who then sees what looks like an end.
        writeFailed = true;
      }
    }

    @Override
    public String toString() {
      return bytes.length + " bytes " + finish + " (saw " + seen + ")";
    }
  }
}
