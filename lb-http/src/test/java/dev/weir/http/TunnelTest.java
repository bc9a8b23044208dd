package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.ListenerConfig;
import dev.weir.core.observe.Cause;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After 101: two directions that end for themselves, and how long they may be silent. */
final class TunnelTest {
  private static final String UPGRADE =
      "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";
  private static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
  private static final long SECOND = 1_000_000_000L;

  private final BlockingQueue<RawBackend.Peer> peers = new LinkedBlockingQueue<>();
  private final BlockingQueue<Boolean> over = new LinkedBlockingQueue<>();
  private RawBackend backend;
  private Proxy proxy;
  private RawClient client;
  private RawBackend.Peer peer;

  @BeforeEach
  void open() throws Exception {
    backend =
        new RawBackend(
            at -> {
              at.request();
              at.send(SWITCHING);
              peers.add(at);
              over.take();
            });
    ListenerConfig.Timeouts timeouts =
        new ListenerConfig.Timeouts(null, null, null, Duration.ofSeconds(30), null);
    proxy = new Proxy(Proxy.listening(timeouts, null), Proxy.pooling(null), backend.address());
    client = proxy.client();
    assertThat(client.send(UPGRADE).readHead()).startsWith("HTTP/1.1 101 ");
    peer = peers.poll(10, TimeUnit.SECONDS);
    peer.socket.setSoTimeout(20_000);
  }

  @AfterEach
  void close() throws Exception {
    over.add(true);
    client.close();
    await().until(() -> proxy.ended.size() == 1 && proxy.closed.size() == 1);
    assertThat(proxy.listener.openConnections()).isZero();
    proxy.close();
    backend.close();
  }

  /** What was posted to the event loop is done, and what is due has expired. */
  private void settle() throws Exception {
    for (int i = 0; i < 3; i++) {
      proxy.loops.get(0).loop().submit(() -> proxy.loops.get(0).wheel().tick()).get();
    }
  }

  @Test
  void theClientGoesOnAfterTheBackendHasEnded() throws Exception {
    peer.send("last words");
    peer.socket.shutdownOutput();
    assertThat(client.readAll()).isEqualTo("last words");
    for (int i = 0; i < 3; i++) {
      client.send("more");
      assertThat(peer.read(4)).isEqualTo("more");
    }
    client.endOutput();
    assertThat(peer.readAll()).isEmpty();
    await().until(() -> proxy.ended.size() == 1);
    assertThat(proxy.ended.element().cause()).isEqualTo(Cause.NONE);
    assertThat(proxy.leases()).isZero();
  }

  @Test
  void theBackendGoesOnAfterTheClientHasEnded() throws Exception {
    client.send("last words").endOutput();
    assertThat(peer.readAll()).isEqualTo("last words");
    for (int i = 0; i < 3; i++) {
      peer.send("more");
      assertThat(client.read(4)).isEqualTo("more");
    }
    assertThat(proxy.ended).isEmpty();
    peer.socket.shutdownOutput();
    assertThat(client.readAll()).isEmpty();
    await().until(() -> proxy.ended.size() == 1);
    assertThat(proxy.ended.element().cause()).isEqualTo(Cause.NONE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void muchThatIsOnItsWayComesBeforeTheEnd(boolean toClient) throws Exception {
    int parts = 200;
    String part = "x".repeat(50_000);
    Thread sender =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < parts; i++) {
                  if (toClient) {
                    peer.send(part);
                  } else {
                    client.send(part);
                  }
                }
                if (toClient) {
                  peer.socket.shutdownOutput();
                } else {
                  client.endOutput();
                }
              } catch (IOException failure) {
                // The other side sees too little then.
              }
            });
    // Ended both ways: what is under way in one direction does not depend on the other.
    if (toClient) {
      client.endOutput();
    } else {
      peer.socket.shutdownOutput();
    }
    sender.start();
    String got = toClient ? client.readAll() : peer.readAll();
    assertThat(got.length()).isEqualTo(parts * part.length());
    sender.join();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onceOneDirectionHasEndedTheOtherMayBeSilentForTheFinTime(boolean clientEnds)
      throws Exception {
    if (clientEnds) {
      client.endOutput();
      assertThat(peer.readAll()).isEmpty();
    } else {
      peer.socket.shutdownOutput();
      assertThat(client.readAll()).isEmpty();
    }
    settle();
    proxy.ahead.addAndGet(20 * SECOND);
    if (clientEnds) {
      peer.send("more");
      assertThat(client.read(4)).isEqualTo("more");
    } else {
      client.send("more");
      assertThat(peer.read(4)).isEqualTo("more");
    }
    settle();
    proxy.ahead.addAndGet(20 * SECOND);
    settle();
    assertThat(proxy.ended).isEmpty();
    proxy.ahead.addAndGet(20 * SECOND);
    await().until(() -> proxy.ended.size() == 1);
  }

  @Test
  void bothDirectionsMayBeSilentForAnHour() throws Exception {
    settle();
    proxy.ahead.addAndGet(3590 * SECOND);
    client.send("more");
    assertThat(peer.read(4)).isEqualTo("more");
    settle();
    proxy.ahead.addAndGet(3590 * SECOND);
    peer.send("more");
    assertThat(client.read(4)).isEqualTo("more");
    proxy.ahead.addAndGet(3700 * SECOND);
    assertThat(client.readAll()).isEmpty();
  }

  @Test
  void aResetOfTheBackendIsAResetForTheClient() throws Exception {
    peer.reset();
    assertThatThrownBy(() -> client.readAll()).isInstanceOf(IOException.class);
    await().until(() -> proxy.ended.size() == 1);
    assertThat(proxy.ended.element().cause()).isEqualTo(Cause.BACKEND_RESET);
  }

  @Test
  void aClientThatGoesTakesTheBackendsConnectionWithIt() throws Exception {
    client.reset();
    assertThatThrownBy(() -> peer.read(1)).isInstanceOf(IOException.class);
  }
}
