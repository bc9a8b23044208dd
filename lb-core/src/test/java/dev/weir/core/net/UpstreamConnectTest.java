package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.backend.Outcome;
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
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UpstreamConnectTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SILENCE = Duration.ofSeconds(40);

  static List<Transport> transports() {
    return Transport.available();
  }

  private static ChannelFuture connect(Loops loops, InetSocketAddress to, Duration timeout)
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
      Channel channel = Transport.EPOLL.socket(InetAddress.getLoopbackAddress());
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
