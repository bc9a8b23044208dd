package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.core.control.Ticker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether something has come on a connection of which its event loop has not heard yet. */
final class QuietTest {
  static List<Transport> transports() {
    return Transport.available();
  }

  /** What the backend does meanwhile. */
  private interface Act {
    void on(Socket socket) throws Exception;
  }

  private static boolean quietAfter(Transport transport, boolean ask, Act act) throws Exception {
    try (Loops loops = new Loops(transport, 1, Ticker.system(), new SplittableRandom(1));
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LoopContext loop = loops.get(0);
      InetSocketAddress to = (InetSocketAddress) server.getLocalSocketAddress();
      Channel channel =
          loop.loop()
              .submit(
                  () ->
                      UpstreamConnect.start(
                          loop,
                          transport,
                          to,
                          Duration.ofSeconds(5),
                          Duration.ofSeconds(5),
                          new Ignoring()))
              .get()
              .sync()
              .channel();
      try (Socket backend = server.accept()) {
        // Whatever registers or reads first has had its turn.
        loop.loop().submit(() -> {}).get();
        return loop.loop()
            .submit(
                () -> {
                  act.on(backend);
                  return transport.quiet(channel, ask);
                })
            .get();
      } finally {
        channel.close().sync();
      }
    }
  }

  private static final class Ignoring extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      io.netty.util.ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void nothingHasCome(Transport transport) throws Exception {
    assertThat(quietAfter(transport, true, backend -> {})).isTrue();
    assertThat(quietAfter(transport, false, backend -> {})).isTrue();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void bytesHaveCome(Transport transport) throws Exception {
    assumeThat(transport).isNotEqualTo(Transport.IO_URING);
    assertThat(quietAfter(transport, true, backend -> backend.getOutputStream().write(1)))
        .isFalse();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theEndHasCome(Transport transport) throws Exception {
    assertThat(quietAfter(transport, true, Socket::shutdownOutput)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aResetHasCome(Transport transport) throws Exception {
    Act reset =
        backend -> {
          backend.setSoLinger(true, 0);
          backend.close();
        };
    assertThat(quietAfter(transport, true, reset)).isFalse();
  }
}
