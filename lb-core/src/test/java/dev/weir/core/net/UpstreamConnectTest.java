package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.backend.Outcome;
import dev.weir.core.config.PoolConfig;
import dev.weir.core.control.Ticker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UpstreamConnectTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SILENCE = Duration.ofSeconds(40);

  static List<Transport> transports() {
    return Transport.available();
  }

  private static ChannelFuture connect(Loops loops, SocketAddress to, Duration timeout)
      throws Exception {
    return connect(loops, UpstreamPath.to(to), timeout);
  }

  private static ChannelFuture connect(Loops loops, UpstreamPath to, Duration timeout)
      throws Exception {
    LoopContext loop = loops.get(0);
    return loop.loop()
        .submit(
            () ->
                UpstreamConnect.start(
                    loop,
                    loops.transport(),
                    to,
                    timeout,
                    SILENCE,
                    new ChannelInboundHandlerAdapter()))
        .get(10, TimeUnit.SECONDS)
        .awaitUninterruptibly();
  }

  private static Loops loops(Transport transport) {
    return new Loops(transport, 1, Ticker.system(), new SplittableRandom(1));
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anEstablishedConnectionIsSetUpForRelaying(Transport transport) throws Exception {
    try (Loops loops = loops(transport);
        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      ChannelFuture done = connect(loops, (InetSocketAddress) server.getLocalSocketAddress(), LONG);

      assertThat(done.isSuccess()).isTrue();
      SocketChannel channel = (SocketChannel) done.channel();
      assertThat(channel.config().isTcpNoDelay()).isTrue();
      assertThat(channel.config().isKeepAlive()).isTrue();
      assertThat(channel.config().isAllowHalfClosure()).isTrue();
      if (transport == Transport.EPOLL) {
        assertThat(channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT))
            .isEqualTo(40_000);
      } else if (transport == Transport.IO_URING) {
        assertThat(channel.config().getOption(IoUringChannelOption.TCP_USER_TIMEOUT))
            .isEqualTo(40_000);
      }
      assertThat(armed(loops)).isZero();
      channel.close().awaitUninterruptibly();
    }
  }

  @ParameterizedTest
  @CsvSource({"PT1S, 5000", "PT1M, 60000", "PT24H, 600000"})
  void howLongABackendMayLeaveBytesUnreadHasBounds(Duration silence, int millis) {
    if (Transport.available().contains(Transport.EPOLL)) {
      Channel channel =
          Transport.EPOLL.socket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
      UpstreamConnect.silence(channel, Transport.EPOLL, silence);
      assertThat(channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT)).isEqualTo(millis);
      channel.unsafe().closeForcibly();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aClosedPortIsRefused(Transport transport) throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0)) {
      port = gone.getLocalPort();
    }
    try (Loops loops = loops(transport)) {
      ChannelFuture done =
          connect(loops, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LONG);

      assertThat(UpstreamConnect.outcomeOf(done.cause())).isEqualTo(Outcome.REFUSED);
      assertThat(UpstreamConnect.reasonOf(done.cause())).isEqualTo("connection refused");
      assertThat(done.channel().closeFuture().await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(armed(loops)).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void silenceEndsWithTheTimeout(Transport transport) throws Exception {
    List<Socket> filling = new ArrayList<>();
    try (Loops loops = loops(transport);
        ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress to = (InetSocketAddress) full.getLocalSocketAddress();
      fill(to, filling);

      ChannelFuture done = connect(loops, to, Duration.ofMillis(100));

      assertThat(UpstreamConnect.outcomeOf(done.cause())).isEqualTo(Outcome.UNREACHABLE);
      assertThat(UpstreamConnect.reasonOf(done.cause())).isEqualTo("no answer within 100 ms");
      assertThat(done.channel().closeFuture().await(5, TimeUnit.SECONDS)).isTrue();
    } finally {
      for (Socket socket : filling) {
        socket.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void closingTheChannelGivesUp(Transport transport) throws Exception {
    List<Socket> filling = new ArrayList<>();
    try (Loops loops = loops(transport);
        ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress to = (InetSocketAddress) full.getLocalSocketAddress();
      fill(to, filling);
      LoopContext loop = loops.get(0);
      ChannelFuture pending =
          loop.loop()
              .submit(
                  () ->
                      UpstreamConnect.start(
                          loop, transport, to, LONG, SILENCE, new ChannelInboundHandlerAdapter()))
              .get(10, TimeUnit.SECONDS);

      Channel channel = pending.channel();
      channel.close();

      assertThat(pending.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(pending.isSuccess()).isFalse();
      assertThat(armed(loops)).isZero();
    } finally {
      for (Socket socket : filling) {
        socket.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anUnresolvedAddressIsUnreachable(Transport transport) throws Exception {
    try (Loops loops = loops(transport)) {
      ChannelFuture done =
          connect(loops, InetSocketAddress.createUnresolved("nowhere.invalid", 80), LONG);

      assertThat(UpstreamConnect.outcomeOf(done.cause())).isEqualTo(Outcome.UNREACHABLE);
      assertThat(UpstreamConnect.reasonOf(done.cause())).isEqualTo("the host name is not resolved");
    }
  }

  @Test
  void aUnixSocketSaysAtOnceWhyNot(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(Transport.available().contains(Transport.EPOLL), "needs epoll");
    UnixDomainSocketAddress to = UnixDomainSocketAddress.of(folder.resolve("s"));
    List<java.nio.channels.SocketChannel> filling = new ArrayList<>();
    try (Loops loops = loops(Transport.EPOLL);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      ChannelFuture none = connect(loops, to, LONG);
      assertThat(UpstreamConnect.outcomeOf(none.cause())).isEqualTo(Outcome.REFUSED);
      assertThat(UpstreamConnect.reasonOf(none.cause())).isEqualTo("connection refused");

      server.bind(to, 1);
      ChannelFuture full = connect(loops, to, LONG);
      while (full.isSuccess()) {
        filling.add(java.nio.channels.SocketChannel.open(StandardProtocolFamily.UNIX));
        filling.get(filling.size() - 1).configureBlocking(false);
        try {
          filling.get(filling.size() - 1).connect(to);
        } catch (IOException already) {
          // Full, which the next attempt is to find.
        }
        full.channel().close();
        full = connect(loops, to, LONG);
      }
      assertThat(UpstreamConnect.outcomeOf(full.cause())).isEqualTo(Outcome.UNREACHABLE);
      assertThat(UpstreamConnect.reasonOf(full.cause()))
          .isEqualTo("unreachable: the queue of the socket is full");

      server.close();
      ChannelFuture stale = connect(loops, to, LONG);
      assertThat(UpstreamConnect.outcomeOf(stale.cause())).isEqualTo(Outcome.REFUSED);
    } finally {
      for (java.nio.channels.SocketChannel socket : filling) {
        socket.close();
      }
    }
  }

  @Test
  void aSourceAddressLeavesThePortToTheConnect() throws Exception {
    Assumptions.assumeTrue(Transport.available().contains(Transport.EPOLL), "needs epoll");
    PoolConfig pool = new PoolConfig(null, null, null, null, null, null).withSource("127.0.0.9");
    try (Loops loops = loops(Transport.EPOLL);
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      SocketAddress to = server.getLocalSocketAddress();
      ChannelFuture done = connect(loops, UpstreamPath.of(pool, to, null), LONG);
      InetSocketAddress from = (InetSocketAddress) done.channel().localAddress();
      assertThat(from.getAddress().getHostAddress()).isEqualTo("127.0.0.9");
      // Otherwise each address had no more than 28,000 ports for all backends together.
      assertThat(done.channel().config().getOption(SocketOptions.BIND_ADDRESS_NO_PORT)).isOne();
      done.channel().close();

      ChannelFuture failed =
          connect(loops, UpstreamPath.of(pool.withSource("192.0.2.9"), to, null), LONG);
      assertThat(UpstreamConnect.outcomeOf(failed.cause())).isEqualTo(Outcome.LOCAL);
      assertThat(UpstreamConnect.reasonOf(failed.cause()))
          .isEqualTo("its source address cannot be used: Cannot assign requested address");
    }
  }

  @Test
  void shortagesOfOurOwnAreNotTheBackendsFault() {
    Throwable files =
        new ChannelException(
            new IOException("newSocketStream(..) failed with error(-24): Too many open files"));
    Throwable ports =
        new ConnectException("connect(..) failed with error(-99): Cannot assign requested address");

    assertThat(UpstreamConnect.outcomeOf(files)).isEqualTo(Outcome.LOCAL);
    assertThat(UpstreamConnect.reasonOf(files))
        .isEqualTo("not tried for a shortage here: Too many open files");
    assertThat(UpstreamConnect.outcomeOf(ports)).isEqualTo(Outcome.LOCAL);
    assertThat(UpstreamConnect.outcomeOf(new ClosedChannelException())).isEqualTo(Outcome.LOCAL);
    assertThat(UpstreamConnect.outcomeOf(new NoRouteToHostException()))
        .isEqualTo(Outcome.UNREACHABLE);
    assertThat(
            UpstreamConnect.reasonOf(
                new ConnectException("connect(..) failed with error(-110): Connection timed out")))
        .isEqualTo("unreachable: Connection timed out");
  }

  /** Connects until the accept queue is full, so that the next attempt gets no answer. */
  static void fill(InetSocketAddress to, List<Socket> filling) throws IOException {
    for (int i = 0; i < 8; i++) {
      Socket socket = new Socket();
      filling.add(socket);
      try {
        socket.connect(to, 200);
      } catch (IOException full) {
        return;
      }
    }
  }

  private static int armed(Loops loops) throws Exception {
    LoopContext loop = loops.get(0);
    return loop.loop().submit(() -> loop.wheel().armed()).get(5, TimeUnit.SECONDS);
  }
}
