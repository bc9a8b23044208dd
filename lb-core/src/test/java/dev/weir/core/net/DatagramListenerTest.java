package dev.weir.core.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.HostPort;
import dev.weir.core.control.Ticker;
import dev.weir.core.observe.Drop;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sockets that take datagrams, and which session they are handed to. */
@Timeout(60)
class DatagramListenerTest {
  private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);
  private static final Duration SOON = Duration.ofSeconds(10);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Queue<Noting> sessions = new ConcurrentLinkedQueue<>();
  private final Queue<String> order = new ConcurrentLinkedQueue<>();
  private final Queue<Drop> drops = new ConcurrentLinkedQueue<>();

  static List<Transport> transports() {
    return Transport.available();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T keep(T mine) {
    open.add(mine);
    return mine;
  }

  private Loops loops(Transport transport, int count) {
    return keep(new Loops(transport, count, Ticker.system(), new SplittableRandom(1)));
  }

  private DatagramListener listen(Loops loops, HostPort bind) throws IOException {
    DatagramListener listener = DatagramListener.open("front", bind, loops, new Handler());
    open.add(() -> listener.close().get(5, TimeUnit.SECONDS));
    return listener;
  }

  private final class Handler implements DatagramHandler {
    @Override
    public DatagramSession begin(DatagramPort port, InetSocketAddress client) {
      Noting session = new Noting(port, client);
      sessions.add(session);
      return session;
    }

    @Override
    public void dropped(LoopContext loop, Drop why) {
      drops.add(why);
    }
  }

  /** Writes down what comes, and sends it back. */
  private final class Noting extends DatagramSession {
    private final Queue<String> received = new ConcurrentLinkedQueue<>();

    Noting(DatagramPort port, InetSocketAddress client) {
      super(port, client);
    }

    @Override
    protected boolean goesOn() {
      return true;
    }

    @Override
    protected void received(ByteBuffer data) {
      assertThat(port().loop().loop().inEventLoop()).isTrue();
      String text = UTF_8.decode(data.duplicate()).toString();
      received.add(text);
      order.add(text);
      port().answer(data, client());
    }

    @Override
    protected void check() {}

    @Override
    protected void drain() {
      abort();
    }

    @Override
    protected void abort() {
      port().ended(this);
    }
  }

  private DatagramSocket client() throws IOException {
    DatagramSocket client = keep(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
    client.setSoTimeout(10_000);
    return client;
  }

  private static void send(DatagramSocket client, String data, InetSocketAddress to)
      throws IOException {
    byte[] bytes = data.getBytes(UTF_8);
    client.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private static void ask(DatagramSocket client, InetSocketAddress to) throws IOException {
    send(client, "?", to);
    client.receive(new DatagramPacket(new byte[16], 16));
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aClientStaysOnOneLoopAndHasOneSession(Transport transport) throws Exception {
    Loops loops = loops(transport, 3);
    DatagramListener listener = listen(loops, ANY_PORT);
    for (int c = 0; c < 30; c++) {
      DatagramSocket client = client();
      for (int i = 0; i < 5; i++) {
        ask(client, listener.address());
      }
    }
    assertThat(sessions).hasSize(30).allMatch(session -> session.received.size() == 5);
    Set<LoopContext> used = new HashSet<>();
    sessions.forEach(session -> used.add(session.port().loop()));
    assertThat(used).hasSize(transport.socketPerLoop() ? 3 : 1);
    assertThat(listener.openConnections()).isEqualTo(30);
    assertThat(loops.budget().connections()).isEqualTo(30);
    listener.abort();
    await().atMost(SOON).until(() -> loops.budget().connections() == 0);
    assertThat(listener.openConnections()).isZero();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anAddressInUseIsNamedAndNothingStaysOpen(Transport transport) throws Exception {
    Loops loops = loops(transport, 2);
    DatagramListener listener = listen(loops, ANY_PORT);
    int port = listener.address().getPort();
    assertThatThrownBy(() -> listen(loops, new HostPort("127.0.0.1", port)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("listener front: cannot take datagrams on 127.0.0.1:" + port)
        .hasMessageContaining("Address already in use");
    assertThatThrownBy(() -> listen(loops, new HostPort("no.such.host.invalid", 1)))
        .hasMessageContaining("unknown host no.such.host.invalid");
    listener.close().get(5, TimeUnit.SECONDS);
    ask(client(), listen(loops, new HostPort("127.0.0.1", port)).address());
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whatWaitsInTheSocketsIsTakenBeforeTheEnd(Transport transport) throws Exception {
    Loops loops = loops(transport, 1);
    DatagramListener listener = listen(loops, ANY_PORT);
    DatagramSocket client = client();
    ask(client, listener.address());
    var held = new java.util.concurrent.CountDownLatch(1);
    loops.get(0).loop().execute(() -> hold(held));
    for (int i = 0; i < 100; i++) {
      send(client, "late", listener.address());
    }
    var retired = listener.retire(Duration.ofSeconds(1));
    held.countDown();
    retired.get(10, TimeUnit.SECONDS);
    assertThat(sessions.peek().received).hasSize(101);
  }

  private static void hold(java.util.concurrent.CountDownLatch until) {
    try {
      assertThat(until.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void nobodyIsAnsweredAtPortZero() throws Exception {
    Loops loops = loops(Transport.of("auto"), 1);
    DatagramListener listener = listen(loops, ANY_PORT);
    ask(client(), listener.address());
    DatagramPort port = sessions.peek().port();
    InetAddress host = InetAddress.getByName("192.0.2.1");
    loops
        .get(0)
        .loop()
        .submit(() -> port.received(ByteBuffer.allocate(1), new InetSocketAddress(host, 0)))
        .get(5, TimeUnit.SECONDS);
    loops
        .get(0)
        .loop()
        .submit(() -> port.received(ByteBuffer.allocate(1), listener.address()))
        .get(5, TimeUnit.SECONDS);
    assertThat(drops).containsExactly(Drop.BAD_SOURCE, Drop.BAD_SOURCE);
    assertThat(sessions).hasSize(1);
  }

  /** As when a second machine hands an address over to this one. */
  @ParameterizedTest
  @MethodSource("transports")
  void anAddressThatComesLaterGetsASocketOfItsOwn(Transport transport) throws Exception {
    AtomicLong now = new AtomicLong(1);
    Loops loops = keep(new Loops(transport, 2, now::get, new SplittableRandom(1)));
    InetAddress first = InetAddress.getByName("127.0.0.1");
    InetAddress second = InetAddress.getByName("127.0.0.2");
    AtomicReference<Set<InetAddress>> machine = new AtomicReference<>(Set.of(first));
    DatagramListener listener =
        DatagramListener.open(
            "front", new HostPort("0.0.0.0", 0), loops, new Handler(), any -> machine.get());
    open.add(() -> listener.close().get(5, TimeUnit.SECONDS));
    InetSocketAddress to = new InetSocketAddress(second, listener.address().getPort());
    DatagramSocket client = client();

    assertThat(source(client, to)).isEqualTo(first);
    machine.set(Set.of(first, second));
    now.addAndGet(TimeUnit.SECONDS.toNanos(11));
    await().atMost(SOON).until(() -> source(client, to).equals(second));
    assertThat(source(client, new InetSocketAddress(first, to.getPort()))).isEqualTo(first);

    // And it leaves again, with the sessions of its clients.
    machine.set(Set.of(first));
    listener.abort();
    now.addAndGet(TimeUnit.SECONDS.toNanos(11));
    source(client, new InetSocketAddress("127.0.0.3", to.getPort()));
    await().atMost(SOON).until(() -> source(client, to).equals(first));
  }

  private static InetAddress source(DatagramSocket client, InetSocketAddress to)
      throws IOException {
    send(client, "?", to);
    DatagramPacket answer = new DatagramPacket(new byte[16], 16);
    client.receive(answer);
    return answer.getAddress();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void oneBusyClientDoesNotKeepOthersWaiting(Transport transport) throws Exception {
    Loops loops = loops(transport, 1);
    DatagramListener busy = listen(loops, ANY_PORT);
    DatagramListener quiet = listen(loops, ANY_PORT);
    DatagramSocket flood = client();
    var held = new java.util.concurrent.CountDownLatch(1);
    loops.get(0).loop().execute(() -> hold(held));
    for (int i = 0; i < 200; i++) {
      send(flood, "f" + i, busy.address());
    }
    DatagramSocket other = client();
    send(other, "me too", quiet.address());
    held.countDown();
    other.receive(new DatagramPacket(new byte[16], 16));
    await().atMost(SOON).until(() -> order.size() == 201);
    assertThat(List.copyOf(order).indexOf("me too")).isLessThan(150);
  }

  /** A session that is in no listener. */
  static DatagramSession session(long key, InetSocketAddress client) {
    return new DatagramSession(key, client) {
      @Override
      protected boolean goesOn() {
        return true;
      }

      @Override
      protected void received(ByteBuffer data) {}

      @Override
      protected void check() {}

      @Override
      protected void drain() {}

      @Override
      protected void abort() {}
    };
  }
}
