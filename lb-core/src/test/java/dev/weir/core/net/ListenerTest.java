package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.HostPort;
import dev.weir.core.control.Ticker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ListenerTest {
  private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);
  private static final Duration SOON = Duration.ofSeconds(10);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger drained = new AtomicInteger();

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

  private Loops loops(Transport transport) {
    return loops(transport, ConnectionBudget.unlimited());
  }

  private Loops loops(Transport transport, ConnectionBudget budget) {
    return keep(
        new Loops(transport, 2, Ticker.system(), new SplittableRandom(1), budget, Pipes.none()));
  }

  private Listener listen(Loops loops) throws IOException {
    return listen(loops, ANY_PORT);
  }

  private Listener listen(Loops loops, HostPort bind) throws IOException {
    Listener listener = Listener.open("front", bind, loops, this::take);
    open.add(() -> listener.close().get(5, TimeUnit.SECONDS));
    return listener;
  }

  private void take(Channel child, LoopContext loop, Listener listener) {
    assertThat(loop.loop().inEventLoop()).isTrue();
    child.pipeline().addLast(new Greeter());
  }

  /** Says a byte, and ends when told to. */
  private final class Greeter extends ClientConnection {
    private ChannelHandlerContext ctx;

    @Override
    public void channelActive(ChannelHandlerContext active) {
      ctx = active;
      accepted.incrementAndGet();
      ctx.writeAndFlush(ctx.alloc().buffer(1).writeByte('!'));
    }

    @Override
    public void channelRead(ChannelHandlerContext same, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext same, Object event) {
      ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext same, Throwable failure) {
      ctx.close();
    }

    @Override
    public void drain() {
      drained.incrementAndGet();
    }

    @Override
    public void abort() {
      ctx.close();
    }
  }

  private Socket connect(Listener listener) throws IOException {
    Socket client = keep(new Socket());
    client.connect(listener.address(), 5_000);
    client.setSoTimeout(10_000);
    return client;
  }

  private Socket greeted(Listener listener) throws IOException {
    Socket client = connect(listener);
    assertThat(client.getInputStream().read()).isEqualTo('!');
    return client;
  }

  @ParameterizedTest
  @MethodSource("transports")
  void everyConnectionIsCountedOnceUntilItCloses(Transport transport) throws Exception {
    Loops loops = loops(transport);
    Listener listener = listen(loops);
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(greeted(listener));
    }

    assertThat(listener.openConnections()).isEqualTo(20);
    assertThat(loops.budget().connections()).isEqualTo(20);
    clients.get(0).setSoLinger(true, 0);
    for (Socket client : clients) {
      client.close();
    }
    await().atMost(SOON).until(() -> listener.openConnections() == 0);
    assertThat(loops.budget().connections()).isZero();
    for (LoopContext loop : loops.all()) {
      assertThat(loop.loop().submit(() -> listener.connections(loop).size()).get()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anAddressInUseIsRefusedByName(Transport transport) throws Exception {
    Loops loops = loops(transport);
    HostPort taken = new HostPort("127.0.0.1", listen(loops).address().getPort());

    assertThatThrownBy(() -> Listener.open("other", taken, loops, this::take))
        .isInstanceOf(IOException.class)
        .hasMessage("listener other: cannot listen on " + taken + ": Address already in use");
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theGroupOfAnotherProcessIsNotJoined(Transport transport) throws Exception {
    ServerSocketChannel other = keep(ServerSocketChannel.open());
    other.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    other.bind(new InetSocketAddress("127.0.0.1", 0));
    int port = ((InetSocketAddress) other.getLocalAddress()).getPort();

    assertThatThrownBy(() -> listen(loops(transport), new HostPort("127.0.0.1", port)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Address already in use");
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anAddressIsFreeAgainAfterTheClose(Transport transport) throws Exception {
    Loops loops = loops(transport);
    Listener first = listen(loops);
    greeted(first);
    HostPort bind = new HostPort("127.0.0.1", first.address().getPort());

    first.close().get(5, TimeUnit.SECONDS);

    greeted(listen(loops, bind));
  }

  @ParameterizedTest
  @MethodSource("transports")
  void socketsAreClosedForAWhileAndConnectionsGoOn(Transport transport) throws Exception {
    Loops loops = loops(transport);
    Listener listener = listen(loops);
    InetSocketAddress address = listener.address();
    Socket old = greeted(listener);

    listener.closeSockets().get(5, TimeUnit.SECONDS);

    assertThat(listener.isListening()).isFalse();
    assertThatThrownBy(() -> connect(listener)).isInstanceOf(ConnectException.class);
    assertThat(listener.openConnections()).isEqualTo(1);
    listener.openSockets();
    assertThat(listener.address()).isEqualTo(address);
    greeted(listener);
    old.shutdownOutput();
    assertThat(old.getInputStream().read()).isEqualTo(-1);
    listener.close().get(5, TimeUnit.SECONDS);
    listener.openSockets();
    assertThat(listener.isListening()).as("the close was for good").isFalse();
    assertThatThrownBy(() -> connect(listener)).isInstanceOf(ConnectException.class);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whoeverIsConnectedWhenSocketsAreClosedForAWhileIsServed(Transport transport)
      throws Exception {
    Loops loops = loops(transport);
    Listener listener = listen(loops);
    for (int round = 0; round < 20; round++) {
      List<Socket> clients = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        clients.add(connect(listener));
      }
      listener.closeSockets().get(5, TimeUnit.SECONDS);
      for (Socket client : clients) {
        assertThat(client.getInputStream().read()).isEqualTo('!');
        client.close();
      }
      listener.openSockets();
    }
  }

  @Test
  void anUnknownHostIsRefusedByName() {
    Loops loops = loops(Transport.NIO);
    assertThatThrownBy(() -> listen(loops, new HostPort("no.such.host.invalid", 80)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("front")
        .hasMessageContaining("unknown host no.such.host.invalid");
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whatWaitsIsTakenInBeforeTheClose(Transport transport) throws Exception {
    Loops loops = loops(transport);
    Listener listener = listen(loops);
    listener.stopAccepting();
    settle(loops);
    List<Socket> waiting = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      waiting.add(connect(listener));
    }
    // Some transports have a few on their way when they are told to stop.
    assertThat(accepted.get()).isLessThan(30);

    listener.close().get(5, TimeUnit.SECONDS);

    for (Socket client : waiting) {
      assertThat(client.getInputStream().read()).isEqualTo('!');
    }
  }

  private static void settle(Loops loops) throws Exception {
    for (LoopContext loop : loops.all()) {
      loop.loop().submit(() -> {}).get(5, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void retiringDrainsAndAtTheDeadlineAborts(Transport transport) throws Exception {
    Listener listener = listen(loops(transport));
    Socket one = greeted(listener);
    Socket two = greeted(listener);

    var retired = listener.retire(Duration.ofMillis(200));
    retired.get(10, TimeUnit.SECONDS);

    assertThat(drained.get()).isEqualTo(2);
    assertThat(one.getInputStream().read()).isEqualTo(-1);
    assertThat(two.getInputStream().read()).isEqualTo(-1);
    assertThat(listener.openConnections()).isZero();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void retiringIsDoneAsSoonAsNothingIsOpen(Transport transport) throws Exception {
    Listener listener = listen(loops(transport));
    Socket client = greeted(listener);

    var retired = listener.retire(Duration.ofHours(1));
    await().atMost(SOON).until(() -> drained.get() == 1);
    assertThat(retired).isNotDone();
    client.close();

    retired.get(10, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aHandlerThatFailsLosesItsConnectionOnly(Transport transport) throws Exception {
    Loops loops = loops(transport);
    Listener listener = listen(loops);
    ConnectionHandler good = listener.handler();
    listener.handler(
        (child, loop, of) -> {
          throw new IllegalStateException("meant to be seen in the log");
        });

    assertThat(ended(connect(listener))).isTrue();
    await().atMost(SOON).until(() -> loops.budget().connections() == 0);
    listener.handler(good);
    greeted(listener);
  }

  private static boolean ended(Socket client) {
    try {
      return client.getInputStream().read() == -1;
    } catch (IOException reset) {
      return true;
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void atTheCapAcceptingPausesAndGoesOnByItself(Transport transport) throws Exception {
    FakeDescriptors descriptors = new FakeDescriptors(10_000);
    ConnectionBudget budget = keep(new ConnectionBudget(4, descriptors));
    Listener listener = listen(loops(transport, budget));
    List<Socket> inside = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      inside.add(greeted(listener));
    }
    assertThat(budget.exhausted()).isTrue();

    Socket waiting = connect(listener);
    Socket alsoWaiting = connect(listener);
    inside.get(0).close();
    inside.get(1).close();

    assertThat(waiting.getInputStream().read()).isEqualTo('!');
    assertThat(alsoWaiting.getInputStream().read()).isEqualTo('!');
    assertThat(budget.pauses()).isPositive();
    assertThat(budget.connections()).isLessThanOrEqualTo(6);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void withFewDescriptorsLeftAcceptingPauses(Transport transport) throws Exception {
    FakeDescriptors descriptors = new FakeDescriptors(1_000);
    ConnectionBudget budget = keep(new ConnectionBudget(500, descriptors));
    Loops loops = loops(transport, budget);
    Listener listener = listen(loops);
    Socket before = greeted(listener);
    descriptors.open = 1_000 - ConnectionBudget.RESERVED + 2;
    budget.sample();
    assertThat(budget.exhausted()).isTrue();
    settle(loops);

    List<Socket> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiting.add(connect(listener));
    }
    assertThat(before.isConnected()).isTrue();
    assertThat(listener.openConnections()).as("all but those on their way").isLessThan(5);
    descriptors.open = 100;
    budget.sample();

    for (Socket client : waiting) {
      assertThat(client.getInputStream().read()).isEqualTo('!');
    }
  }

  @Test
  void inheritedSocketsAreServed() throws Exception {
    Assumptions.assumeTrue(transports().contains(Transport.EPOLL));
    Loops loops = loops(Transport.EPOLL);
    for (int count : new int[] {1, 2, 3}) {
      List<Integer> descriptors = new ArrayList<>();
      InetSocketAddress at = new InetSocketAddress("127.0.0.1", 0);
      for (int i = 0; i < count; i++) {
        io.netty.channel.unix.Socket socket = io.netty.channel.unix.Socket.newSocketStream();
        socket.setReusePort(true);
        socket.bind(at);
        socket.listen(10);
        at = socket.localAddress();
        descriptors.add(socket.intValue());
      }
      HostPort bind = new HostPort("127.0.0.1", at.getPort());
      Listener listener = Listener.open("front", bind, loops, this::take, descriptors);

      assertThat(listener.descriptors()).isEqualTo(descriptors);
      assertThat(listener.address()).isEqualTo(at);
      for (int i = 0; i < 10; i++) {
        greeted(listener);
      }
      listener.close().get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void anInheritedDescriptorThatIsNoSuchSocketIsRefusedByName() throws Exception {
    Assumptions.assumeTrue(transports().contains(Transport.EPOLL));
    Loops loops = loops(Transport.EPOLL);
    assertThatThrownBy(
            () -> Listener.open("front", ANY_PORT, loops, this::take, List.of(1_000_000)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("listener front")
        .hasMessageContaining("inherited descriptor 1000000 is of no use: ");
    var socket = io.netty.channel.unix.Socket.newSocketStream();
    socket.bind(new InetSocketAddress("127.0.0.1", 0));
    int elsewhere = socket.intValue();
    assertThatThrownBy(
            () ->
                Listener.open(
                    "front", new HostPort("127.0.0.1", 1), loops, this::take, List.of(elsewhere)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("inherited descriptor " + elsewhere)
        .hasMessageContaining("instead");
  }

  @Test
  void onlyEpollTakesInheritedSockets() {
    Loops loops = loops(Transport.NIO);
    assertThatThrownBy(() -> Listener.open("front", ANY_PORT, loops, this::take, List.of(7)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("need the transport epoll");
  }

  /** A process with as many open descriptors as the test says. */
  static final class FakeDescriptors implements Descriptors {
    private final int limit;
    volatile int open = 100;

    FakeDescriptors(int limit) {
      this.limit = limit;
    }

    @Override
    public int limit() {
      return limit;
    }

    @Override
    public int open() {
      return open;
    }
  }
}
