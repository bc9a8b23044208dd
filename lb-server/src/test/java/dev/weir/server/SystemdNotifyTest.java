package dev.weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SystemdNotifyTest {
  @Test
  void tellsTheSocketWhatIsGoingOn() throws Exception {
    // Not @TempDir: a socket's path may have 108 characters only.
    Path folder = Files.createTempDirectory("weir");
    Path socket = folder.resolve("notify");
    assertThat(received(socket.toString(), new DomainSocketAddress(socket.toFile())))
        .isEqualTo(SystemdNotify.READY);
    Files.deleteIfExists(socket);
    Files.delete(folder);
  }

  @Test
  void knowsAbstractSockets() throws Exception {
    String name = "weir-test-" + ProcessHandle.current().pid();
    assertThat(received("@" + name, new DomainSocketAddress("\0" + name)))
        .isEqualTo(SystemdNotify.READY);
  }

  @Test
  void doesNothingWhereNobodyListens() {
    assertThatCode(() -> new SystemdNotify(null).send(SystemdNotify.READY))
        .doesNotThrowAnyException();
    assertThatCode(() -> new SystemdNotify("/nonexistent/socket").send(SystemdNotify.READY))
        .doesNotThrowAnyException();
  }

  private static String received(String notifySocket, DomainSocketAddress bind) throws Exception {
    BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try {
      Channel systemd =
          new Bootstrap()
              .group(group)
              .channel(EpollDomainDatagramChannel.class)
              .handler(new Collector(messages))
              .bind(bind)
              .sync()
              .channel();
      new SystemdNotify(notifySocket).send(SystemdNotify.READY);
      String message = messages.poll(10, TimeUnit.SECONDS);
      systemd.close().sync();
      return message;
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  private static final class Collector extends SimpleChannelInboundHandler<DomainDatagramPacket> {
    private final BlockingQueue<String> messages;

    Collector(BlockingQueue<String> messages) {
      this.messages = messages;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DomainDatagramPacket packet) {
      messages.add(packet.content().toString(StandardCharsets.UTF_8));
    }
  }
}
