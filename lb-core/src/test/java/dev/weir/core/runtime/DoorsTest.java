package dev.weir.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.net.Listener;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners whose sockets are closed while all is down: real sockets, time by hand. */
@Timeout(60)
class DoorsTest {
  private static final String BASE =
      "{'listeners':{'db':{'bind':'127.0.0.1:0','protocol':'tcp','pool':'a'}},'pools':{"
          + "'a':{'allDown':'close','health':{'interval':'2s','fall':3,'rise':2},"
          + "'backends':{'a1':{'address':'127.0.0.1:3001'},'a2':{'address':'127.0.0.1:3002'}}},"
          + "'b':{'health':{'interval':'2s','fall':3,'rise':2},"
          + "'backends':{'b1':{'address':'127.0.0.1:3003'}}}}}";
  private static final String A_STANDS_IN = "'a':{'allDown':{'pool':'b'}";

  private Running running;

  @AfterEach
  void close() {
    running.close();
  }

  private Listener start(String json) throws Exception {
    running = new Running(json);
    running.start();
    running.pass(Duration.ofSeconds(3));
    return (Listener) running.runtime.snapshot().listeners().get("db");
  }

  /** Fails probes until they are believed; then the sockets are closed without further time. */
  private void allDown(Listener listener) {
    running.failing.add("127.0.0.1:3001");
    running.failing.add("127.0.0.1:3002");
    running.pass(Duration.ofSeconds(4));
    await().until(() -> !refreshed(listener).isListening());
    await().until(() -> refused(listener));
  }

  private Listener refreshed(Listener listener) {
    running.pass(Duration.ZERO);
    return listener;
  }

  private static boolean refused(Listener listener) throws IOException {
    try (Socket client = new Socket()) {
      client.connect(listener.address(), 1_000);
      return false;
    } catch (ConnectException refused) {
      return true;
    }
  }

  @Test
  void clientsAreRefusedByTheKernelUntilSomebodyIsBack() throws Exception {
    Listener listener = start(BASE);
    InetSocketAddress address = listener.address();
    running.failing.add("127.0.0.1:3001");
    running.pass(Duration.ofSeconds(4));
    assertThat(refused(listener)).as("one is left").isFalse();

    allDown(listener);
    assertThat(running.runtime.ready()).as("as it should be").isTrue();
    assertThat(running.turns)
        .containsExactly("a false", "db closed: nobody is eligible where it leads");

    running.failing.remove("127.0.0.1:3002");
    running.pass(Duration.ofSeconds(4));
    assertThat(listener.isListening()).isTrue();
    assertThat(refused(listener)).isFalse();
    assertThat(listener.address()).isEqualTo(address);
    assertThat(running.turns).endsWith("a true", "db listening");
  }

  @Test
  void aPortThatIsTakenMeanwhileIsTriedAgainAndShown() throws Exception {
    Listener listener = start(BASE);
    allDown(listener);
    String failure = "listener db: cannot listen on 127.0.0.1:0: Address already in use";
    try (ServerSocket other = new ServerSocket()) {
      other.setReuseAddress(true);
      other.bind(listener.address());
      running.failing.clear();
      running.pass(Duration.ofSeconds(4));
      assertThat(running.turns).endsWith("a true", "db stuck: " + failure);
      running.pass(Duration.ofSeconds(10));
      assertThat(running.turns).as("said once").endsWith("a true", "db stuck: " + failure);
      assertThat(running.runtime.ready()).isFalse();
      assertThat(running.runtime.stuck()).containsEntry("db", failure).hasSize(1);
    }
    running.pass(Doors.BETWEEN_TRIES);
    assertThat(running.runtime.ready()).isTrue();
    assertThat(refused(listener)).isFalse();
    assertThat(running.turns).endsWith("db listening");
  }

  @Test
  void whatCannotBeOpenedIsForgottenWhenNobodyWantsItOpen() throws Exception {
    Listener listener = start(BASE);
    allDown(listener);
    try (ServerSocket other = new ServerSocket()) {
      other.setReuseAddress(true);
      other.bind(listener.address());
      running.failing.clear();
      running.pass(Duration.ofSeconds(4));
      assertThat(running.runtime.ready()).isFalse();
      running.failing.add("127.0.0.1:3001");
      running.failing.add("127.0.0.1:3002");
      running.pass(Duration.ofSeconds(6));
      assertThat(running.runtime.ready()).isTrue();
    }
    running.pass(Duration.ofSeconds(3));
    assertThat(refused(listener)).isTrue();
  }

  @Test
  void aPoolThatStandsInKeepsThemOpenAndTheLastOneDecides() throws Exception {
    Listener listener =
        start(
            BASE.replace("'a':{'allDown':'close'", A_STANDS_IN)
                .replace("'b':{", "'b':{'allDown':'close',"));
    running.failing.add("127.0.0.1:3001");
    running.failing.add("127.0.0.1:3002");
    running.pass(Duration.ofSeconds(4));
    assertThat(running.turns).containsExactly("a false");
    assertThat(refused(listener)).isFalse();

    running.failing.add("127.0.0.1:3003");
    running.pass(Duration.ofSeconds(4));
    await().until(() -> refused(refreshed(listener)));
    running.failing.remove("127.0.0.1:3003");
    running.pass(Duration.ofSeconds(4));
    assertThat(refused(listener)).isFalse();
  }

  @Test
  void aListenerWithRoutesClosesWhenEveryPoolItLeadsToIsClosed() throws Exception {
    Listener listener =
        start(
            BASE.replace(
                    "'pool':'a'",
                    "'routes':[{'match':{'sni':['b.example']},'pool':'b'}],'pool':'a'")
                .replace("'b':{", "'b':{'allDown':'close',"));
    running.failing.add("127.0.0.1:3001");
    running.failing.add("127.0.0.1:3002");
    running.pass(Duration.ofSeconds(4));
    assertThat(running.turns).containsExactly("a false");
    assertThat(refused(listener)).isFalse();

    running.failing.add("127.0.0.1:3003");
    running.pass(Duration.ofSeconds(4));
    await().until(() -> refused(refreshed(listener)));
  }

  @Test
  void anotherConfigurationOpensThemAndClosesThem() throws Exception {
    Listener listener = start(BASE);
    allDown(listener);
    running.change(Edits.patchPool("a", Running.json("{'allDown':'reset'}")));
    await().until(() -> !refused(refreshed(listener)));
    running.change(Edits.patchPool("a", Running.json("{'allDown':'close'}")));
    await().until(() -> refused(refreshed(listener)));
    running.change(Edits.patch(Running.json("{'listeners':{'db':{'pool':'b'}}}")));
    await().until(() -> !refused(refreshed(listener)));
    assertThat(running.runtime.snapshot().listeners().get("db")).isSameAs(listener);
  }

  @Test
  void theOperatorsWishCountsAsProbesDo() throws Exception {
    Listener listener = start(BASE);
    running.change(Edits.patchBackend("a", "a1", Running.json("{'state':'DRAIN'}")));
    running.change(Edits.patchBackend("a", "a2", Running.json("{'state':'MAINT'}")));
    await().until(() -> refused(refreshed(listener)));
    running.change(Edits.patchBackend("a", "a1", Running.json("{'state':'READY'}")));
    await().until(() -> !refused(refreshed(listener)));
  }

  @Test
  void aListenerThatHasLeftIsNotOpenedAgain() throws Exception {
    Listener listener = start(BASE);
    allDown(listener);
    running.change(Edits.patch(Running.json("{'listeners':{'db':null}}")));
    running.failing.clear();
    running.pass(Duration.ofSeconds(10));
    assertThat(listener.isListening()).isFalse();
    listener.openSockets();
    assertThat(listener.isListening()).as("it has ended").isFalse();
    await().until(() -> refused(listener));
  }
}
