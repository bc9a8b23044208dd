package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.core.config.HostPort;
import dev.weir.core.control.Ticker;
import dev.weir.core.observe.Cause;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How many connections a listener takes, with two event loops that share the counts. */
final class ConnectionLimitsTest {
  private final Queue<Cause> refusals = new ConcurrentLinkedQueue<>();
  private final List<Socket> sockets = new ArrayList<>();
  private Loops loops;
  private Listener listener;

  static List<Transport> transports() {
    return Transport.available();
  }

  private void listen(Transport transport, ConnectionLimits limits) throws IOException {
    loops = new Loops(transport, 2, Ticker.system(), new SplittableRandom(1));
    listener = Listener.open("front", new HostPort("127.0.0.1", 0), loops, new Handler(limits));
  }

  @AfterEach
  void close() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    listener.close().get(5, TimeUnit.SECONDS);
    listener.abort();
    loops.close();
  }

  /** Takes connections and says a byte. */
  private final class Handler implements ConnectionHandler {
    private final ConnectionLimits limits;

    Handler(ConnectionLimits limits) {
      this.limits = limits;
    }

    @Override
    public void accept(Channel child, LoopContext loop, Listener from) {
      child.pipeline().addLast(new Greeting());
    }

    @Override
    public ConnectionLimits limits() {
      return limits;
    }

    @Override
    public void refused(LoopContext loop, Cause why) {
      assertThat(loop.loop().inEventLoop()).isTrue();
      refusals.add(why);
    }
  }

  private static final class Greeting extends ClientConnection {
    private ChannelHandlerContext ctx;

    @Override
    public void channelActive(ChannelHandlerContext active) {
      ctx = active;
      ctx.writeAndFlush(ctx.alloc().buffer(1).writeByte('!'));
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
    public void drain() {}

    @Override
    public void abort() {
      ctx.close();
    }
  }

  /** Whether a connection from this address is let in. */
  private boolean connect(String from) throws IOException {
    Socket socket = new Socket();
    sockets.add(socket);
    socket.setSoTimeout(10_000);
    socket.bind(new java.net.InetSocketAddress(InetAddress.getByName(from), 0));
    try {
      socket.connect(listener.address());
      return socket.getInputStream().read() == '!';
    } catch (IOException reset) {
      return false;
    }
  }

  private void disconnect(int index) throws IOException {
    int before = listener.openConnections();
    sockets.get(index).close();
    await().until(() -> listener.openConnections() == before - 1);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aClientHasAsManyConnectionsAsItMay(Transport transport) throws Exception {
    listen(transport, new ConnectionLimits(0, 2, 32, 64));
    assertThat(connect("127.0.0.1")).isTrue();
    assertThat(connect("127.0.0.1")).isTrue();
    assertThat(connect("127.0.0.1")).isFalse();
    assertThat(connect("127.0.0.2")).isTrue();
    assertThat(refusals).containsExactly(Cause.CLIENT_LIMIT);
    disconnect(0);
    assertThat(connect("127.0.0.1")).isTrue();
    assertThat(connect("127.0.0.1")).isFalse();
    assertThat(listener.openConnections()).isEqualTo(3);
    await().until(() -> loops.budget().connections() == 3);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aListenerHasAsManyConnectionsAsItMay(Transport transport) throws Exception {
    listen(transport, new ConnectionLimits(2, 0, 32, 64));
    assertThat(connect("127.0.0.1")).isTrue();
    assertThat(connect("127.0.0.2")).isTrue();
    assertThat(connect("127.0.0.3")).isFalse();
    assertThat(refusals).containsExactly(Cause.LISTENER_LIMIT);
    disconnect(1);
    assertThat(connect("127.0.0.3")).isTrue();
    assertThat(connect("127.0.0.3")).isFalse();
  }

  @Test
  void whoIsRefusedForItselfTakesNobodyElsesPlace() throws Exception {
    listen(Transport.NIO, new ConnectionLimits(3, 1, 32, 64));
    assertThat(connect("127.0.0.1")).isTrue();
    for (int i = 0; i < 5; i++) {
      assertThat(connect("127.0.0.1")).isFalse();
    }
    assertThat(connect("127.0.0.2")).isTrue();
    assertThat(connect("127.0.0.3")).isTrue();
    assertThat(connect("127.0.0.4")).isFalse();
  }

  @Test
  void aNetworkCanBeOneClient() throws Exception {
    listen(Transport.NIO, new ConnectionLimits(0, 1, 8, 64));
    assertThat(connect("127.0.0.1")).isTrue();
    assertThat(connect("127.9.9.9")).isFalse();
  }

  @Test
  void countsOutliveAChangeOfTheLimits() throws Exception {
    listen(Transport.NIO, new ConnectionLimits(10, 1, 32, 64));
    assertThat(connect("127.0.0.1")).isTrue();
    assertThat(connect("127.0.0.1")).isFalse();
    listener.handler(new Handler(new ConnectionLimits(10, 2, 32, 64)));
    assertThat(connect("127.0.0.1")).isTrue();
    assertThat(connect("127.0.0.1")).isFalse();
    listener.handler(new Handler(new ConnectionLimits(2, 0, 32, 64)));
    assertThat(connect("127.0.0.2")).isFalse();
    listener.handler(new Handler(ConnectionLimits.NONE));
    assertThat(connect("127.0.0.1")).isTrue();
    assertThat(refusals)
        .containsExactly(Cause.CLIENT_LIMIT, Cause.CLIENT_LIMIT, Cause.LISTENER_LIMIT);
  }
}
