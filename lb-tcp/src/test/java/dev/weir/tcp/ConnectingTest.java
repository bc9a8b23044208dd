package dev.weir.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.net.Transport;
import dev.weir.core.observe.Cause;
import dev.weir.core.observe.EndSummary.By;
import dev.weir.tcp.Rig.End;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions whose backend does not answer when it is connected to. */
@Timeout(60)
class ConnectingTest {
  private final List<AutoCloseable> ours = new ArrayList<>();

  static List<Transport> transports() {
    return TcpSessionTest.transports();
  }

  // The JDK's selector says nothing of a connection that is not read from.
  static List<Transport> transportsThatSeeResetsUnasked() {
    return transports().stream().filter(transport -> transport != Transport.NIO).toList();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable mine : ours) {
      mine.close();
    }
  }

  /** Its accept queue is full, so that the kernel drops what asks for another connection. */
  private InetSocketAddress silent() throws IOException {
    ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    ours.add(full);
    InetSocketAddress to = (InetSocketAddress) full.getLocalSocketAddress();
    for (int i = 0; i < 8; i++) {
      Socket filling = new Socket();
      ours.add(filling);
      try {
        filling.connect(to, 200);
      } catch (IOException isFull) {
        return to;
      }
    }
    throw new AssertionError("its queue is never full");
  }

  @ParameterizedTest
  @MethodSource("transportsThatSeeResetsUnasked")
  void aClientThatBreaksOffEndsTheAttemptAndNoOtherIsMade(Transport transport) throws Exception {
    try (TestBackend other = new TestBackend();
        Rig rig = Rig.before(transport, silent(), other.address())) {
      Socket client = rig.client();
      await().atMost(Rig.SOON).until(() -> rig.loops.budget().upstreamConnections() == 1);

      TcpSessionTest.reset(client);

      assertThat(rig.end()).isEqualTo(new End(Cause.CLIENT_ABORT, "b0", 1, 0, 0));
      assertThat(rig.endedBy).isEqualTo(By.CLIENT_RESET);
      rig.settled();
      assertThat(rig.outcomes).containsExactly("b0 CLIENT_ABORT");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aBackendThatDoesNotAnswerIsReplaced(Transport transport) throws Exception {
    try (TestBackend backend = new TestBackend();
        Rig rig = Rig.before(transport, silent(), backend.address())) {
      Socket client = rig.client();
      Socket server = rig.keep(backend.next());
      server.close();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      client.close();
      assertThat(rig.end().attempts()).isEqualTo(2);
      rig.settled();
      assertThat(rig.outcomes).containsExactly("b0 UNREACHABLE", "b1 OK");
    }
  }
}
